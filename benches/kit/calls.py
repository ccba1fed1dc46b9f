"""Calls that come, ring, are answered and end, as a PBX pushes them: so many
events a second, each of them another, over a few connections that stay open.

    calls.py URL RATE SECONDS

Prints how many were acknowledged, and how many a second. Paced by absolute
deadlines; random by a seed."""

import json
import random
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 4
# The receiver closes one after 10,000 requests; whatever is under way then is lost.
REQUESTS = 5_000  # a connection
WAITING = 150  # calls that wait, on average
STATUS = b"HTTP/1.1 200"


class Floor:
    """What happens next."""

    def __init__(self):
        self.random = random.Random(15)
        self.last = 0
        self.calls = []

    def event(self):
        """A call begins, or an older one goes on by a step."""
        if len(self.calls) < WAITING or self.random.random() < 0.25:
            self.last += 1
            call = {"number": self.last, "steps": ["call:ring", "call:answer", "call:end"]}
            self.calls.append(call)
            return self.told(call, "call:start")
        at = self.random.randrange(len(self.calls))
        call = self.calls[at]
        step = call["steps"].pop(0)
        if not call["steps"]:
            self.calls[at] = self.calls[-1]
            self.calls.pop()
        return self.told(call, step)

    def told(self, call, step):
        number = call["number"]
        fields = {
            "event": step, "ts": int(time.time()), "id": f"leg-{number}",
            "call_id": f"call-{number}", "type": "queue", "queue_id": "1",
            "cid_num": f"+45{20_000_000 + number * 7919 % 70_000_000}",
            "cid_name": ["Bamse & Kylling", "Anna Holm", "Jens Vig"][number % 3],
        }
        if step in ("call:ring", "call:answer"):
            fields["dst_user_id"] = str(1 + number % 40)
        return json.dumps(fields).encode()


def connection(address):
    line = socket.create_connection(address)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def push(url, rate, seconds):
    """Sends one by one in order; answers how many were acknowledged."""
    where = urlsplit(url)
    head = (f"POST {where.path} HTTP/1.1\r\nhost: {where.netloc}\r\n"
            "content-type: application/json\r\ncontent-length: ").encode()
    acknowledged, lines, old = [], [], []

    def another():
        line = connection((where.hostname, where.port))
        acknowledged.append(0)
        reading = (line, acknowledged, len(acknowledged) - 1)
        threading.Thread(target=read, args=reading, daemon=True).start()
        return line

    floor, began = Floor(), time.monotonic()
    for n in range(rate * seconds):
        if n % (CONNECTIONS * REQUESTS) == 0:
            # Those before stay open: their last answers are still to come.
            old += lines
            lines = [another() for _ in range(CONNECTIONS)]
        early = began + n / rate - time.monotonic()
        if early > 0:
            time.sleep(early)
        body = floor.event()
        try:
            lines[n % CONNECTIONS].sendall(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        except OSError:  # nobody is there any more
            break
    took = time.monotonic() - began
    time.sleep(1)  # for the last answers
    return {"acknowledged": sum(acknowledged), "rate": sum(acknowledged) / took}


def read(line, acknowledged, place):
    rest = b""
    try:
        while got := line.recv(65_536):
            rest += got
            acknowledged[place] += rest.count(STATUS)
            rest = rest[-len(STATUS) + 1:]
    except OSError:  # nobody is there any more
        pass


if __name__ == "__main__":
    print(json.dumps(push(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
