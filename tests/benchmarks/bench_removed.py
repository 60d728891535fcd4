"""What is left of the bundled corpus: words and articles by outlet, and removed lines by kind.

python -m tests.benchmarks.bench_removed --write   rewrites the two tables in data/README.md
"""

import sys

import pandas as pd

from analysis.data import DATA
from analysis.measure.measures import Measures
from analysis.measure.package import open_measures

README = DATA / "README.md"
BEGIN, END = "<!-- what is left: begin -->\n", "<!-- what is left: end -->\n"
USES = (1, 2, 3)


def tables(measures: Measures) -> str:
    """Two tables in Markdown, worked out from the measured tables alone."""
    articles, removed = measures.articles, measures.removed
    taken = removed.groupby("article")["words"].sum().reindex(articles["id"]).fillna(0)
    rows = articles.assign(before=articles["words"].to_numpy() + taken.to_numpy(), articles=1)
    left = {"articles": rows["articles"], "words, with removed lines": rows["before"]}
    left["words"] = rows["words"]
    for least in USES:
        left[f"articles with {least}+ uses"] = (rows["topic_uses"] >= least).astype(int)
    left |= {"articles kept": rows["on_topic"].astype(int)}
    left |= {"words kept": rows["words"].where(rows["on_topic"], 0)}
    by_outlet = pd.DataFrame(left).groupby(rows["outlet"]).sum().astype(int)
    by_outlet.loc["all"] = by_outlet.sum()
    by_kind = removed.groupby("kind").agg(
        lines=("lines", "sum"), words=("words", "sum"), articles=("article", "nunique")
    )
    return f"{_markdown(by_outlet)}\n{_markdown(by_kind)}"


def _markdown(table: pd.DataFrame) -> str:
    head = [str(table.index.name), *table.columns]
    lines = [head, ["---"] * len(head)]
    lines += [[str(name), *(f"{v:,}" for v in row)] for name, *row in table.itertuples()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(text: str, measures: Measures) -> str:
    """The README with the tables of these measures between its two marks."""
    start, rest = text.split(BEGIN)
    return f"{start}{BEGIN}{tables(measures)}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    found = open_measures("crimea-2014")
    print(tables(found))
    if "--write" in sys.argv:
        README.write_text(written(README.read_text("utf-8"), found), "utf-8")
