"""P27: memory of a console at work."""

from ..terminal import Terminal, memory
from .idle import drain


def p27(bench):
    with bench.floor(callers=1_000) as (_, command):
        commands = {"ours": command, "hoard": bench.wanting("hoards", 64),
                    "empty": [bench.paths["peer-empty"]]}
        if bench.tools["btm"]:
            commands["bottom"] = [bench.tools["btm"]]
        commands |= {name: [name] for name in ("btop", "htop") if bench.tools[name]}
        pss, rss = sizes(bench, commands)
    if "bottom" not in pss:
        bench.table.cannot("P27", "memory / bottom", "bottom cannot be had here")
    for peer, must, goal in (("bottom", 2.0, 1.0), ("btop", None, None), ("htop", None, None),
                             ("empty", None, None)):
        if peer in pss:
            name = "an empty ratatui app" if peer == "empty" else peer
            bench.table.add("P27", f"memory (PSS), 1,000 callers, / {name}", pss["ours"],
                            pss[peer], "MB", must, goal)
    if "bottom" in rss:
        bench.table.add("P27", "the same, RSS, / bottom", rss["ours"], rss["bottom"], "MB")
        bench.table.control("P27", "an app that holds 64 MB, / bottom", pss["hoard"],
                            pss["bottom"], "MB", 2.0)
    bench.table.note("P27: the console with its collector; no site in it pushes.")


def sizes(bench, commands):
    """Megabytes of these programs, side by side: their share, and resident."""
    pss, rss = {}, {}
    for _ in range(bench.rounds):
        terminals = {name: Terminal(c) for name, c in commands.items()}
        drain(terminals, 6 if bench.quick else 10)
        for name, terminal in terminals.items():
            share, resident = memory(terminal.pid)
            pss.setdefault(name, []).append(share)
            rss.setdefault(name, []).append(resident)
        for terminal in terminals.values():
            terminal.end()
    return pss, rss
