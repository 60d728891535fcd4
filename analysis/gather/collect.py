"""From a list of addresses to articles: fetched politely, kept raw, never lost.

The list is read (:func:`addresses_of`), what is missing is fetched host by host into a WARC beside
the output, and the articles are extracted from it. A second run fetches only what is missing.
"""

import hashlib
import json
import os
import re
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

import lxml.etree  # type: ignore[import-untyped]
import pandas as pd

from analysis.errors import AnalysisError
from analysis.gather.articles import assembled, may_write, write_articles
from analysis.gather.decode import decode
from analysis.gather.drafts import Draft, Tally, fill, one_line
from analysis.gather.fetch import Answer, Fetcher, Manners, NotHad, askable
from analysis.gather.pages import FIELDS, read_page
from analysis.gather.problems import Remark, refused
from analysis.gather.tables import read_named
from analysis.gather.webarchive import Archive
from analysis.progress import step
from analysis.writing import may_replace, replacing, write_csv

REPORT = [
    *("address", "outcome", "source", "reason", "status", "fetched", "snapshot", "article"),
    *("outlet", "date", "title"),
]
LONGEST = 4000  # characters of an address
MOST = 200_000  # addresses of a list


def host_of(address: str) -> str:
    """Host and port of an address, '' where it has none."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


@dataclass(frozen=True)
class Wanted:
    """An address of the list, and what the list says of it."""

    address: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def outlet(self) -> str:
        """The host, where nothing else names an outlet."""
        return host_of(self.address).partition(":")[0].removeprefix("www.")

    @property
    def id(self) -> str:
        """Host and a hash of the address: the same in every run."""
        digest = hashlib.sha256(self.address.encode()).hexdigest()[:10]
        return f"{self.outlet or 'address'}-{digest}"


@dataclass(frozen=True)
class Collected:
    """What came of a collection.

    Attributes
    ----------
    articles
        The Articles table, as :func:`analysis.read_articles` gives it.
    report
        One row per address of the list: ``address``; ``outcome`` (``had``, ``no text`` where the
        answer holds no article, ``not had``); ``source`` (``live`` or ``archive``); ``reason``;
        ``status`` of the last answer; ``fetched``, the address that answered; ``snapshot``, the
        archive's time (YYYYMMDDhhmmss); ``article``, its id; ``outlet``, ``date``, ``title``.
    """

    articles: pd.DataFrame
    report: pd.DataFrame


def collect(
    list_: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    manners: Manners,
    columns: Mapping[str, str] | None = None,
    refresh: bool = False,
    force: bool = False,
    progress: bool = False,
) -> Collected:
    """Fetch the addresses of a list and write the articles they hold.

    Parameters
    ----------
    list_
        A table with a column of addresses (CSV, TSV, JSON, JSONL, Parquet; exports of Media Cloud
        and GDELT), a plain list with one address a line, an RSS or Atom feed, or a sitemap.
    out
        The Articles table to write. Beside it: ``STEM.warc.gz``, every raw answer, and
        ``STEM.collected.csv``, the report.
    manners
        How to fetch: contact, pauses, bounds, archive (:class:`analysis.gather.fetch.Manners`).
    columns
        Wanted column → its name in the list.
    refresh
        Ask again for what is there, with conditional requests.
    force
        Write over an output that this tool did not write.
    progress
        Show how many addresses are done.

    Raises
    ------
    AnalysisError
        The list holds no address, there is no contact, the output is taken, or nothing was had.
    """
    out, source = Path(out), Path(list_)
    may_write(out, [source], force=force)
    told = may_replace(out.parent / f"{out.stem}.collected.csv", _not_a_report, force=force)
    wanted = addresses_of(source, columns)
    warc = out.parent / f"{out.stem}.warc.gz"
    with closing(Fetcher(manners)) as fetcher, Archive(warc) as kept:
        why = _fetch_all(wanted, fetcher, kept, refresh, progress)
        drafts, rows = _extract(wanted, kept, why)
    found = assembled(drafts, Tally(), skip_bad=True).articles if drafts else None
    report = pd.DataFrame(rows, columns=REPORT, dtype="str")
    with replacing(told, _not_a_report) as part:
        write_csv(report, part)
    if found is None:
        first = next((r["reason"] for r in rows if r["reason"]), "")
        received = f"None of the {len(rows)} addresses gave an article ({first})."
        raise AnalysisError(received, f"Why each did not: {out.stem}.collected.csv.")
    write_articles(found, out)
    return Collected(found, report)


# The list.


def addresses_of(path: Path, columns: Mapping[str, str] | None = None) -> list[Wanted]:
    """The addresses of a list, each once, in the order of their first mention."""
    if not path.is_file():
        raise AnalysisError(f"{path}: no file is there.", "Give a file with addresses.")
    data = path.read_bytes()
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        found = _from_feed(data, path.name)
    elif path.suffix.lower() in (".txt", ".list", ".urls", "") or head.lower().startswith(b"http"):
        text, _ = decode(data, path.name)
        lines = (x.strip() for x in text.splitlines())
        found = [Wanted(x) for x in lines if x and not x.startswith("#")]
    else:
        found = _from_table(data, path.name, columns or {})
    once: dict[str, Wanted] = {}
    for one in found:
        address = urldefrag(one.address.strip())[0][:LONGEST]
        once.setdefault(address, Wanted(address, one.fields))
    if not once or len(once) > MOST:
        received = f"{path.name}: {len(once):,} addresses."
        raise AnalysisError(received, f"Give a list of 1 to {MOST:,}.")
    return list(once.values())


def _from_table(data: bytes, file: str, columns: Mapping[str, str]) -> list[Wanted]:
    table = read_named(data, file, columns)
    for told in table.told:
        if not isinstance(told, Remark):
            raise told
    if "url" not in table.columns:
        there = ", ".join(sorted(table.columns))
        raise refused(file, "no-addresses", 0, "url", there=there)
    found = [_wanted(Draft(file, k, {}), row, table.dayfirst) for k, row in table.rows]
    return [one for one in found if one.address]


def _wanted(draft: Draft, row: Mapping[str, Any], dayfirst: bool | None = None) -> Wanted:
    """An address, and what a list says of it: the day, and the time where one is stated."""
    fill(draft, {k: v for k, v in row.items() if k != "id"}, dayfirst)
    told = {k: one_line(v) for k, v in draft.fields.items() if v}
    return Wanted(told.pop("url", ""), told)


def _from_feed(data: bytes, file: str) -> list[Wanted]:
    """RSS and Atom entries, or the addresses of a sitemap."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.LxmlError, ValueError) as e:
        raise refused(file, "feed", error=str(e)) from None
    found = []
    for entry in root.iter("{*}item", "{*}entry", "{*}url"):
        address = _child(entry, "link", "loc") or _href(entry)
        dates = ("pubDate", "published", "publication_date", "date")
        row = {"url": address, "title": _child(entry, "title"), "date": _child(entry, *dates)}
        found.append(_wanted(Draft(file, 0, {}), row))
    return [one for one in found if one.address]


def _child(entry: Any, *names: str) -> str:
    texts = (
        " ".join("".join(e.itertext()).split()) for n in names for e in entry.iter(f"{{*}}{n}")
    )
    return next(filter(None, texts), "")


def _href(entry: Any) -> str:
    links = [e for e in entry.iter("{*}link") if e.get("href")]
    links.sort(key=lambda e: e.get("rel", "alternate") != "alternate")
    return str(links[0].get("href")) if links else ""


# Fetching.


def _fetch_all(
    wanted: Sequence[Wanted], fetcher: Fetcher, kept: Archive, refresh: bool, progress: bool
) -> dict[str, NotHad]:
    """Fetch what is missing, every host in a thread of its own; why what was not had was not."""
    hosts: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        if refresh or one.address not in kept.kept:
            hosts[host_of(one.address)].append(one)
    why: dict[str, NotHad] = {}
    before = len(wanted) - sum(map(len, hosts.values()))
    lock, stop = threading.Lock(), threading.Event()
    with (
        step("collecting", len(wanted), "address", shown=progress) as done,
        ThreadPoolExecutor(max_workers=max(1, fetcher.manners.hosts)) as pool,
    ):

        def host(asked: Sequence[Wanted]) -> None:
            for one in asked:
                if stop.is_set():
                    return
                reason = _fetch(one, fetcher, kept)
                with lock:
                    why.update({one.address: reason} if reason else {})
                    done(1)

        done(before)
        try:
            for future in as_completed([pool.submit(host, asked) for asked in hosts.values()]):
                future.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
    return why


def _fetch(one: Wanted, fetcher: Fetcher, kept: Archive) -> NotHad | None:
    """One address: from its own server, else from the archive; None if it was had."""
    old = kept.kept.get(one.address)
    again = {"If-None-Match": old.tag, "If-Modified-Since": old.modified} if old else {}
    try:
        answer = fetcher.get(askable(one.address), {k: v for k, v in again.items() if v})
        if answer.status != 304 or not old:
            kept.keep(one.address, _article(one, answer))
        return None
    except NotHad as e:
        live = e
    if old:
        return None
    if not fetcher.manners.archive or live.reason.startswith(("robots.txt asks", "no address")):
        return live
    try:
        kept.keep(one.address, *_from_archive(one, fetcher))
        return None
    except NotHad as e:
        return NotHad(f"{live.reason}; archive: {e.reason}", live.status or e.status)


def _article(one: Wanted, answer: Answer) -> Answer:
    """The answer, if it can be the article that was asked for."""
    if answer.status != 200:
        raise NotHad(f"status {answer.status}", answer.status)
    kind = answer.headers.get("content-type", "text/html").lower()
    if not re.match(r"\s*(?:text/|application/(?:xhtml|xml))", kind):
        raise NotHad(f"no page but {kind[:40]}", answer.status)
    asked, given = urlsplit(one.address), urlsplit(answer.url)
    if asked.path.strip("/") and not given.path.strip("/") and not given.query:
        raise NotHad("it leads to the front page", answer.status)
    if not answer.body.strip():
        raise NotHad("an empty page", answer.status)
    return answer


def _from_archive(one: Wanted, fetcher: Fetcher) -> tuple[Answer, str]:
    """The archive's copy nearest to the article's date."""
    day = one.fields.get("date", "").replace("-", "")
    query = f"url={quote(one.address, safe='')}&output=json&limit=1&filter=statuscode:200"
    query += f"&sort=closest&closest={day}" if day else ""
    base = fetcher.manners.archive
    try:
        names, found = json.loads(fetcher.get(f"{base}/cdx/search/cdx?{query}", robots=False).body)
        stamp = str(found[names.index("timestamp")])
    except (NotHad, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        stamp = ""
    if not re.fullmatch(r"\d{14}", stamp):
        raise NotHad("no copy")
    answer = fetcher.get(f"{base}/web/{stamp}id_/{one.address}", robots=False)
    given = re.search(r"/web/(\d{14})", answer.url)
    return _article(one, answer), given[1] if given else stamp


# Extracting.


def _extract(
    wanted: Sequence[Wanted], kept: Archive, why: Mapping[str, NotHad]
) -> tuple[list[Draft], list[dict[str, str]]]:
    """A draft for every answer that holds an article, and a row of the report for every address."""
    drafts, rows = [], []
    for n, one in enumerate(wanted, 1):
        row = dict.fromkeys(REPORT, "") | {"address": one.address}
        row |= {k: one.fields.get(k, "") for k in ("outlet", "date", "title")}
        place = kept.kept.get(one.address)
        if place is None:
            error = why.get(one.address) or NotHad("it was not asked for")
            status = str(error.status or "")
            row |= {"outcome": "not had", "reason": error.reason, "status": status}
        else:
            answer = kept.answer(one.address)
            row |= {"source": "archive" if place.snapshot else "live", "fetched": place.url}
            row |= {"snapshot": place.snapshot, "status": str(answer.status)}
            try:
                drafts.append(_draft(one, n, answer))
                told = drafts[-1].fields
                row |= {k: told.get(k, "") for k in ("outlet", "date", "title")}
                row |= {"outcome": "had", "article": one.id}
            except AnalysisError as e:
                row |= {"outcome": "no text", "reason": e.received}
        rows.append(row)
    return drafts, rows


def _draft(one: Wanted, n: int, answer: Answer) -> Draft:
    page = read_page(answer.body, file=one.address, encoding=_charset(answer))
    fields = {k: v for k in (*FIELDS, "text") if (v := page[k]) and k not in ("url", "section")}
    listed = {k: v for k, v in one.fields.items() if k != "text"}
    if fields.get("title"):
        listed.pop("title", None)
    known = {"url": one.address, "outlet": one.outlet} | fields
    # A date that cannot be read for sure stays empty.
    draft = Draft(one.address, n, known, form=page["encoding"], removed=page["removed"])
    if listed.get("date", "") not in ("", fields.get("date")):
        draft.fields.pop("time", None)  # of another day
    draft.fields |= listed | {"id": one.id}
    return draft


def _charset(answer: Answer) -> str | None:
    """The encoding that the server names, where the bytes are not UTF-8 and it fits them."""
    m = re.search(r"charset=[\"']?([\w.:-]+)", answer.headers.get("content-type", ""), re.I)
    for name in ("utf-8", *([m[1]] if m else [])):
        try:
            answer.body.decode(name)
            return None if name == "utf-8" else name
        except (LookupError, UnicodeError):
            continue
    return None


def _not_a_report(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return "" if file.readline().strip() == ",".join(REPORT) else "it is no report of this tool"
