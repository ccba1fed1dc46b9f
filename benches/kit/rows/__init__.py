"""The rows of the table, a file per family. A row is a function of the bench
that adds what it measured, and its controls, to the table."""

from . import answers, frames, idle, injector, journal, keys, line, memory, receiving, start

ROWS = {
    "P1": receiving.p1, "P2": receiving.p2, "P8": journal.p8, "P10": frames.p10,
    "P11": frames.p11, "P12": frames.p12, "P13": idle.p13, "P14": idle.p14, "P15": line.p15,
    "P16": keys.p16, "P17": keys.p17, "P19": answers.p19, "P20": answers.p20,
    "P21": injector.p21, "P23": injector.p23, "R23": injector.r23, "P26": start.p26,
    "P27": memory.p27, "P28": journal.p28,
}
