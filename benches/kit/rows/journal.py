"""P8 and P28: how a long journal bears on a start, and a long day on memory.
Measured in process, by `benches/journal`."""


def add(bench, told, names):
    """Rows and controls of what was told, by name: the sentence, and the
    limits."""
    for name, (row, what, unit, must, goal) in names.items():
        for is_control in (False, True):
            found = [t for t in told if t["what"] == name and t["control"] is is_control]
            ours, peer = ([t[who] for t in found] for who in ("ours", "peer"))
            if found and is_control:
                bench.table.control(row, what, ours, peer, unit, must)
            elif found:
                bench.table.add(row, what.format(**found[0]), ours, peer, unit, must, goal)


def p8(bench):
    told = bench.told("journal", "start", 100_000 if bench.quick else 1_000_000, bench.rounds)
    add(bench, told, {
        "saved": ("P8", "start with {size:,} entries / parsing them with serde_json", "ms", 1.5, 0.1),
        "unsaved": ("P8", "the same without a saved board: all are folded, once", "ms", None, None),
        "twice": ("P8", "a start that parses all of them twice", "ms", 1.5, None),
    })


def p28(bench):
    told = bench.told("journal", "day", 4 if bench.quick else 24)
    add(bench, told, {
        "resident": ("P28", "memory after {size} simulated hours / after one", "MB", 1.02, 1.0),
        "text": ("P28", "the same, the console's state as text", "kB", None, None),
        "grows": ("P28", "a console that keeps what it heard, after 4 hours", "MB", 1.02, None),
    })
