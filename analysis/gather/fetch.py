"""One address, fetched politely and safely: what came back, or why nothing did.

Only http and https; no private, loopback or link-local address, whatever a name resolves to and
wherever a redirect leads, since every connection is made to an address that was looked at; sizes
and times are capped before and after unpacking; certificates are checked, no cookie is kept.
"""

from __future__ import annotations

import email.utils
import ipaddress
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from analysis.errors import AnalysisError

REDIRECTS = 8
ROBOTS = 500_000  # bytes of a robots.txt, at most
AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))  # answers after which it is tried again
# Ranges that carry another address inside them, which may be a private one.
_CARRIERS = "64:ff9b::/96 64:ff9b:1::/48 2002::/16 2001::/32"
CARRIERS = [ipaddress.IPv6Network(n) for n in _CARRIERS.split()]


@dataclass(frozen=True)
class Manners:
    """How to fetch.

    Attributes
    ----------
    contact
        E-mail or web address that the user agent names.
    pause
        Seconds between two requests to one host (its robots.txt may ask for more).
    hosts
        Hosts asked at the same time; each is asked one thing at a time.
    timeout, patience
        Seconds without a byte after which a request is given up; seconds for a whole answer, and
        the longest that a server may ask to wait.
    largest
        Bytes of a page, as sent and unpacked.
    tries, backoff
        How often a request is tried; seconds before the second try, doubled with each.
    archive
        Base address of the Wayback Machine ('' for none).
    allowed
        ``host:port`` of private addresses that may be asked all the same: for tests.
    """

    contact: str = ""
    pause: float = 1.0
    hosts: int = 8
    timeout: float = 20.0
    patience: float = 120.0
    largest: int = 10_000_000
    tries: int = 4
    backoff: float = 2.0
    archive: str = "https://web.archive.org"
    allowed: frozenset[str] = frozenset()

    @property
    def agent(self) -> str:
        """The user agent: what it is, and whom to write to."""
        return f"compare-coverage/0 (news research; {self.contact})"


@dataclass(frozen=True)
class Answer:
    """What a server sent: the address that answered, status, headers, the body unpacked."""

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class NotHad(Exception):
    """Why an address was not had, in a few words; the status where a server answered."""

    def __init__(self, reason: str, status: int = 0, *, final: bool = False) -> None:
        self.reason, self.status, self.final = reason, status, final
        super().__init__(reason)


class Guard(httpcore.SyncBackend):
    """Connects to public addresses only; a name is resolved once, and what it gives is asked."""

    def __init__(self, manners: Manners) -> None:
        super().__init__()
        self.allowed, self.patience = manners.allowed, manners.patience

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> Any:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as e:
            raise httpcore.ConnectError(f"no address for {host} ({e})") from None
        addresses = list(dict.fromkeys(str(f[4][0]) for f in found))
        if f"{host}:{port}" not in self.allowed:
            for address in addresses:
                if not is_public(address):
                    raise NotHad(f"{host} is a private address ({address})", final=True)
        return Timed(super().connect_tcp(addresses[0], port, *args, **options), self.patience)


class Timed:
    """A connection that ends after a time, however slowly its bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, patience: float, end: float = 0.0) -> None:
        self.stream, self.patience = stream, patience
        self.end = end or time.monotonic() + patience

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if time.monotonic() > self.end:
            raise NotHad(f"it takes more than {self.patience:,.0f} seconds")
        return self.stream.read(max_bytes, timeout)

    def start_tls(self, *args: Any, **options: Any) -> Timed:
        return Timed(self.stream.start_tls(*args, **options), self.patience, self.end)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast


class Fetcher:
    """A client that keeps its manners; one for a whole collection, safe among threads."""

    def __init__(self, manners: Manners) -> None:
        if not manners.contact.strip():
            raise AnalysisError(
                "No contact is given.",
                "Name an e-mail or web address that a server's keeper can write to.",
            )
        self.manners = manners
        context = httpx.create_ssl_context(trust_env=False)
        transport = httpx.HTTPTransport(verify=context, trust_env=False)
        # Every request has a connection of its own, so that its time can be told.
        transport._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=Guard(manners), max_keepalive_connections=0
        )
        self.client = httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(manners.timeout),
            headers={"User-Agent": manners.agent, "Accept-Encoding": "gzip"},
            trust_env=False,
        )
        self._robots: dict[str, RobotFileParser | NotHad] = {}
        self._due: dict[str, float] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        self.client.close()

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, robots: bool = True
    ) -> Answer:
        """The answer to an address after redirects, robots.txt, pauses and several tries.

        Raises
        ------
        NotHad
            With the reason.
        """
        seen = {url}
        for _ in range(REDIRECTS):
            askable(url)
            if robots and not self._may(url):
                raise NotHad("robots.txt asks not to", final=True)
            answer = self._patiently(url, headers or {})
            target = answer.headers.get("location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            url = urljoin(url, target.strip())
            if url in seen:
                raise NotHad("its redirects go round in a circle", answer.status)
            seen.add(url)
        raise NotHad(f"more than {REDIRECTS} redirects")

    def _patiently(self, url: str, headers: Mapping[str, str]) -> Answer:
        """One request, tried again where it may come right."""
        for left in reversed(range(self.manners.tries)):
            asked = 0.0
            try:
                answer = self._once(url, headers)
                if answer.status not in AGAIN:
                    return answer
                asked = retry_after(answer.headers.get("retry-after", ""))
                too_long = asked > self.manners.patience
                told = f"it asks to wait {asked:,.0f} seconds" if too_long else ""
                raise NotHad(told or f"status {answer.status}", answer.status, final=too_long)
            except NotHad as e:
                if not left or e.final:
                    raise
            time.sleep(max(self.manners.backoff * 2 ** (self.manners.tries - left - 1), asked))
        raise NotHad("it was never tried")

    def _once(self, url: str, headers: Mapping[str, str]) -> Answer:
        host = urlsplit(url).netloc.lower()
        with self._turn(host):
            try:
                with self.client.stream("GET", url, headers=dict(headers)) as response:
                    self.client.cookies.clear()
                    body = self._body(response)
                    return Answer(url, response.status_code, dict(response.headers), body)
            except httpx.TimeoutException:
                raise NotHad("it does not answer in time") from None
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as e:
                raise NotHad(f"the connection failed ({str(e)[:80] or type(e).__name__})") from None
            except UnicodeError:
                raise NotHad("no address of the web", final=True) from None

    def _body(self, response: httpx.Response) -> bytes:
        """The body, unpacked, within its bounds of size and time."""
        largest = self.manners.largest
        too_large = NotHad(f"more than {largest:,} bytes", response.status_code, final=True)
        packing = response.headers.get("content-encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise NotHad(f"it is packed as {packing[:20]}, which was not asked for", final=True)
        promised = response.headers.get("content-length", "")
        if promised.isdigit() and int(promised[:18]) > largest:
            raise too_large
        unpack = zlib.decompressobj(47) if "gzip" in packing else None
        body, sent = bytearray(), 0
        for chunk in response.iter_raw():
            sent += len(chunk)
            try:
                body += unpack.decompress(chunk, largest + 1 - len(body)) if unpack else chunk
            except zlib.error:
                raise NotHad("its packing is broken", response.status_code) from None
            if max(len(body), sent) > largest:
                raise too_large
        if unpack and not unpack.eof and sent:
            raise NotHad("its packing breaks off", response.status_code)
        return bytes(body)

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """One request at a time to a host, and a pause after each."""
        with self._lock:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            time.sleep(max(0.0, self._due.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                rules = self._robots.get(host)
                own = isinstance(rules, RobotFileParser) and rules.crawl_delay(self.manners.agent)
                asked = float(own or 0)
                pause = max(self.manners.pause, min(asked, self.manners.patience))
                self._due[host] = time.monotonic() + pause

    def _may(self, url: str) -> bool:
        """Whether a host's robots.txt lets this user agent fetch an address (RFC 9309)."""
        parts = urlsplit(url)
        host = parts.netloc.lower()
        if host not in self._robots:
            self._robots[host] = self._rules(f"{parts.scheme}://{host}/robots.txt")
        if isinstance(rules := self._robots[host], NotHad):
            raise rules
        return rules.can_fetch(self.manners.agent, url)

    def _rules(self, address: str) -> RobotFileParser | NotHad:
        """A host's rules; where they cannot be asked for, why, for all its addresses."""
        rules = RobotFileParser()
        try:
            answer = self.get(address, robots=False)
        except NotHad as e:
            return NotHad(e.reason, e.status, final=e.final)
        if answer.status >= 500:
            return NotHad("its robots.txt cannot be read", answer.status)
        text = answer.body[:ROBOTS].decode("utf-8", "replace") if answer.status < 400 else ""
        rules.parse(text.splitlines())
        return rules


def askable(url: str) -> str:
    """An address that may be asked: http or https, a host, no password in it.

    Raises
    ------
    NotHad
        For any other.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise NotHad("no address of the web", final=True) from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username:
        raise NotHad("no address of the web", final=True)
    return url


def retry_after(value: str) -> float:
    """The seconds that a server asks to wait, as a number or a date; 0 where it does not."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        then = email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, then - time.time())
