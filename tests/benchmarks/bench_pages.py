"""Saved HTML pages against their gold text, beside trafilatura alone (prints, no assertion).

Token precision, recall and F1; leads lost (fewer than 8 of 10 words of the first gold paragraph are
there); other headlines (paragraphs that the gold text lacks and that are, in the page, the text of
a link); the address against the gold address; the day against the one that the address holds.

Usage: python tests/benchmarks/bench_pages.py [FOLDER] [--worst], FOLDER holding html/*.gz and
ground_truth.json (dobbersc/fundus-evaluation; default: publisher-pages in the shared material).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from time import process_time
from urllib.parse import urlsplit

import lxml.html
import trafilatura

from analysis.gather.pages import read_page

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def ours(page: bytes, name: str) -> dict[str, str]:
    return read_page(page, file=name)


def alone(page: bytes, _: str) -> dict[str, str]:
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True).as_dict()
    named = {"outlet": "sitename", "date": "date", "url": "url", "title": "title", "text": "text"}
    return {ours: found[theirs] or "" for ours, theirs in named.items()}


def address(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")


def linked(page: bytes, url: str) -> set[str]:
    """The texts of links that lead out of the page."""
    tree = lxml.html.fromstring(page.decode("utf-8", "replace").encode(), base_url=url)
    tree.make_links_absolute(handle_failures="ignore")
    away = (a for a in tree.iter("a") if address(a.get("href") or "") != address(url))
    return {" ".join(a.text_content().split()).casefold() for a in away}


def judge(found: dict[str, str], gold: dict, page: bytes) -> Counter[str]:
    body = gold["body"]
    mine, true = words(found["text"]), words(" ".join(body))
    both = (mine & true).total()
    precision, recall = both / max(1, mine.total()), both / max(1, true.total())
    lead = words(body[0])
    known = " ".join(body).casefold()
    links = linked(page, gold["url"])
    lines = [line.strip().casefold() for line in found["text"].split("\n")]
    leaks = [x for x in lines if len(x.split()) >= 4 and x in links and x not in known]
    dated = re.search(r"/(20\d\d)/(?:[a-z]{3}/)?(\d\d)/(\d\d)/", gold["url"])
    score = Counter(precision=precision, recall=recall, pages=1)
    score["F1"] = 2 * precision * recall / max(1e-9, precision + recall)
    score["leads lost"] = (lead & mine).total() < 0.8 * lead.total()
    score["other headlines"] = len(leaks)
    score["headline in text"] = bool(lines) and lines[0] == found["title"].strip().casefold()
    score["address right"] = address(found["url"]) == address(gold["url"])
    score["dated"] = bool(found["date"])
    score["day in address"] = bool(dated)
    score["day right"] = bool(dated) and found["date"] == "-".join(dated.groups())
    score["outlet said"] = bool(found["outlet"])
    return score


def main(folder: Path, worst: bool) -> None:
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    for title, read in (("ours", ours), ("trafilatura", alone)):
        total, seconds, each, outlets = Counter(), 0.0, [], {}
        for name, gold in sorted(truth.items()):
            page = gzip.decompress((folder / "html" / name).read_bytes())
            started = process_time()
            found = read(page, name)
            seconds += process_time() - started
            score = judge(found, gold, page)
            each.append((score["F1"], name, score))
            outlets.setdefault(name.rsplit("_", 1)[0], set()).add(found["outlet"])
            total += score
        n = total["pages"]
        means = ", ".join(f"{k} {total[k] / n:.3f}" for k in ("precision", "recall", "F1"))
        counts = ", ".join(
            f"{k} {total[k]}" for k in sorted(total) if k not in ("precision", "recall", "F1")
        )
        print(f"{title}: {means}; {counts}; {seconds:.1f} s CPU")
        if worst:
            print("  outlets:", {k: sorted(v) for k, v in outlets.items()})
            for f1, name, score in sorted(each, key=lambda e: e[:2])[:12]:
                print(f"  {f1:.3f} {name}", {k: round(v, 2) for k, v in score.items() if v})
    total = lost = 0
    for article in truth.values():
        found = read_page("\n\n".join(article["body"]))
        total += sum(map(len, article["body"]))
        lost += sum(len(line) for line, _ in found["removed"])
    print(f"rules for page text on the gold paragraphs: {lost} of {total} characters removed")


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if not a.startswith("--")]
    default = SHARED / "pages" / "publisher-pages" / "dataset"
    main(Path(given[0]) if given else default, "--worst" in sys.argv)
