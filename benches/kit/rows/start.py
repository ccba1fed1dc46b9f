"""P26: from nothing to the first whole screen."""

import time

from ..terminal import END_OF_FRAME, Terminal


def p26(bench):
    took = {}
    with bench.floor(callers=1_000) as (vendors, command):
        # The last state: a console was here.
        terminal = Terminal(command)
        terminal.read_for(4)
        terminal.end()
        vendors.stop()
        for _ in range(bench.rounds * 2):
            took.setdefault("ours", []).append(first_frame(command, b"+45"))
            asks = first_frame(bench.wanting("asks"), b"+45")
            took.setdefault("asks", []).append(asks)
            took.setdefault("empty", []).append(first_burst([bench.paths["peer-empty"]]))
            if bench.tools["btop"]:
                took.setdefault("btop", []).append(first_burst(["btop"]))
    what = "first whole screen, 1,000 callers, vendors down, no query answered"
    if "btop" in took:
        bench.table.add("P26", f"{what}, / btop", took["ours"], took["btop"], "ms", 1.0)
        bench.table.control("P26", "an app that waits 100 ms for the terminal's answer, / btop",
                            took["asks"], took["btop"], "ms", 1.0)
    else:
        bench.table.cannot("P26", "first whole screen / btop", "btop is missing")
    bench.table.add("P26", "the same / an empty ratatui app", took["ours"], took["empty"], "ms",
                    None, 1.5)


def first_frame(command, wanted):
    """To the end of the first frame, in milliseconds; it has callers on it."""
    terminal = Terminal(command)
    got, arrived = terminal.until(END_OF_FRAME)
    took = (arrived - terminal.began) * 1000
    if wanted not in got:
        raise ValueError("the first screen does not show who waited last")
    terminal.read_for(0.3)
    terminal.end()
    return took


def first_burst(command):
    """To the last byte before it first is quiet, in milliseconds."""
    terminal = Terminal(command)
    terminal_began = terminal.began
    first = terminal.read(5)
    arrived = time.monotonic()
    _, last = terminal.quiet(0.2)
    took = ((last or arrived) - terminal_began) * 1000
    terminal.end()
    if not first:
        raise TimeoutError(f"{command[0]} wrote nothing")
    return took
