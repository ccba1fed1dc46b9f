/* How glibc keeps memory. It makes a heap for each thread, and none gives back
   what it took for a large list or a board that was saved, so that the most
   each ever took adds up: one heap serves all. Each thread keeps some of what
   it frees to itself all the same, and nobody waits. And what is large stays
   apart from the heap, and goes back when it is freed, however often that
   happens. */

#include <malloc.h>

enum { LARGE = 128 * 1024 };

__attribute__((constructor)) static void keep_little(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, LARGE);
}
