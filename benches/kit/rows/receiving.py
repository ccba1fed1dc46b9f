"""P1 and P2: webhooks a second, acknowledged and stored: what was acknowledged
is counted again where it must lie."""

import tempfile
from contextlib import ExitStack

from .. import hooks


def p1(bench):
    """Ours on disk and in memory, and the peer, in turn."""
    oha = bench.tools["oha"]
    if not oha:
        return bench.table.cannot("P1", "webhooks a second", "oha cannot be had here")
    seconds = 3 if bench.quick else 6
    rates, acknowledged, folders = {}, {}, {}
    with ExitStack() as stack:
        places = {"on disk": tempfile.TemporaryDirectory(), "in memory": hooks.in_memory(),
                  "peer": tempfile.TemporaryDirectory()}
        folders = {name: stack.enter_context(place) for name, place in places.items() if place}
        with ExitStack() as servers:
            addresses = {
                name: servers.enter_context(
                    hooks.storing_nothing(bench.paths["peer-hooks"], folder)
                    if name == "peer" else hooks.receiving(bench.paths["holdline"], folder)
                )
                for name, folder in folders.items()
            }
            for _ in range(bench.rounds):
                for name, address in addresses.items():
                    count, rate = hooks.answers(hooks.load(oha, address, seconds))
                    rates.setdefault(name, []).append(rate)
                    acknowledged[name] = acknowledged.get(name, 0) + count
        kept = {name: hooks.kept(hooks.stored(folder), acknowledged[name])
                for name, folder in folders.items()}
    for name in ("on disk", "in memory"):
        if name in rates:
            bench.least("P1", f"webhooks a second {name}, one core, 64 connections, / stock "
                        "axum that stores nothing", rates[name], rates["peer"], 0.35, 0.70)
            exactly(bench.table.add, "P1", f"of {acknowledged[name]:,} acknowledged {name}, in "
                    "the journal", kept[name])
    exactly(bench.table.control, "P1", "stock axum, of what it acknowledged in a journal",
            kept["peer"])


def p2(bench):
    oha = bench.tools["oha"]
    lacking = hooks.missing("redis-server", "redis-benchmark") or ([] if oha else ["oha"])
    if lacking:
        return bench.table.cannot("P2", "webhooks a second / Redis", f"missing: {lacking[0]}")
    seconds, requests = (3, 15_000) if bench.quick else (6, 40_000)
    ours, theirs, acknowledged = [], [], 0
    with ExitStack() as stack:
        one, two, three = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(3))
        with ExitStack() as servers:
            address = servers.enter_context(hooks.receiving(bench.paths["holdline"], one))
            port = servers.enter_context(hooks.redis(two))
            for _ in range(bench.rounds):
                count, rate = hooks.answers(hooks.load(oha, address, seconds))
                ours.append(rate)
                acknowledged += count
                theirs.append(hooks.redis_rate(port, requests))
        with hooks.redis(three, writes="no") as port:
            hooks.redis_rate(port, requests)
        kept = [hooks.kept(hooks.stored(one), acknowledged),
                hooks.kept(hooks.written(two), requests * bench.rounds),
                hooks.kept(hooks.written(three), requests)]
    bench.least("P2", "the same / Redis XADD, appendfsync always", ours, theirs, 0.8, 1.5)
    exactly(bench.table.add, "P2", "of what ours acknowledged, in the journal", kept[0])
    exactly(bench.table.add, "P2", "of what Redis acknowledged, in its files", kept[1])
    exactly(bench.table.control, "P2", "Redis that keeps no files, of what it acknowledged in them",
            kept[2])


def exactly(tell, row, what, kept):
    """Tells of what must be all of it, and no more."""
    tell(row, what, [kept], None, "", 1, more_is_better=True)
