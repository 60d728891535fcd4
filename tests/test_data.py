"""The data that is shipped, and the datasheet that describes it."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from benchmarks import bench_removed
from conftest import SHARED, needs_shared

import analysis
from analysis.data import DATA
from analysis.measure.measures import Measures
from analysis.measure.reference import read_reference
from analysis.measure.schema import SCHEMA, columns_of

ROOT = DATA.parent
DATASHEET = (DATA / "README.md").read_text("utf-8")
OWNERSHIP = {"public service", "state-funded international", "private", "non-profit"}


@pytest.fixture(scope="module")
def corpus() -> Measures:
    return analysis.open_measures("crimea-2014")


def documented(file: str) -> list[tuple[str, str, str]]:
    """The rows of the column table under the datasheet's line on a file."""
    section = DATASHEET.split(f"\n`{file}`:", 1)[1].split("\n\n", 2)[1]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines()[2:]]
    return [(name.strip("`"), kind, text) for name, kind, text in rows]


@pytest.mark.parametrize("name", list(SCHEMA))
def test_the_datasheet_describes_every_column(name: str) -> None:
    table = SCHEMA[name]
    columns = [(c, s.type, s.description) for c, s in table.columns.items()]
    assert documented(table.file) == columns


def test_the_datasheet_names_the_corpus_tags(corpus: Measures) -> None:
    tags = set(columns_of("articles", corpus.articles)) - set(SCHEMA["articles"].columns)
    assert tags == {"stage"}
    assert all(f"`{tag}`" in DATASHEET for tag in tags)


def test_the_datasheet_s_numbers_are_those_of_the_data(corpus: Measures) -> None:
    articles = corpus.articles
    said = (
        f"{len(articles)} articles of {articles['outlet'].nunique()} outlets",
        "all 30 articles of the BBC and 19 of the 27 of the Telegraph",
        f"{read_reference().n_articles:,} articles",
    )
    assert all(text in re.sub(r"\s+", " ", DATASHEET) for text in said)
    undated = articles[articles["date"] == ""].groupby("outlet").size().to_dict()
    assert undated == {"BBC": 30, "Telegraph": 19}
    assert (articles["stage"] == "talks").sum() == 5
    by_collection = articles["collection"].value_counts().to_dict()
    for name, n in by_collection.items():
        assert re.search(rf"\| `{re.escape(name)}`.*\| {n} \|", DATASHEET), name


def test_no_field_but_headline_and_address_is_longer_than_a_name(corpus: Measures) -> None:
    """Patterns are the project's own: they stand in its word lists."""
    hashes = {"text_sha256", "sha256"}
    for name in SCHEMA:
        table = getattr(corpus, name)
        for column in set(table.columns) - {"title", "url", "pattern"} - hashes:
            values = table[column].astype("str")
            words = values.str.split().str.len().max() if len(values) else 0
            assert not words > 11, f"{name}.{column}"
            assert values.str.len().max() <= 100 or not len(values), f"{name}.{column}"


def test_every_outlet_is_classified_with_a_source(corpus: Measures) -> None:
    outlets = corpus.outlets
    assert set(outlets["ownership"]) <= OWNERSHIP
    assert (outlets["country"] != "").all() and (outlets["note"] != "").all()


def test_the_reading_list_is_documented() -> None:
    with (DATA / "reading-lists/crimea-talks-2014.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 115
    section = DATASHEET.split("## The reading list", 1)[1]
    assert all(f"`{column}`" in section for column in rows[0])
    assert "115 addresses" in section and "Unverified" in section


def test_the_data_is_small() -> None:
    reference = sum(p.stat().st_size for p in (DATA / "reference").iterdir())
    assert reference <= 2_000_000


@needs_shared
def test_the_corpus_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    articles = analysis_run(
        "gather",
        *(SHARED / "corpora/crimea-2014.jsonl", *sorted(SHARED.glob("seeds/*.txt"))),
        "--metadata",
        DATA / "corpora/crimea-2014.csv",
        out=tmp_path / "articles.parquet",
    )
    about = DATA / "corpora/crimea-2014.toml"
    built = analysis_run("measure", articles, "--about", about, out=tmp_path / "crimea-2014")
    for path in sorted((DATA / "crimea-2014").iterdir()):
        assert path.read_bytes() == (built / path.name).read_bytes(), path.name


def analysis_run(command: str, *words: object, out: Path) -> Path:
    line = [sys.executable, "-m", "analysis", command, *map(str, words), "--out", str(out)]
    subprocess.run(line, check=True, cwd=ROOT, capture_output=True, timeout=600)
    return out


@needs_shared
def test_no_text_of_an_article_is_in_the_project() -> None:
    checker = SHARED / "tools/find_copied_text.py"
    found = subprocess.run(
        [sys.executable, str(checker), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert found.returncode == 0, found.stdout


def test_the_corpus_says_how_it_was_measured(corpus: Measures) -> None:
    measured = corpus.package["measured"]
    assert measured["version"] == analysis.__version__
    assert corpus.notes == ()  # neither the rule of a word nor a list has changed since
    assert {"token_rule", "shingle_words", "lexicons"} <= set(measured)
    assert pd.Index(corpus.articles["id"]).is_unique


EVENT = re.compile(r"crimea(?!-2014)|ukraine\b|kremlin|lavrov|\bthe talks\b", re.IGNORECASE)


def _sources() -> dict[str, str]:
    """What was written, not what came of it: code, templates, scripts, cells of notebooks."""
    found = {}
    for path in [*(ROOT / "analysis").rglob("*"), *(ROOT / "notebooks").rglob("*.ipynb")]:
        if path.suffix in (".py", ".j2", ".js", ".css", ".html"):
            found[path.name] = path.read_text("utf-8")
        elif path.suffix == ".ipynb":
            cells = json.loads(path.read_text("utf-8"))["cells"]
            found[path.name] = "\n".join("".join(cell["source"]) for cell in cells)
    return found


def test_nothing_of_one_event_stands_in_the_tool() -> None:
    sources = _sources()
    assert len(sources) > 60
    told = {name: EVENT.findall(text) for name, text in sources.items() if EVENT.search(text)}
    assert told == {}


def test_every_bundled_article_is_judged_and_the_topic_keeps_those_that_are_about_it(
    corpus: Measures,
) -> None:
    judged = pd.read_csv(DATA / "quality" / "crimea-2014-topic.csv", dtype="str").set_index("id")
    articles = corpus.articles.set_index("id")
    assert set(judged.index) == set(articles.index) and set(judged["on_topic"]) == {"yes", "no"}
    about = judged["on_topic"].reindex(articles.index) == "yes"
    assert int(about.sum()) == 52
    uses, share = articles["topic_uses"], 1000 * articles["topic_uses"] / articles["words"]
    for least, per_1000, kept, right in (
        (1, 0, 112, 52),
        (2, 0, 83, 52),
        (3, 0, 72, 50),
        (2, 5, 61, 48),
    ):
        enough = (uses >= least) & (share >= per_1000)
        assert (int(enough.sum()), int((enough & about).sum())) == (kept, right)
        of = f"{right} of {kept}, .{round(100 * right / kept)} | {right} of 52 |"
        assert f"| {least} | {per_1000 or ''} | {kept} | {of}".replace("|  |", "| |") in DATASHEET
    rule = corpus.description
    assert (rule.topic_least, rule.topic_share) == (2, 5)
    assert len(corpus.on_topic().articles) == 61


def test_what_is_left_of_the_corpus_is_what_its_tables_say(corpus: Measures) -> None:
    assert bench_removed.written(DATASHEET, corpus) == DATASHEET
    (last,) = [line for line in DATASHEET.splitlines() if line.startswith("| all |")]
    assert last.split(" | ")[1] == f"{len(corpus.articles)}"
