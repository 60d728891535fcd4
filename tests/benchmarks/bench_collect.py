"""Collecting: memory over many addresses, and addresses a second tried against private ranges.

Run: ``python tests/benchmarks/bench_collect.py [ADDRESSES]``. The server is on the loopback.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from analysis.gather.collect import Wanted, _fetch_all
from analysis.gather.fetch import Fetcher, Manners, NotHad, is_public
from analysis.gather.webarchive import Archive

WORDS = "The bridge of Tarn was closed on Friday because the river had risen overnight. "
SPELLINGS = "127.0.0.1 10.0.0.1 192.168.0.1 169.254.169.254 [::1] [fd00::1] localhost 2130706433"


class Handler(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        Handler.asked += 1
        body = f"<html><body><p>{self.path} {WORDS * 400}</p></body></html>".encode()
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main(addresses: int) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    rules = Manners("bench@tarn.example", pause=0.0, archive="", allowed=frozenset((host,)))
    wanted = [Wanted(f"http://{host}/{n}") for n in range(addresses)]
    fetcher = Fetcher(rules)
    with tempfile.TemporaryDirectory() as place, Archive(Path(place) / "a.warc.gz") as kept:
        began = time.perf_counter()
        why = _fetch_all(wanted, fetcher, kept, False, False)
        taken = time.perf_counter() - began
        size = (Path(place) / "a.warc.gz").stat().st_size
    print(f"{addresses:,} addresses, {len(why)} not had, {taken:.0f} s, WARC {size / 1e6:.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"largest size of the process {peak} MB")

    before, tried = Handler.asked, 0
    guarded = Fetcher(Manners("bench@tarn.example", pause=0.0, archive=""))
    began = time.perf_counter()
    while time.perf_counter() - began < 5:
        for spelling in SPELLINGS.split():
            tried += 1
            with suppress(NotHad):
                guarded.get(f"http://{spelling}:{server.server_port}/{tried}", robots=False)
    print(f"{tried / 5:.0f} private addresses a second, {Handler.asked - before} connections")
    began = time.perf_counter()
    for n in range(100_000):
        is_public(f"10.{n % 256}.{n // 256 % 256}.1")
    print(f"{100_000 / (time.perf_counter() - began):,.0f} addresses a second looked at")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
