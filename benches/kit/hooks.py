"""Webhooks as load, all of them different: oha against Holdline's receiver and
its peers, each server on one core and the load on another where there are two."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

SECRET = "0123456789abcdef"
CORES = sorted(os.sched_getaffinity(0))
SERVER, LOAD = CORES[0], CORES[-1]


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


def event(step="call:ring", **fields):
    """What a PBX tells of a call; the ids are in the load's URL, each of them
    new, and rung are a thousand people."""
    told = {"event": step, "ts": int(time.time()), "cid_num": "+4535203040",
            "cid_name": "Bamse & Kylling"}
    return {**told, **fields}


def settings(port=0):
    """What a configuration says of a site that pushes."""
    return (
        f'[receiver]\nlisten = "127.0.0.1:{port}"\n'
        f'[[site]]\nname = "team"\nvendor = "contaqt"\nhook = {{ secret = "{SECRET}" }}\n'
        'agents = { 17 = "Anna Holm" }\nqueues = [{ id = "1", name = "desk" }]\n'
    )


def url(address):
    return f"http://{address}/hooks/team/{SECRET}"


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def load(oha, address, seconds, connections=64, rate=None, core=LOAD):
    """A load that is under way; `outcome` waits for its end."""
    command = [
        oha, "-z", f"{seconds}s", "-w", "-c", str(connections), "--no-tui",
        "--output-format", "json",
        "-m", "POST", "-T", "application/json", "-d", json.dumps(event()), "--rand-regex-url",
        *(["-q", str(rate)] if rate else []),
        url(address) + r"\?id=[a-z0-9]{12}&call_id=[a-z0-9]{12}&dst_user_id=[0-9]{3}",
    ]
    return subprocess.Popen(
        on_core(core, command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def outcome(running):
    """Answers a second; fails where any was no 2xx."""
    return answers(running)[1]


def answers(running):
    """How many answers there were, and how many a second; fails where any was
    no 2xx."""
    told = json.loads(running.communicate()[0])
    codes = told["statusCodeDistribution"]
    if set(codes) != {"200"}:
        raise ValueError(f"answers of the load: {codes}")
    return codes["200"], codes["200"] / told["summary"]["total"]


def stored(folder):
    """Webhooks in the journal below a folder; none where there is no journal."""
    file = Path(folder) / "journal" / "journal.db"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as journal:
        return journal.execute("SELECT count(*) FROM entry WHERE kind = 'hook'").fetchone()[0]


def written(folder):
    """`XADD`s in the files that Redis would start from again."""
    files = Path(folder).glob("appendonlydir/*.aof")
    return sum(file.read_bytes().count(b"XADD") for file in files)


def kept(stored, acknowledged):
    """The part of what was acknowledged that is stored, or the other way round
    where more is: 1 only if it is exactly that."""
    return min(stored, acknowledged) / max(stored, acknowledged)


def send(address, told):
    """One webhook; returns when it is acknowledged."""
    request = urllib.request.Request(
        url(address), json.dumps(told).encode(), {"content-type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=5).read()


@contextmanager
def receiving(program, folder, core=SERVER):
    """Holdline's receiver without a screen, on one core."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = Path(folder) / "config.toml"
    config.write_text(f'[journal]\npath = "{folder}/journal"\n' + settings(port))
    config.chmod(0o600)
    server = subprocess.Popen(
        on_core(core, [program, "--config", str(config), "collect"]),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"]},
    )
    address = f"127.0.0.1:{port}"
    try:
        wait_for(f"http://{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait()


@contextmanager
def storing_nothing(program, folder, core=SERVER):
    """The peer that stores nothing, in a folder where it could, on one core."""
    server = subprocess.Popen(
        on_core(core, [program]), stdout=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


@contextmanager
def redis(folder, core=SERVER, writes="yes"):
    """Redis that has each of its writes on disk before it answers; or that
    writes nothing."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
               "--appendonly", writes, "--appendfsync", "always", "--save", "",
               "--auto-aof-rewrite-percentage", "0"]
    server = subprocess.Popen(on_core(core, command), stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            ping = subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True)
            if ping.stdout.strip() == b"PONG":
                break
            time.sleep(0.05)
        yield port
    finally:
        server.kill()
        server.wait()


def redis_rate(port, requests, connections=64, core=LOAD):
    """`XADD`s a second."""
    command = ["redis-benchmark", "-p", str(port), "-c", str(connections), "-n", str(requests),
               "--csv", "XADD", "hooks", "*", "body", json.dumps(event(id="a" * 12, call_id="b" * 12,
                                                                 dst_user_id="123"))]
    ran = subprocess.run(on_core(core, command), capture_output=True, text=True, check=True)
    return float(ran.stdout.splitlines()[-1].split(",")[-7].strip('"'))


def wait_for(page, patience=20):
    until = time.monotonic() + patience
    while True:
        try:
            return urllib.request.urlopen(page, timeout=1).read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def in_memory():
    """A folder in memory, if there is one."""
    place = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=place) if place.is_dir() else None


def missing(*tools):
    return [tool for tool in tools if not shutil.which(tool)]
