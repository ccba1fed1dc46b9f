"""P10 to P12: what a frame costs, in this process and on its way out."""

import re
import subprocess
import tempfile

from ..terminal import END_OF_FRAME, Terminal

FRAMES = 400  # in one measurement
WIDE = "120x36, 100,000 rows"
WIDER = "200x50, 40 rows"


def p10(bench):
    told = bench.told("frames", "time", bench.rounds)

    def figures(what, rows):
        return [t["value"] for t in told if t["what"] == what and t["rows"] == rows]

    listed = [figures("rows shown", rows)[0] for rows in (100, 100_000)]
    bench.table.note(
        f"P10: of 100 and of 100,000 rows, {listed[0]:,.0f} and {listed[1]:,.0f} are listed "
        "after a search and in another order (`/holm`, `s`); the peer is the frame with 100."
    )
    add = bench.table.add
    many, few = ([f / FRAMES for f in figures("frame", rows)] for rows in (100_000, 100))
    add("P10", "frame after a key, 100,000 rows / 100", many, few, "µs", 1.10, 1.02)
    if bench.tools["valgrind"]:
        many, few = (instructions(bench, rows) for rows in (100_000, 100))
        add("P10", "the same, instructions", [many], [few], "", 1.10, 1.02)
    else:
        bench.table.cannot("P10", "the same, instructions", "valgrind is missing")
    for what in ("key", "tick", "one entry", "100 entries", "feeds"):
        add("P10", f"update: {what}, 100,000 rows / 100", figures(what, 100_000),
            figures(what, 100), "µs")
    all_rows = [figures("frame of all rows", rows) for rows in (100_000, 100)]
    bench.table.control("P10", "a pane that hands all its rows to ratatui", *all_rows, "µs", 1.10)


def instructions(bench, rows):
    """Instructions of one frame."""
    frames = 50
    with tempfile.NamedTemporaryFile() as out:
        command = [
            "valgrind", "--tool=callgrind", "--toggle-collect=*drawn_frames*",
            f"--callgrind-out-file={out.name}", bench.paths["frames"],
            "instructions", str(rows), str(frames),
        ]
        ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(re.search(r"Collected : (\d+)", ran.stderr)[1]) / frames


def p11(bench):
    told = bench.told("frames", "bytes")

    def figures(what, screen, who):
        return [t[who] for t in told if t["what"] == what and t["screen"] == screen]

    def add(what, screen, must=None, goal=None):
        ours, stock = (figures(what, screen, who) for who in ("ours", "stock"))
        bench.table.add("P11", f"bytes: {what}, {screen}", ours, stock, "B", must, goal)

    add("cursor", WIDE, 1.0, 0.5)
    ours, stock = (figures("nothing", WIDE, who) for who in ("ours", "stock"))
    bench.table.add("P11", f"bytes: nothing changed, {WIDE}", ours, None, "B", 0, 0)
    for what in ("first", "tick", "storm"):
        add(what, WIDE, 1.0, 0.5)
    for what in ("first", "cursor", "tick", "storm"):
        add(what, WIDER, 1.0, 0.5)
    control = bench.table.control
    control("P11", "stock ratatui when nothing changed", stock, None, "B", 0)
    anew, stock = (figures("anew", WIDE, who) for who in ("ours", "stock"))
    control("P11", "a cursor that moves on a screen drawn anew", anew, stock, "B", 1.0)


def p12(bench):
    drawn = [t for t in bench.told("frames", "bytes") if t["what"] != "nothing"]
    bench.table.add("P12", "write calls per frame, in process", [t["writes"] for t in drawn],
                    None, "", 1, 1)
    unbuffered = [t["unbuffered"] for t in drawn]
    bench.table.control("P12", "a backend without a buffer, in process", unbuffered, None, "", 1)
    if not bench.tools["strace"]:
        return bench.table.cannot("P12", "the same, of the program", "strace is missing")
    with bench.floor(callers=1_000) as (_, command):
        frames, calls = traced(command)
    bench.table.add("P12", f"the same, of the program: {frames} frames", [calls / frames],
                    None, "", 1, 1)
    frames, calls = traced(bench.wanting("unbuffered"))
    bench.table.control("P12", "a program without a buffer", [calls / frames], None, "", 1)


def traced(command):
    """How many frames a program draws, and by how many write calls."""
    with tempfile.NamedTemporaryFile() as log:
        strace = ["strace", "-f", "-qq", "-e", "trace=write,writev,pwrite64", "-y", "-o", log.name]
        terminal = Terminal([*strace, *command])
        got = terminal.read_for(4)
        for _ in range(10):
            terminal.press(b"j")
            got += terminal.read_for(0.2)
        # What gives the terminal back is no frame, but ends one.
        got += terminal.leave()
        to_terminal = re.compile(r"write\w*\((?![02]<)\d+</dev/pts/")  # no warnings on stderr
        calls = [l for l in open(log.name, errors="replace") if to_terminal.search(l)]
    return got.count(END_OF_FRAME), len(calls)
