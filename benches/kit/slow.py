"""A line of ten kilobytes a second: how old is what is on its screen?"""

import re
import time

from .terminal import END_OF_FRAME, Emulator, Terminal, memory

RATE = 10_000  # bytes a second
STEP = 0.02  # seconds between two readings
CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d) *$")
SELECTED = re.compile(rb"\x1b\[[0-9;]*(?<![0-9])46(?![0-9])[0-9;]*m")


class Seen:
    """What was seen at the far end."""

    def __init__(self):
        self.ages = []
        self.keys = []
        self.memory = []
        self.bytes_a_second = self.rate = self.leaving = 0

    def age(self, share):
        return ranked(self.ages, share)

    def key(self, share):
        return ranked(self.keys, share)


def ranked(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def slow_line(command, columns, rows, seconds, vendors):
    seen = Seen()
    terminal = Terminal(command, columns, rows)
    emulator = Emulator(columns, rows)
    # The first screens are the start's, not the line's.
    emulator.feed(terminal.read_for(3))
    began = time.monotonic()
    before, changes = terminal.bytes_read, vendors.changes
    shown = clock(emulator)
    pending, pressed, looked = b"", None, began
    due = began
    while (now := time.monotonic()) < began + seconds:
        time.sleep(max(due - now, 0))
        due += STEP
        pending += terminal.read(0, most=int(RATE * STEP))
        while END_OF_FRAME in pending:
            frame, _, pending = pending.partition(END_OF_FRAME)
            emulator.feed(frame)
            shown = note_seconds(seen, shown, clock(emulator))
            if pressed and SELECTED.search(frame):
                seen.keys.append(time.monotonic() - pressed)
                pressed = None
        if pressed is None and now - began > 2 * len(seen.keys) + 1:
            pressed = time.monotonic()
            terminal.press(b"j" if len(seen.keys) % 8 < 4 else b"k")
        if now - looked > 10 or (now - looked > 5 and not seen.memory):
            looked = now
            seen.memory.append(memory(terminal.pid)[1])
    took = time.monotonic() - began
    seen.memory.append(memory(terminal.pid)[1])
    seen.bytes_a_second = (terminal.bytes_read - before) / took
    seen.rate = (vendors.changes - changes) / took
    seen.leaving = terminal.end()
    return seen


def clock(emulator):
    """The second that the clock on screen shows, of today; UTC."""
    found = CLOCK.search("".join(emulator.lines[0]))
    if not found:
        return None
    hours, minutes, seconds = (int(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def note_seconds(seen, before, shown):
    """Each second that is shown now, or was skipped, has come to be seen."""
    if shown is None or before is None or shown <= before:
        return shown if shown is not None else before
    now = time.time() % 86_400
    for second in range(before + 1, shown + 1):
        seen.ages.append(now - second)
    return shown
