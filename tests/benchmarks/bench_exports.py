"""What comes of the exports in ../shared: counts, outlets, dates and lengths, per file.

Run: ``python tests/benchmarks/bench_exports.py [FOLDER]``.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from analysis.gather.drafts import Draft, Options
from analysis.gather.sources import read_file

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "exports"
HEAD = "file | read as | articles | outlets | first | last | untitled | words to words stated | s"


def agreement(drafts: list[Draft]) -> str:
    """The median share of the words that the database counted which the text holds."""
    shares = sorted(
        len(d.fields["text"].split()) / int(d.fields["length"])
        for d in drafts
        if d.fields.get("length", "").isdigit() and int(d.fields["length"])
    )
    if not shares:
        return "none stated"
    low = sum(s < 0.8 for s in shares)
    return f"{shares[len(shares) // 2]:.2f} ({low} of {len(shares)} below 0.80)"


def main(folder: Path) -> None:
    print(HEAD)
    for path in sorted(folder.iterdir()):
        start = time.perf_counter()
        found = list(read_file(path, path.name, Options()))
        taken = time.perf_counter() - start
        drafts = [f for f in found if isinstance(f, Draft)]
        for problem in (f for f in found if not isinstance(f, Draft)):
            print(f"  refused: {problem}")
        outlets = Counter(d.fields["outlet"] for d in drafts)
        dates = sorted(d.fields["date"] for d in drafts)
        cells = [
            path.name,
            drafts[0].form if drafts else "",
            str(len(drafts)),
            ", ".join(f"{n} × {name}" for name, n in sorted(outlets.items())),
            dates[0] if dates else "",
            dates[-1] if dates else "",
            str(sum(not d.fields["title"] for d in drafts)),
            agreement(drafts),
            f"{taken:.1f}",
        ]
        print(" | ".join(cells))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
