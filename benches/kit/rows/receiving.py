"""P1 and P2: webhooks a second, acknowledged and stored."""

import tempfile
from contextlib import ExitStack

from .. import hooks


def p1(bench):
    """Ours on disk and in memory, and the peer, in turn."""
    oha = bench.tools["oha"]
    if not oha:
        return bench.table.cannot("P1", "webhooks a second", "oha cannot be had here")
    seconds = 3 if bench.quick else 6
    rates = {}
    with ExitStack() as stack:
        places = {"on disk": tempfile.TemporaryDirectory(), "in memory": hooks.in_memory()}
        addresses = {
            name: stack.enter_context(
                hooks.receiving(bench.paths["holdline"], stack.enter_context(place))
            )
            for name, place in places.items() if place
        }
        peer = hooks.storing_nothing(bench.paths["peer-hooks"])
        addresses["peer"] = stack.enter_context(peer)
        for _ in range(bench.rounds):
            for name, address in addresses.items():
                rate = hooks.outcome(hooks.load(oha, address, seconds))
                rates.setdefault(name, []).append(rate)
    for name in places:
        if name in rates:
            bench.least("P1", f"webhooks a second {name}, one core, 64 connections, / stock "
                        "axum that stores nothing", rates[name], rates["peer"], 0.35, 0.70)


def p2(bench):
    oha = bench.tools["oha"]
    lacking = hooks.missing("redis-server", "redis-benchmark") or ([] if oha else ["oha"])
    if lacking:
        return bench.table.cannot("P2", "webhooks a second / Redis", f"missing: {lacking[0]}")
    ours, theirs = [], []
    with ExitStack() as stack:
        one, two = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
        address = stack.enter_context(hooks.receiving(bench.paths["holdline"], one))
        port = stack.enter_context(hooks.redis(two))
        for _ in range(bench.rounds):
            ours.append(hooks.outcome(hooks.load(oha, address, 3 if bench.quick else 6)))
            theirs.append(hooks.redis_rate(port, 15_000 if bench.quick else 40_000))
    bench.least("P2", "the same / Redis XADD, appendfsync always", ours, theirs, 0.8, 1.5)
