"""Asking politely, one host at a time, and nobody who is private."""

import itertools
import shutil
import socket
import ssl
import subprocess
import time

import pytest
from served import manners, ordinary, page, run, send

from analysis.gather.fetch import Fetcher, NotHad, is_public, retry_after


def test_retry_after_is_obeyed_and_a_server_that_recovers_is_had(serve, tmp_path):
    times = []

    def recovers(handler):
        if handler.path == "/robots.txt":
            return 404, b""
        times.append(time.monotonic())
        if len(times) == 1:
            return send(handler, 429, b"", Retry_After="1")
        return (503, b"") if len(times) == 2 else (200, page("x"))

    server = serve(recovers)
    found = run(tmp_path, [f"{server.url}/x"], manners(server))
    assert list(found.report["outcome"]) == ["had"]
    assert times[1] - times[0] >= 0.95
    assert retry_after("Fri, 14 Mar 2014 10:00:00 GMT") == 0.0
    assert retry_after("soon") == 0.0


def test_one_host_is_asked_one_thing_at_a_time_with_pauses(serve, tmp_path):
    times, now, most = [], [0], [0]

    def watched(handler):
        now[0] += 1
        most[0] = max(most[0], now[0])
        times.append(time.monotonic())
        time.sleep(0.02)
        now[0] -= 1
        return ordinary(handler)

    server = serve(watched)
    run(tmp_path, [f"{server.url}/{n}" for n in range(4)], manners(server, pause=0.15))
    assert most == [1]
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.1


PRIVATE = """127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 172.31.255.254 192.168.1.1 169.254.169.254
100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 240.0.0.1 ::1 :: fe80::1 fc00::1
fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1::
2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 fe80::1%eth0""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told(address):
    assert not is_public(address)


def test_public_addresses_are_public():
    assert all(map(is_public, ("93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8")))


SPELLINGS = [
    "http://127.0.0.1:{}/", "http://localhost:{}/", "http://2130706433:{}/", "http://0x7f000001:{}/",
    "http://127.1:{}/", "http://0:{}/", "http://[::1]:{}/", "http://[::ffff:127.0.0.1]:{}/",
    "http://[::ffff:7f00:1]:{}/", "http://0177.0.0.1:{}/",
]  # fmt: skip


def test_no_connection_to_a_private_address_however_it_is_written(serve):
    """Straight, by redirect, and by a name that resolves to one only when it is connected."""
    server = serve(ordinary)
    port = server.host.partition(":")[2]
    fetcher = Fetcher(manners())
    try:
        for spelling in SPELLINGS:
            with pytest.raises(NotHad):
                fetcher.get(spelling.format(port))
    finally:
        fetcher.close()
    assert server.asked == []


def test_a_name_is_resolved_once_and_what_was_looked_at_is_asked(serve, monkeypatch):
    server = serve(ordinary)
    port = int(server.host.partition(":")[2])
    real, answers = socket.getaddrinfo, []

    def rebinding(host, *args, **options):
        if host != "rebind.example":
            return real(host, *args, **options)
        answers.append(host)
        where = "93.184.216.34" if len(answers) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    def connect(to, *_, **__):
        assert to[0] == "93.184.216.34"
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "create_connection", connect)
    fetcher = Fetcher(manners(tries=3))
    try:
        with pytest.raises(NotHad, match=r"private address \(127\.0\.0\.1\)"):
            fetcher.get(f"http://rebind.example:{port}/")
    finally:
        fetcher.close()
    assert server.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(serve, tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    subprocess.run(
        [*made, "-keyout", key, "-out", cert], check=True, capture_output=True, timeout=600
    )
    server = serve(ordinary)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    fetcher = Fetcher(manners(server, tries=1))
    try:
        with pytest.raises(NotHad, match=r"certificate verify failed"):
            fetcher.get(f"https://{server.host}/x")
    finally:
        fetcher.close()
    assert server.asked == []
