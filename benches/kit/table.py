"""The table: what was measured, beside its peer and its limit; and below it,
row by row, what the same measuring must find wanting."""

from statistics import median

NOISE = 0.10  # below this there is no difference


class Table:
    def __init__(self):
        self.rows = []
        self.notes = []
        self.controls = []
        self.blind = []

    def add(self, number, what, ours, peer, unit, must=None, goal=None, ratios=None,
            more_is_better=False):
        """A row: figures of ours and of the peer, round by round; `ratios` of
        them unless they are given. `must` and `goal` are the most a ratio may
        be, or, without a peer, the most that ours may be; the least, where more
        is better."""
        ratios = to_judge(ours, peer, ratios)
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

    def control(self, number, what, ours, peer, unit, must, ratios=None, more_is_better=False):
        """What must be found wanting, by the measuring that the row's own
        figures come from; else the row proves nothing."""
        ratios = to_judge(ours, peer, ratios)
        judged = median(ratios) if ratios else median(ours)
        wanting = verdict(judged, must, None, more_is_better) == SHORT
        figures = shown(ratios, "×") if ratios else shown(ours, unit)
        found = "found wanting" if wanting else "**not found wanting: this row proves nothing**"
        self.controls.append(
            f"control: {number}, {what}: {figures} (must {limit(must, ratios)}): {found}"
        )
        if not wanting:
            self.blind.append(number)

    def cannot(self, number, what, why):
        self.rows.append((number, what, "—", "—", "—", "—", "—", f"not measured: {why}"))

    def note(self, sentence):
        self.notes.append(sentence)

    def text(self):
        head = ("#", "what", "ours", "peer", "must", "goal", "ratio", "verdict")
        lines = [head, ("---",) * len(head), *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        controls = "\n".join(f"* {line}" for line in self.controls)
        return "\n\n".join(part for part in (table, controls, *self.notes) if part)


SHORT = "**short of it**"


def to_judge(ours, peer, ratios):
    if ratios is None and peer:
        return [a / b for a, b in zip(ours, peer) if b]
    return ratios


def verdict(judged, must, goal, more_is_better=False):
    if more_is_better:
        judged, must, goal = (None if x is None else -x for x in (judged, must, goal))
    if goal is not None and judged <= goal:
        return "goal"
    if must is None:
        return "told"
    return "must" if judged <= must else SHORT


def limit(value, ratios):
    if value is None:
        return "—"
    return f"{value:g}×" if ratios else f"{value:g}"


def figure(value):
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) < 0.1:
        return f"{value:.4f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def span(values):
    middle, least, most = median(values), min(values), max(values)
    if least == most:
        return figure(middle)
    return f"{figure(middle)} ({figure(least)}–{figure(most)})"


def shown(values, unit):
    return f"{span(values)} {unit}".rstrip().replace(" ×", "×")
