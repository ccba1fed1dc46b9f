"""P15: a line of ten kilobytes a second, and a thousand events a second."""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .. import calls, hooks
from ..slow import slow_line
from ..terminal import Terminal

EVENTS = 1_000  # a second


def p15(bench):
    seconds = 16 if bench.quick else 60
    for columns, rows in ((120, 36), (200, 50)):
        with floor(bench) as (command, address):
            terminal = Terminal(command, columns, rows)
            hooks.wait_for(f"http://{address}/healthz")
            running = pushing(address, seconds + 6)
            seen = slow_line(terminal, columns, rows, seconds, bench.rounds)
            rate = json.loads(running.communicate()[0])["rate"]
        frame = whole_frame(bench, columns, rows)
        add = bench.table.add
        name = f"10 KB/s, {columns}x{rows}, {rate:.0f} webhooks/s"
        add("P15", f"{name}: age of the clock, p99", seen.ages_by_round(0.99), None, "s", 1.0,
            2 * frame)
        add("P15", "the same, median", seen.ages_by_round(0.5), None, "s")
        add("P15", "key to its frame, whole, p99", seen.keys_by_round(0.99), None, "s")
        add("P15", "bytes a second that were read", [seen.bytes_a_second], None, "B")
        add("P15", "bytes of a frame", seen.frames, None, "B")
        # What is remembered of calls has filled up by then.
        add("P15", "memory at the end / at half", *seen.grown(), "MB", 1.05)
        add("P15", "leaving", [seen.leaving], None, "s", 2.0)
    terminal = Terminal(bench.wanting("queues"))
    seen = slow_line(terminal, 120, 36, 12, 1)
    bench.table.control("P15", "an app whose frames wait in a queue, age of its clock",
                        seen.ages_by_round(0.99), None, "s", 1.0)
    bench.table.control("P15", "the same, memory at the end / at half", *seen.grown(), "MB", 1.05)
    bench.table.note(
        "P15: the age of a second is counted from its beginning to the end of the first frame "
        "whose clock shows it. The goal is what two whole frames take on that line."
    )


@contextmanager
def floor(bench):
    """A site that pushes, and the command of a console."""
    with tempfile.TemporaryDirectory() as folder:
        port = hooks.free_port()
        config = Path(folder) / "config.toml"
        text = f'[console]\ntime_zone = "UTC"\n[journal]\npath = "{folder}/journal"\n'
        config.write_text(text + hooks.settings(port))
        config.chmod(0o600)
        yield [bench.paths["holdline"], "--config", str(config)], f"127.0.0.1:{port}"


def pushing(address, seconds):
    command = [sys.executable, calls.__file__, hooks.url(address), str(EVENTS), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def whole_frame(bench, columns, rows):
    """What a whole screen of this size takes on the line, in seconds."""
    told = bench.told("frames", "bytes")
    firsts = [t["ours"] for t in told if t["what"] == "first" and
              t["screen"].startswith(f"{columns}x{rows}")]
    return firsts[0] / 10_000
