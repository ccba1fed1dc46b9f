"""P13 and P14: what it takes to do nothing."""

import select
import time
from contextlib import ExitStack

from ..terminal import Cpu, Terminal


def drain(terminals, seconds):
    """Reads from all of them for so long."""
    by_line = {t.fd: t for t in terminals.values()}
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for fd in select.select(list(by_line), [], [], left)[0]:
            by_line[fd].read(0)


def used(bench, commands):
    """Processor time of these programs, ms a second, round by round. All of
    them run at once, so that what disturbs one disturbs all."""
    seconds = 8 if bench.quick else 20
    terminals = {name: Terminal(command) for name, command in commands.items()}
    meters = {name: Cpu(terminal.pid) for name, terminal in terminals.items()}
    drain(terminals, 12)  # threads of the start have ended by then
    taken = {name: [] for name in terminals}
    for _ in range(bench.rounds):
        before = {name: meter.used() for name, meter in meters.items()}
        drain(terminals, seconds)
        for name, meter in meters.items():
            taken[name].append((meter.used() - before[name]) / seconds * 1000)
    for terminal in terminals.values():
        terminal.end()
    return taken


def p13(bench):
    with bench.floor(poll="10m", callers=1_000) as (_, command):
        commands = {"ours": command, "empty": [bench.paths["peer-empty"]],
                    "stock table": [bench.paths["peer-table"], "1000"],
                    "sixty": bench.wanting("redraws", 1_000)}
        if bench.tools["htop"]:
            commands["htop"] = ["htop"]
        taken = used(bench, commands)
    add, control = bench.table.add, bench.table.control
    if "htop" in taken:
        add("P13", "idle CPU, 1,000 callers, / htop", taken["ours"], taken["htop"], "ms/s", 0.5)
        control("P13", "a list drawn 60 times a second / htop", taken["sixty"], taken["htop"],
                "ms/s", 0.5)
    else:
        bench.table.cannot("P13", "idle CPU / htop", "htop is missing")
    add("P13", "the same / an empty ratatui app", taken["ours"], taken["empty"], "ms/s", None, 0.5)
    add("P13", "the same / a stock ratatui table", taken["ours"], taken["stock table"], "ms/s")


def p14(bench):
    """Eight queues are asked, every two seconds each; the same callers."""
    lists = {"callers": 125, "queues": 8}
    floors = {"idle": {"poll": "10m"}, "asking": {"poll": "2s"},
              "stirred": {"poll": "2s", "stirred": True}}
    with ExitStack() as stack:
        commands = {
            name: stack.enter_context(bench.floor(**lists, **floor))[1]
            for name, floor in floors.items()
        }
        taken = used(bench, commands)
    bench.table.add("P14", "8 queues asked every 2 s, nothing new / not asking", taken["asking"],
                    taken["idle"], "ms/s", 2, 1.2)
    bench.table.control("P14", "answers that must be parsed each time, and say nothing new",
                        taken["stirred"], taken["idle"], "ms/s", 2)
