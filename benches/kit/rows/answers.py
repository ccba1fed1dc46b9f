"""P19 and P20: an answer that says nothing new, and what a caller weighs."""

import os
import re
import subprocess
import tempfile

CALLERS = 1_000


def p19(bench):
    """An answer that is the last one's bytes, one by which a caller came and
    another went, and the same answer that must be parsed: what each takes all
    the way from the line to the journal, the start taken off."""
    lists = {"same": {}, "changed": {"changing": 1}, "stirred": {"stirred": True}}
    times = (40, 240) if bench.quick else (40, 640)
    cpu = {name: [] for name in lists}
    for _ in range(bench.rounds):
        for name, more in lists.items():
            cpu[name].append(difference(bench, more, times, cpu_seconds) * 1e6)
    what = f"an unchanged answer of {CALLERS:,} callers / one that brings one of them"
    bench.table.add("P19", f"{what}, CPU with the line", cpu["same"], cpu["changed"], "µs")
    if not bench.tools["valgrind"]:
        return bench.table.cannot("P19", f"{what}, instructions", "valgrind is missing")
    count = {name: [difference(bench, more, (2, 12), instructions)] for name, more in lists.items()}
    bench.table.add("P19", f"{what}, instructions", count["same"], count["changed"], "", 0.05, 0.02)
    bench.table.control("P19", "a poller that parses what has not changed", count["stirred"],
                        count["changed"], "", 0.05)


def difference(bench, more, times, measured):
    """What one more answer takes."""
    few, many = (with_answers(bench, more, n, measured) for n in times)
    return (many - few) / (times[1] - times[0])


def with_answers(bench, more, times, measured):
    with bench.floor(callers=CALLERS, **more) as (vendors, command):
        return measured([bench.paths["answers"], "ask", command[-1], str(times)])


def cpu_seconds(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ValueError(f"{command[0]} failed")
    return used.ru_utime + used.ru_stime


def instructions(command):
    with tempfile.NamedTemporaryFile() as out:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}"]
        ran = subprocess.run([*valgrind, *command], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", ran.stderr)[1])


def p20(bench):
    """Each size in a process of its own."""
    rows = 20_000 if bench.quick else 100_000
    for name in ("board", "values"):
        told = [t for _ in range(bench.rounds) for t in bench.told("answers", "keep", rows, name)]
        held = [t["resident"] / t["callers"] for t in told]
        sent = [t["json"] / t["callers"] for t in told]
        if name == "board":
            bench.table.add("P20", f"resident bytes of a caller on board and pane, of {rows:,}, "
                            "/ its JSON", held, sent, "B", 1.2, 0.6)
        else:
            bench.table.control("P20", "rows kept as trees of JSON values", held, sent, "B", 1.2)
