"""An injector as one writes it in five minutes: it sends, then sleeps for
1/rate; counts from the sending; and looks for Ctrl-C when it is done with what
it has planned. What it says must be found wanting.

    by_sleep.py URL RATE SECONDS
"""

import http.client
import json
import signal
import sys
import time
from urllib.parse import urlsplit

PLANNED = 0.5  # seconds


def main():
    where, rate, seconds = urlsplit(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(time.monotonic()))
    line = http.client.HTTPConnection(where.netloc)
    took, began = [], time.monotonic()
    while time.monotonic() < began + seconds:
        if stopped and time.monotonic() > stopped[0] + PLANNED:
            break
        sent = time.monotonic()
        line.request("POST", where.path, "{}", {"content-type": "application/json"})
        line.getresponse().read()
        took.append(time.monotonic() - sent)
        time.sleep(1 / rate)
    took.sort()
    told = {"sent": len(took), "answered": len(took), "failed": 0, "unknown": 0, "never_sent": 0,
            "p99_ms": took[int(len(took) * 0.99)] * 1_000}
    print(json.dumps([told]))
    return 130 if stopped else 0


sys.exit(main())
