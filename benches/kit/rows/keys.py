"""P16 and P17: from a key, and from a webhook, to the terminal."""

import re
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from .. import hooks
from ..terminal import END_OF_FRAME, Terminal
from .idle import drain

# Cyan behind the text: as we write it, and as ratatui does.
SELECTED = re.compile(rb"\x1b\[[0-9;]*(?<![0-9])(?:46|48;5;6)(?![0-9])[0-9;]*m")
BETWEEN_KEYS = 0.03  # seconds: a key that is held down


def p99(values):
    return sorted(values)[int(len(values) * 0.99)]


def p16(bench):
    oha = bench.tools["oha"]
    if not oha:
        return bench.table.cannot("P16", "key to first byte", "oha cannot be had here")
    keys = 60 if bench.quick else 200
    took, port = {}, hooks.free_port()
    with ExitStack() as stack:
        _, command = stack.enter_context(
            bench.floor(callers=200, callbacks=100_000, more=hooks.settings(port))
        )
        lines = stack.enter_context(tempfile.NamedTemporaryFile("w"))
        lines.writelines(f"line {i} of a hundred thousand\n" for i in range(100_000))
        lines.flush()
        peers = {}
        if bench.tools["htop"]:
            peers["htop"] = Terminal(["htop"])
        if bench.tools["less"]:
            peers["less"] = Terminal(["less", lines.name])
        ours = Terminal(command)
        wait_for_list(ours, 100_000)
        drain(peers, 1)
        address, rates = f"127.0.0.1:{port}", []
        for _ in range(bench.rounds):
            running = hooks.load(oha, address, 3 + keys // 10, connections=8, rate=1_000)
            ours.read_for(0.5)
            took.setdefault("ours", []).append(
                [key_to_frame(ours, down_or_up(i, b"j", b"k")) for i in range(keys)]
            )
            for name, terminal in peers.items():
                took.setdefault(name, []).append(
                    [key_to_byte(terminal, down_or_up(i, b"\x1b[B", b"\x1b[A"))
                     for i in range(keys)]
                )
                drain({"ours": ours}, 0)
            while running.poll() is None:
                ours.read_for(0.1)
            rates.append(hooks.outcome(running))
        for terminal in (ours, *peers.values()):
            terminal.end()
    took["all"] = [laying_out_all(bench, 10)] * bench.rounds
    bench.table.note(
        f"P16: ours with 100,000 callbacks under the cursor while {median(rates):.0f} webhooks a "
        "second come in and are stored in the same process. The byte counted is the first of the "
        "frame that moves the cursor; a key comes while a frame may be under way."
    )
    late = {n: [p99(r) * 1000 for r in rounds] for n, rounds in took.items()}
    half = {n: [median(r) * 1000 for r in rounds] for n, rounds in took.items()}
    for name, must, goal in (("htop", 1.0, None), ("less", None, 2.0)):
        if name in late:
            bench.table.add("P16", f"key to first byte, p99, / {name}", late["ours"], late[name],
                            "ms", must, goal)
            bench.table.add("P16", f"the same, median, / {name}", half["ours"], half[name], "ms")
        else:
            bench.table.cannot("P16", f"key to first byte / {name}", f"{name} is missing")
    if "htop" in late:
        bench.table.control("P16", "100,000 rows laid out for each key, no webhooks, / htop",
                            late["all"], late["htop"], "ms", 1.0)


def laying_out_all(bench, keys):
    terminal = Terminal(bench.wanting("lays-out", 100_000))
    terminal.until(END_OF_FRAME)
    took = [key_to_frame(terminal, down_or_up(i, b"j", b"k")) for i in range(keys)]
    terminal.end()
    return took


def wait_for_list(terminal, rows):
    """Goes to the callbacks, and waits until all of them are there."""
    terminal.press(b"3z")
    got = b""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        got = got[-4_000:] + terminal.read_for(0.5)
        if f"{rows} of {rows}".encode() in got:
            break
        # The whole screen once more: of a number, only new digits are sent.
        terminal.press(b"?\x1b")
    else:
        raise TimeoutError("the list was not read within two minutes")
    terminal.press(b"z")
    terminal.read_for(2)


def down_or_up(i, down, up):
    return down if i % 20 < 10 else up


def key_to_byte(terminal, key):
    terminal.quiet(BETWEEN_KEYS, most=0.5)
    pressed = time.monotonic()
    terminal.press(key)
    terminal.read(2)
    return time.monotonic() - pressed


def key_to_frame(terminal, key):
    """From a key to the first byte of the frame that shows it."""
    terminal.quiet(BETWEEN_KEYS, most=0.5)
    pressed = time.monotonic()
    terminal.press(key)
    frame, began = b"", None
    while time.monotonic() < pressed + 5:
        frame += terminal.read(1)
        arrived = time.monotonic()
        if began is None:
            began = arrived
        while END_OF_FRAME in frame:
            whole, _, frame = frame.partition(END_OF_FRAME)
            if SELECTED.search(whole):
                return began - pressed
            began = arrived if frame else None
    raise TimeoutError("a key was not answered within 5 s")


def p17(bench):
    oha = bench.tools["oha"]
    if not oha:
        return bench.table.cannot("P17", "hook to row", "oha cannot be had here")
    with tempfile.TemporaryDirectory() as folder:
        port = hooks.free_port()
        config = Path(folder) / "config.toml"
        config.write_text(f'[journal]\npath = "{folder}/journal"\n' + hooks.settings(port))
        config.chmod(0o600)
        command = [bench.paths["holdline"], "--config", str(config)]
        rounds, rate = hook_to_row(bench, command, port, bench.rounds)
    port = hooks.free_port()
    late, _ = hook_to_row(bench, bench.wanting("ticks", port), port, 1)
    what = f"webhook to its row on the terminal, {rate:.0f} others a second"
    bench.table.add("P17", f"{what}, p99", [p99(r) for r in rounds], None, "ms", 50, 16.7)
    bench.table.add("P17", "the same, median", [median(r) for r in rounds], None, "ms")
    bench.table.control("P17", "a screen that is drawn by a tick, every 250 ms",
                        [p99(r) for r in late], None, "ms", 50)


def hook_to_row(bench, command, port, rounds):
    """From a webhook to the number of who calls on the terminal, while others
    come in: milliseconds, round by round; and how many others a second."""
    calls, took, rates = 40 if bench.quick else 100, [], []
    terminal = Terminal(command)
    terminal.read_for(1)
    address = f"127.0.0.1:{port}"
    hooks.wait_for(f"http://{address}/healthz")
    for round in range(rounds):
        running = hooks.load(bench.tools["oha"], address, 3 + calls // 10, connections=8,
                             rate=1_000)
        terminal.read_for(2 if round == 0 else 0.5)
        took.append([])
        for i in range(round * calls, (round + 1) * calls):
            # No digit stands where it stood: of a number, only new digits are sent.
            number = "".join(str((digit + i) % 10) for digit in (2, 9, 5, 1, 7, 0, 8, 3))
            ids = {"id": f"m{i}", "call_id": f"m{i}", "type": "queue", "queue_id": "1"}
            sent = time.monotonic()
            hooks.send(address, hooks.event("call:start", cid_num=f"+45{number}", **ids))
            _, seen = terminal.until(number.encode(), patience=5)
            took[-1].append((seen - sent) * 1000)
            hooks.send(address, hooks.event("call:end", **ids))
            terminal.read_for(0.03)
        while running.poll() is None:
            terminal.read_for(0.1)
        rates.append(hooks.outcome(running))
    terminal.end()
    return took, median(rates)
