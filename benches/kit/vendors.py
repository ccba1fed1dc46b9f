"""The vendors' lists as large and as lively as a row of the table wants them,
over real HTTP on loopback; and a configuration that asks for them."""

import json
import os
import random
import re
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ["Bamse & Kylling", "Ærø Færgefart", "Jens Vig", "Anna Holm", "Ștefan Popescu", None]


def stamp(seconds_ago):
    then = datetime.now(timezone.utc) - timedelta(seconds=seconds_ago)
    return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def caller(number, seconds_ago):
    return {
        "_id": f"{number:08d}.234-pbx1.example",
        "state": "QUEUED",
        "number": f"+45{20_000_000 + number % 80_000_000}",
        "name": NAMES[number % len(NAMES)],
        "privacy": False,
        "entered": stamp(seconds_ago),
        "answered": None,
        "presentation": "+4570305050",
        "answeredByExtension": None,
        "answeredByNumber": None,
    }


def callback(number):
    due = datetime(2026, 1, 1) + timedelta(seconds=(number * 7919) % 30_000_000)
    return {
        "id": str(number),
        "status": "pending",
        "caller_id": f"02{12_000_000 + number}",
        "caller_id_name": NAMES[number % len(NAMES)] or "",
        "dnid": "0318000100",
        "type": "queue",
        "destination": "sales",
        "campaign_name": ["Winter", "Spring", "missed"][number % 3],
        "schedule": due.strftime("%Y-%m-%d %H:%M:%S"),
        "created": "2026-01-01 09:00:00",
        "retries": "1",
        "max_retries": "3",
    }


class Vendors:
    """`callers` who wait in each of `queues` queues, of whom `changing` are
    others each time that a queue is asked for; `callbacks` on a list. Where
    they are `stirred`, each answer is other bytes, and says the same."""

    def __init__(self, callers=0, queues=1, changing=0, callbacks=0, stirred=False):
        self.changing = changing
        self.stirred = stirred
        self.asked = 0
        self.changes = 0
        self.last = callers * queues
        self.lists = [
            [caller(q * callers + i, 5 + (i * 7) % 900) for i in range(callers)]
            for q in range(queues)
        ]
        self.ready = {}
        self.callbacks = callbacks
        vendors = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.answer(vendors.callers(self.path))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if "call-queue" in self.path:
                    self.answer(vendors.page(body.decode()))
                else:
                    self.answer(vendors.callers(self.path))

            def answer(self, body):
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # whoever asked went away
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def callers(self, path):
        number = int(re.search(r"queue0*(\d+)", path)[1])
        waiting = self.lists[number]
        self.asked += 1
        if self.changing:
            for _ in range(min(self.changing, len(waiting))):
                # Anybody goes, and the one who comes may have waited longest.
                self.last += 1
                at = random.randrange(len(waiting))
                waiting[at] = caller(self.last, random.randrange(5, 900))
            self.changes += 2 * self.changing
        elif number in self.ready:
            return self.ready[number] + b" " * (self.asked % 61 if self.stirred else 0)
        self.ready[number] = json.dumps(waiting).encode()
        return self.ready[number]

    def page(self, body):
        size = 100
        number = int((re.search(r"page=(\d+)", body) or [0, 1])[1])
        last = -(-self.callbacks // size)
        rows = range((number - 1) * size, min(number * size, self.callbacks))
        return json.dumps(
            {
                "has_error": False,
                "messages": [],
                "pagination": {
                    "row_count": str(self.callbacks),
                    "page_size": str(size),
                    "current_page": str(number),
                    "max_page": str(last),
                },
                "results": [callback(i) for i in rows],
            }
        ).encode()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def config(self, folder, poll="2s", more=""):
        """Writes a configuration, with more at its end; answers its path."""
        text = f'[console]\ntime_zone = "UTC"\n[journal]\npath = "{folder}/journal"\n'
        if self.lists[0]:
            queues = ", ".join(
                f'{{ id = "queue{i:019d}", name = "queue {i}" }}' for i in range(len(self.lists))
            )
            text += (
                '[[site]]\nname = "support"\nvendor = "telecomx"\n'
                f'url = "{self.url}"\ntoken = "t"\nqueues = [{queues}]\npoll = "{poll}"\n'
            )
        if self.callbacks:
            text += (
                '[[site]]\nname = "outbound"\nvendor = "while1"\n'
                f'url = "{self.url}"\ntoken = "t"\nkey = "k"\n'
            )
        path = f"{folder}/config.toml"
        with open(path, "w") as file:
            file.write(text + more)
        os.chmod(path, 0o600)  # it would be warned about otherwise
        return path
