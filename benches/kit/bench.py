"""What is measured with: the programs, built, the peers, as far as they are
there, and a floor with its vendors."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .table import Table
from .vendors import Vendors

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = Path(tempfile.gettempdir()) / "holdline-bench-peers"
BENCHES = ("frames", "answers", "journal", "inject-stamp", "peer-empty", "peer-table",
           "peer-hooks", "peer-wanting")
PACKAGES = {"htop": "htop", "btop": "btop", "less": "less", "strace": "strace",
            "valgrind": "valgrind"}
CRATES = {"btm": "bottom", "oha": "oha"}


def say(words):
    print(words, file=sys.stderr, flush=True)


def build(again):
    """Builds, unless what was built last will do; answers the paths of the
    program and of the benches."""
    if again:
        say("building (release)")
        benches = [word for name in BENCHES for word in ("--bench", name)]
        built = subprocess.run(
            ["cargo", "build", "--release", "--bins", *benches, "--message-format=json"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        if built.returncode:
            sys.exit("speed: it does not build; see above")
        messages = [json.loads(line) for line in built.stdout.splitlines()]
        made = [m for m in messages if m.get("executable")]
        return {m["target"]["name"]: m["executable"] for m in made}
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    paths = {"holdline": target / "holdline"}
    for name in BENCHES:
        made = [p for p in target.glob(f"deps/{name.replace('-', '_')}-*") if not p.suffix]
        paths[name] = max(made, key=lambda p: p.stat().st_mtime, default=target / name)
    missing = [str(path) for path in paths.values() if not path.exists()]
    if missing:
        sys.exit(f"speed: not built yet: {', '.join(missing)}; run it without --no-build")
    return {name: str(path) for name, path in paths.items()}


def tools(wanted):
    """Where the peers are that these rows want, by name; says what is
    missing."""
    have = {name: shutil.which(name) for name in PACKAGES}
    missing = [PACKAGES[name] for name, path in have.items() if not path]
    if missing:
        say(f"missing: {', '.join(missing)}; on Debian: apt-get install {' '.join(missing)}")
    for name, rows in {"btm": {"P27"}, "oha": {"P1", "P2", "P16", "P17", "P21", "P23"}}.items():
        have[name] = shutil.which(name) or shutil.which(name, path=str(TOOLS / "bin"))
        if not have[name] and rows & wanted:
            have[name] = install(name)
    return have


def install(name):
    crate = CRATES[name]
    say(f"installing {crate}, once, aside of the repository (cargo install {crate})")
    target = ["--root", str(TOOLS), "--target-dir", str(TOOLS / "target")]
    command = ["cargo", "install", crate, "--locked", *target]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0:
        return str(TOOLS / "bin" / name)
    say(f"{crate} cannot be had here")
    return None


class Bench:
    def __init__(self, rows, quick=False, again=True, program=None):
        self.quick = quick
        self.rounds = 2 if quick else 5
        self.paths = build(again)
        if program:
            self.paths["holdline"] = program
        self.tools = tools(set(rows))
        self.table = Table()

    def told(self, bench, *arguments):
        """What one of the benches tells: a JSON object a line."""
        ran = subprocess.run(
            [self.paths[bench], *map(str, arguments)], stdout=subprocess.PIPE, check=True, text=True
        )
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def wanting(self, *arguments):
        """The command of a peer that does what must be found wanting."""
        return [self.paths["peer-wanting"], *map(str, arguments)]

    @contextmanager
    def floor(self, poll="2s", more="", **lists):
        """Vendors with these lists, and the command of a console."""
        with tempfile.TemporaryDirectory() as folder:
            vendors = Vendors(**lists)
            try:
                config = vendors.config(folder, poll, more)
                yield vendors, [self.paths["holdline"], "--config", config]
            finally:
                vendors.stop()

    def least(self, row, what, ours, peer, must, goal):
        """A row a second whose ratio is to be large."""
        ratios = [a / b for a, b in zip(ours, peer)]
        self.table.add(row, what, ours, peer, "/s", must, goal, ratios, more_is_better=True)
