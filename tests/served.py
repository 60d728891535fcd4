"""A server of invented pages, for what fetches."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from analysis.gather.collect import collect
from analysis.gather.fetch import Manners

TEXT = (
    "The bridge of Tarn was closed on Friday because the river had risen by two metres overnight. "
    "Schools on the far bank will stay closed until Monday, the mayor told the council of {}."
)


def page(name):
    text = TEXT.format(name)
    head = f"<head><title>Bridge {name} closed today</title></head>"
    body = f"<article><h1>Bridge {name} closed today</h1><p>{text}</p><p>{text}</p></article>"
    return f"<!doctype html><html>{head}<body>{body}</body></html>".encode()


class Server:
    """A server whose answers are functions of the request; it counts what it was asked."""

    def __init__(self, answer):
        self.asked, self.agents = [], set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                outer.agents.add(self.headers["User-Agent"])
                try:
                    found = answer(self)
                    if found is not None:
                        send(self, *found)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(60)


def send(handler, status, body=b"", **headers):
    handler.send_response(status)
    headers.setdefault("Content-Type", "text/html; charset=utf-8")
    headers.setdefault("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def manners(*servers, **more):
    quick = {"pause": 0.0, "backoff": 0.01, "timeout": 1.0, "patience": 3.0, "tries": 3}
    given = {"contact": "ida@velmar.example", "archive": ""} | quick | more
    return Manners(allowed=frozenset(s.host for s in servers), **given)


def listed(folder, addresses, name="list.txt"):
    path = folder / name
    path.write_text("\n".join(addresses), "utf-8")
    return path


def run(folder, addresses, rules, **options):
    return collect(listed(folder, addresses), folder / "articles.parquet", manners=rules, **options)


def ordinary(handler):
    if handler.path == "/robots.txt":
        return 404, b""
    return 200, page(handler.path)
