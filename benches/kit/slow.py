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

    def __init__(self, began, seconds, rounds):
        self.began, self.seconds, self.rounds = began, seconds, rounds
        # When each was seen, and how long it took.
        self.ages = []
        self.keys = []
        self.memory = []
        self.frames = []
        self.bytes_a_second = self.leaving = 0

    def ages_by_round(self, share):
        return self.by_round(self.ages, share)

    def keys_by_round(self, share):
        return self.by_round(self.keys, share)

    def grown(self):
        """Memory at the end, and at half."""
        return [self.memory[-1]], [self.memory[len(self.memory) // 2]]

    def by_round(self, seen, share):
        rounds = [[] for _ in range(self.rounds)]
        for when, value in seen:
            at = int((when - self.began) / self.seconds * self.rounds)
            rounds[min(at, self.rounds - 1)].append(value)
        return [ranked(values, share) for values in rounds if values] or [float("inf")]


def ranked(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def slow_line(terminal, columns, rows, seconds, rounds):
    """Reads from a terminal as slowly as the line is, presses keys, and
    leaves."""
    emulator = Emulator(columns, rows)
    # The first screens are the start's, not the line's.
    emulator.feed(terminal.read_for(5))
    began = time.monotonic()
    seen = Seen(began, seconds, rounds)
    before = terminal.bytes_read
    shown = clock(emulator)
    pending, pressed, looked = b"", None, began
    due = began
    while (now := time.monotonic()) < began + seconds:
        time.sleep(max(due - now, 0))
        due += STEP
        pending += terminal.read(0, most=int(RATE * STEP))
        while END_OF_FRAME in pending:
            frame, _, pending = pending.partition(END_OF_FRAME)
            seen.frames.append(len(frame) + len(END_OF_FRAME))
            emulator.feed(frame)
            shown = note_seconds(seen, shown, clock(emulator))
            if pressed and SELECTED.search(frame):
                seen.keys.append((time.monotonic(), time.monotonic() - pressed))
                pressed = None
        if pressed is None and now - began > 2 * len(seen.keys) + 1:
            pressed = time.monotonic()
            terminal.press(b"j" if len(seen.keys) % 8 < 4 else b"k")
        if now - looked > seconds / 10:
            looked = now
            seen.memory.append(memory(terminal.pid)[1])
    took = time.monotonic() - began
    seen.memory.append(memory(terminal.pid)[1])
    seen.bytes_a_second = (terminal.bytes_read - before) / took
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
        seen.ages.append((time.monotonic(), now - second))
    return shown
