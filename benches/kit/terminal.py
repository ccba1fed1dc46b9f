"""A pseudo-terminal with a program in it, read at will: fast, slowly, not at
all. It answers no query. And an emulator that knows what ratatui and Holdline
write, no more."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import tempfile
import termios
import time

END_OF_FRAME = b"\x1b[?2026l"


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command, columns=120, rows=36, env=None):
        # Nobody's settings count, and how a program was left is not kept.
        self.home = tempfile.TemporaryDirectory()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.home.name,
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            **(env or {}),
        }
        self.began = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(1, termios.TIOCSWINSZ, size)
            os.execvpe(command[0], command, environment)
        self.bytes_read = 0
        self.last = b""

    def read(self, patience, most=65_536):
        """What came within so many seconds; nothing where nothing did."""
        ready, _, _ = select.select([self.fd], [], [], max(patience, 0))
        if not ready:
            return b""
        try:
            got = os.read(self.fd, most)
        except OSError:  # nobody holds the other end any more
            got = b""
        self.bytes_read += len(got)
        return got

    def read_for(self, seconds):
        """Everything that comes in that time."""
        until = time.monotonic() + seconds
        got = []
        while (left := until - time.monotonic()) > 0:
            got.append(self.read(left))
        return b"".join(got)

    def quiet(self, silence, most=5.0):
        """Reads until it was quiet for so long; the bytes, and when the last
        of them came."""
        until = time.monotonic() + most
        got, last = [], None
        while time.monotonic() < until:
            some = self.read(silence)
            if not some:
                break
            got.append(some)
            last = time.monotonic()
        return b"".join(got), last

    def until(self, what, patience=20.0):
        """Reads until these bytes came; answers all, and when. Fails where
        they do not come."""
        got = b""
        until = time.monotonic() + patience
        while what not in got:
            if time.monotonic() > until:
                raise TimeoutError(f"no {what!r} within {patience} s")
            got += self.read(0.1)
        return got, time.monotonic()

    def press(self, keys):
        os.write(self.fd, keys)

    def leave(self):
        """Leaves by `q`; answers what was written on the way out."""
        self.last = b""
        self.end()
        return self.last

    def end(self, keys=b"q"):
        """Leaves; answers how many seconds that took."""
        began = time.monotonic()
        try:
            if keys:
                self.press(keys)
            while time.monotonic() - began < 3:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    break
                self.last += self.read(0.005)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        except (ChildProcessError, OSError):
            pass
        took = time.monotonic() - began
        os.close(self.fd)
        self.home.cleanup()
        return took


class Cpu:
    """Seconds of processor a process has used, threads that ended included;
    in nanoseconds' steps where the kernel counts so."""

    def __init__(self, pid):
        self.pid = pid
        self.threads = {}

    def used(self):
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{thread}/schedstat") as stat:
                    self.threads[thread] = int(stat.read().split()[0]) / 1e9
        except OSError:  # one ended meanwhile, or this kernel counts ticks only
            pass
        if any(self.threads.values()):
            return sum(self.threads.values())
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """Megabytes that are the process's own share, and that it has resident."""
    sizes = {}
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        for line in rollup:
            name, _, rest = line.partition(":")
            if name in ("Pss", "Rss"):
                sizes[name] = int(rest.split()[0]) / 1024
    return sizes["Pss"], sizes["Rss"]


class Emulator:
    """What a terminal shows, as text."""

    SEQUENCE = re.compile(
        rb"\x1b\[([?>]?)([0-9;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07]*\x07"
    )

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.rest = b""

    def text(self):
        return "\n".join("".join(line) for line in self.lines)

    def feed(self, data):
        data = self.rest + data
        at = 0
        while at < len(data):
            byte = data[at]
            if byte == 0x1B:
                found = self.SEQUENCE.match(data, at)
                if not found:
                    if len(data) - at < 32:
                        break
                    at += 1
                    continue
                self.obey(*found.groups())
                at = found.end()
            elif byte < 0x20:
                self.control(byte)
                at += 1
            else:
                length = 1 if byte < 0xC0 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                if at + length > len(data):
                    break
                self.put(data[at : at + length].decode("utf-8", "replace"))
                at += length
        self.rest = data[at:]

    def put(self, sign):
        if self.x < self.columns and self.y < self.rows:
            self.lines[self.y][self.x] = sign
        self.x += 1

    def control(self, byte):
        if byte == 8:
            self.x = max(self.x - 1, 0)
        elif byte == 10:
            self.y = min(self.y + 1, self.rows - 1)
        elif byte == 13:
            self.x = 0

    def obey(self, mark, numbers, end):
        if mark or end is None:
            return
        numbers = [int(n or 0) for n in numbers.split(b";")]
        by = max(numbers[0], 1)
        row = self.lines[self.y]
        match end:
            case b"H" | b"f":
                self.y = min(by, self.rows) - 1
                self.x = max(numbers[1] if len(numbers) > 1 else 1, 1) - 1
            case b"A":
                self.y = max(self.y - by, 0)
            case b"B":
                self.y = min(self.y + by, self.rows - 1)
            case b"C":
                self.x = min(self.x + by, self.columns - 1)
            case b"D":
                self.x = max(self.x - by, 0)
            case b"K":
                row[self.x :] = [" "] * (self.columns - self.x)
            case b"X":
                row[self.x : self.x + by] = [" "] * min(by, self.columns - self.x)
            case b"J":
                self.lines = [[" "] * self.columns for _ in range(self.rows)]
