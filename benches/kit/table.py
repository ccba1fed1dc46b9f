"""The table: what was measured, beside its peer and its limit."""

from statistics import median

NOISE = 0.10  # below this there is no difference


class Table:
    def __init__(self):
        self.rows = []
        self.notes = []

    def add(self, number, what, ours, peer, unit, must=None, goal=None, ratios=None,
            more_is_better=False):
        """A row: figures of ours and of the peer, round by round; `ratios` of
        them unless they are given. `must` and `goal` are the most a ratio may
        be, or, without a peer, the most that ours may be; the least, where more
        is better."""
        if ratios is None and peer:
            ratios = [a / b for a, b in zip(ours, peer) if b]
        judged = median(ratios) if ratios else median(ours)
        self.rows.append(
            (
                number,
                what,
                shown(ours, unit),
                shown(peer, unit) if peer else "—",
                limit(must, ratios),
                limit(goal, ratios),
                span(ratios) if ratios else "—",
                verdict(judged, must, goal, more_is_better),
            )
        )

    def cannot(self, number, what, why):
        self.rows.append((number, what, "—", "—", "—", "—", "—", f"not measured: {why}"))

    def note(self, sentence):
        self.notes.append(sentence)

    def text(self):
        head = ("#", "what", "ours", "peer", "must", "goal", "ratio", "verdict")
        lines = [head, ("---",) * len(head), *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return "\n\n".join([table, *self.notes])


def verdict(judged, must, goal, more_is_better=False):
    if more_is_better:
        judged, must, goal = (None if x is None else -x for x in (judged, must, goal))
    if goal is not None and judged <= goal:
        return "goal"
    if must is None:
        return "told"
    return "must" if judged <= must else "**short of it**"


def limit(value, ratios):
    if value is None:
        return "—"
    return f"{value:g}×" if ratios else f"{value:g}"


def figure(value):
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def span(values):
    middle, least, most = median(values), min(values), max(values)
    if least == most:
        return figure(middle)
    return f"{figure(middle)} ({figure(least)}–{figure(most)})"


def shown(values, unit):
    return f"{span(values)} {unit}".rstrip()
