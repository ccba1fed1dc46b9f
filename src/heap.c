/* One heap for all threads. glibc makes one for each, and none gives back what
   it took for a large list or a board that was saved, so that the most each
   ever took adds up. Each thread keeps some of what it frees to itself all the
   same: nobody waits for the heap. */

#include <malloc.h>

__attribute__((constructor)) static void one_heap(void)
{
    mallopt(M_ARENA_MAX, 1);
}
