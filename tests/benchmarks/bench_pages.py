"""Saved HTML pages against their gold text: token precision, recall, F1 (prints, no assertion).

Usage: python tests/benchmarks/bench_pages.py [FOLDER], FOLDER holding html/*.gz and
ground_truth.json (dobbersc/fundus-evaluation; default: publisher-pages in the shared material).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from analysis.gather.pages import read_page

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def main(folder: Path) -> None:
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    scores, lost, total, read, started = [], 0, 0, Counter[str](), perf_counter()
    for name, article in sorted(truth.items()):
        page = gzip.decompress((folder / "html" / name).read_bytes())
        found = read_page(page, file=name)
        read.update(field for field in ("title", "date", "outlet") if found[field])
        ours, gold = words(found["text"]), words(" ".join(article["body"]))
        both = (ours & gold).total()
        precision, recall = both / max(1, ours.total()), both / max(1, gold.total())
        scores.append((precision, recall, 2 * precision * recall / max(1e-9, precision + recall)))
    seconds = perf_counter() - started
    means = [sum(column) / len(scores) for column in zip(*scores, strict=True)]
    print(f"{len(scores)} pages, {seconds:.1f} s")
    print("mean token precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*means))
    print("read:", ", ".join(f"{field} {n}" for field, n in read.items()))
    for article in truth.values():
        found = read_page("\n\n".join(article["body"]))
        total += sum(map(len, article["body"]))
        lost += sum(len(line) for line, _ in found["removed"])
    print(f"rules for page text on the gold paragraphs: {lost} of {total} characters removed")


if __name__ == "__main__":
    default = SHARED / "pages" / "publisher-pages" / "dataset"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
