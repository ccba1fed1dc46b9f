"""P21, P23 and R23: whether `holdline inject run` does what it says, beside
oha. The server stamps every request and works out the true times."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from ..bench import say

RATES = (100, 1_000, 5_000)
STALL_MS = 500
STALLED_RATE = 1_000
near = build_opener(ProxyHandler({})).open


class Server:
    def __init__(self, path):
        self.process = subprocess.Popen([path], stdout=subprocess.PIPE, text=True)
        self.url = f"http://{self.process.stdout.readline().strip()}"

    def reset(self, rate, stall_after=0, stall=0):
        query = f"rate={rate}&stall_after_ms={stall_after}&stall_ms={stall}"
        near(f"{self.url}/reset?{query}").read()

    def stamps(self):
        return json.load(near(f"{self.url}/stamps"))


class Ours:
    """`holdline inject run` against the server."""

    def __init__(self, program, server, folder):
        self.program, self.home = program, folder
        (folder / "config.toml").write_text(
            '[journal]\npath = "journal"\n[[site]]\nname = "team"\nvendor = "contaqt"\n'
            'hook = { secret = "0123456789abcdef" }\nallow = ["inject"]\nmax_rate = 100000\n'
        )
        os.chmod(folder / "config.toml", 0o600)
        (folder / "ring.toml").write_text(
            '[[step]]\nevent = "call:ring"\nset = { dst_user_id = "17", cid_num = "+4535203040" }\n'
            f'to = "{server.url}/hook"\n'
        )

    def start(self, rate, seconds):
        words = ["--rate", str(rate), "--for", f"{seconds}s", "--yes", "--format", "json"]
        return subprocess.Popen(
            [self.program, "--config", "config.toml", "inject", "run", "ring.toml", *words],
            cwd=self.home, stdout=subprocess.PIPE, text=True,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"]},
        )

    def run(self, rate, seconds):
        return json.loads(self.start(rate, seconds).communicate()[0])[0]


class BySleep(Ours):
    """The injector that must be found wanting."""

    def __init__(self, server):
        self.server = server

    def start(self, rate, seconds):
        program = Path(__file__).parent.parent / "by_sleep.py"
        words = [f"{self.server.url}/hook", str(rate), str(seconds)]
        return subprocess.Popen([sys.executable, str(program), *words], stdout=subprocess.PIPE,
                                text=True)


class Oha:
    """The peer."""

    def __init__(self, program, server):
        self.program, self.server = program, server

    def run(self, rate, seconds):
        words = ["-q", str(rate), "-z", f"{seconds}s", "-c", "256", "--no-tui"]
        body = ["-m", "POST", "-T", "application/json",
                "-d", '{"event":"call:ring","dst_user_id":"17"}']
        ran = subprocess.run(
            [self.program, *words, "--output-format", "json", "--latency-correction", *body,
             f"{self.server.url}/hook"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        told = json.loads(ran.stdout)
        return {"p99_ms": told["latencyPercentiles"]["p99"] * 1_000, "sent": None}


@contextmanager
def injectors(bench):
    """The server, and who sends to it: ours, oha if it is to be had, and who
    must be found wanting."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(bench.paths["inject-stamp"])
        try:
            all_of_them = {"ours": Ours(bench.paths["holdline"], server, Path(folder)),
                           "by sleep": BySleep(server)}
            if bench.tools["oha"]:
                all_of_them["oha"] = Oha(bench.tools["oha"], server)
            yield server, all_of_them
        finally:
            server.process.kill()
            server.process.wait()


def add(bench, number, what, wrong, most, goal):
    """A row in percent; its ratio is to the limit."""
    ratios = [value / most for value in wrong["ours"]]
    bench.table.add(number, what, wrong["ours"], wrong.get("oha"), "%", 1, goal / most, ratios)


def off(told, true):
    """How far one is off the other, in percent."""
    return abs(told / true - 1) * 100


def p21(bench):
    seconds = 3 if bench.quick else 10
    with injectors(bench) as (server, senders):
        for rate in RATES:
            wrong = {}
            for i in range(bench.rounds):
                for name, sender in senders.items():
                    if name != "by sleep" or (i == 0 and rate == RATES[0]):
                        measured = rate_off(bench, server, sender, rate, seconds)
                        wrong.setdefault(name, []).append(measured)
                        say(f"P21 {rate}/s, {name}: {measured:.4f} % off")
            add(bench, "P21", f"off the rate of {rate}/s, of 0.05 %", wrong, 0.05, 0.01)
            if "by sleep" in wrong:
                bench.table.control("P21", f"a pacer that sleeps for 1/{rate} s, off its rate",
                                    wrong["by sleep"], None, "%", 0.05)


def rate_off(bench, server, sender, rate, seconds):
    server.reset(rate)
    told = sender.run(rate, seconds)
    stamps = server.stamps()
    if told["sent"] not in (None, stamps["count"]):
        bench.table.note(f"P21 at {rate}: {told['sent']} told, {stamps['count']} stamped.")
    return off(stamps["rate"], rate)


def p23(bench):
    seconds = 3 if bench.quick else 10
    wrong = {}
    with injectors(bench) as (server, senders):
        for i in range(bench.rounds):
            for name, sender in senders.items():
                if name != "by sleep" or i == 0:
                    wrong.setdefault(name, []).append(p99_off(server, sender, name, seconds))
    what = f"told p99 off the true one, the server stalls {STALL_MS} ms, of 5 %"
    add(bench, "P23", what, wrong, 5, 1)
    bench.table.control("P23", "times counted from the sending", wrong["by sleep"], None, "%", 5)


def p99_off(server, sender, name, seconds):
    server.reset(STALLED_RATE, seconds * 1_000 // 3, STALL_MS)
    told, true = sender.run(STALLED_RATE, seconds), server.stamps()
    say(f"P23, {name}: told {told['p99_ms']:.1f} ms, true {true['p99_ms']:.1f} ms")
    return off(told["p99_ms"], true["p99_ms"])


def r23(bench):
    """Stopped by Ctrl-C in the middle of a burst."""
    with injectors(bench) as (server, senders):
        runs = bench.rounds * 4
        stops = [stopped(server, senders["ours"]) for _ in range(runs)]
        late = [stopped(server, senders["by sleep"])[0]]
    after = [ms for ms, _ in stops]
    wrong = sum(not adds_up for _, adds_up in stops)
    bench.table.add("R23", "last request after Ctrl-C at 1,000/s", after, None, "ms", 100, 50)
    bench.table.add("R23", f"of {runs} runs that were stopped, did not add up", [wrong], None, "",
                    0, 0)
    bench.table.control("R23", "an injector that first sends what it has planned", late, None,
                        "ms", 100)


def stopped(server, sender):
    """How many milliseconds requests still come, and whether all adds up."""
    server.reset(1_000)
    running = sender.start(1_000, 60)
    until = time.monotonic() + 20
    while server.stamps()["count"] < 200 and time.monotonic() < until:
        time.sleep(0.01)
    pressed = time.time()
    running.send_signal(signal.SIGINT)
    told = json.loads(running.communicate()[0])[0]
    stamps = server.stamps()
    sums = told["sent"] == told["answered"] + told["failed"] + told["unknown"]
    within = told["answered"] <= stamps["count"] <= told["sent"]
    return max(0.0, (stamps["last"] - pressed) * 1_000), (
        sums and within and running.returncode == 130
    )
