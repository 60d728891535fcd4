"""The folder of measures: written, checked, and whether a text can be had back from it."""

import hashlib
import itertools
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import analysis
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.measure import package
from analysis.measure.measures import Measures
from analysis.measure.overlaps import shingles, term_hashes
from analysis.measure.package import check_folder
from analysis.measure.schema import SCHEMA
from analysis.measure.tokens import tokenize


@pytest.fixture
def folder(measures: Measures, tmp_path: Path) -> Path:
    return analysis.write_measures(measures, tmp_path / "velmar")


def test_written_and_read_back(measures: Measures, folder: Path) -> None:
    again = analysis.open_measures(folder)
    for name in SCHEMA:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(measures, name))
    assert again.package == measures.package


def test_the_folder_is_a_valid_data_package(folder: Path) -> None:
    with frictionless.system.use_context(trusted=True):
        report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["name", "type", "message"]) == []
    assert {task.name for task in report.tasks} == set(SCHEMA)
    (folder / "articles.csv").write_text("id\n", "utf-8")
    with frictionless.system.use_context(trusted=True):
        assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_same_input_same_bytes(articles: pd.DataFrame, folder: Path, tmp_path: Path) -> None:
    shuffled = analysis.measure_articles(articles.sample(frac=1, random_state=3), publish=["stage"])
    other = analysis.write_measures(shuffled, tmp_path / "again")
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


@pytest.mark.parametrize("name", [t.file for t in SCHEMA.values()])
def test_one_changed_byte_names_its_file(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(AnalysisError, match=name.replace(".", r"\.")):
        analysis.open_measures(folder)


def test_what_is_no_measures_is_refused(measures: Measures, tmp_path: Path) -> None:
    others = [measures.articles, "velmar", None]
    tables = [replace(measures, terms=table) for table in ([1], None, pa.table({"a": [1]}))]
    negative = measures.terms.assign(count=-1)
    wrong = [replace(measures, terms=table) for table in (measures.articles, negative)]
    refused = r"Give measures as|Table terms: no column|terms, row 1, count"
    for given in (*others, *tables, *wrong):
        with pytest.raises(AnalysisError, match=refused):
            analysis.write_measures(given, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "terms.parquet").unlink()
    with pytest.raises(AnalysisError, match=r"terms\.parquet is missing"):
        analysis.open_measures(folder)


def _rewrite(folder: Path, name: str, old: str, new: str) -> None:
    """Change a table and mend its hash, as somebody would who edits by hand."""
    import hashlib

    path = folder / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    resource = next(r for r in package["resources"] if r["path"] == name)
    resource["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("velmar-00,", "velmar-01,", "more than one row"),
        ("velmar-00,", "velmar-99,", "is not in articles.csv"),
        (",sentences,", ",lines,", "columns"),
        ("Radio Skerry", "Radio Elsewhere", "is not in outlets.csv"),
    ],
)
def test_a_table_unlike_its_schema_is_refused(
    folder: Path, old: str, new: str, message: str
) -> None:
    _rewrite(folder, "articles.csv", old, new)
    with pytest.raises(AnalysisError, match=message):
        analysis.open_measures(folder)


def test_a_corpus_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="not a Measures folder"):
        analysis.open_measures(tmp_path)
    with pytest.raises(AnalysisError, match="Unknown corpus 'atlantis'"):
        analysis.open_measures("atlantis")


def test_a_folder_of_something_else_is_left_alone(measures: Measures, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(AnalysisError, match="which is no table of measures"):
        analysis.write_measures(measures, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_failed_write_leaves_the_old_folder(
    measures: Measures, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(package, "_arrow_schema", broken)
    with pytest.raises(OSError, match="disk full"):
        analysis.write_measures(measures, folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


# ---------------------------------------------------------------- folders that are not as they say


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    change(package)
    path.write_text(json.dumps(package), "utf-8")


def rehashed(folder: Path, name: str, rows: int | None = None) -> None:
    """Let the package say that a changed file is the one that was published."""

    def change(package: dict[str, Any]) -> None:
        resource = next(r for r in package["resources"] if r["path"] == name)
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        resource["hash"] = f"sha256:{digest}"
        resource["rows"] = resource["rows"] if rows is None else rows

    changed(folder, change)


def resource(package: dict[str, Any], key: str, value: object) -> None:
    package["resources"][2][key] = value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: resource(p, "path", "../terms.parquet"), r"terms: path \.\./terms.parquet"),
        (lambda p: resource(p, "rows", 10**30), "terms.parquet: rows"),
        (lambda p: resource(p, "rows", -1), "rows: '-1'"),
        (lambda p: resource(p, "rows", True), "rows: 'True'"),
        (lambda p: resource(p, "rows", 1.5), "rows: '1.5'"),
        (lambda p: resource(p, "schema", ["term"]), r"resources 3, schema.*\((list|str)\)"),
        (
            lambda p: resource(p, "schema", {"fields": ["term"]}),
            r"resources 3, schema.*\((list|str)\)",
        ),
        (lambda p: resource(p, "schema", {"fields": [{"name": "x"}]}), "terms: columns x"),
        (
            lambda p: resource(p, "name", "articles"),
            "lists the tables articles, articles, indicators",
        ),
        (lambda p: p.update(schema=99), "measured by another version .schema 99"),
        (lambda p: p.update(schema=True), "another version"),
        (lambda p: p.pop("schema"), "by an older version .schema 0.*Measure the articles again"),
        (lambda p: p.update(title=["a", "b"]), "title"),
        (lambda p: p.update(licenses="CC0"), "licenses: 'CC0'"),
        (lambda p: p.update(about={"terms": "pier"}), "terms: 'pier'"),
        (lambda p: p.update(about={"who": "me"}), "Unknown key in datapackage.json, about: 'who'"),
        (lambda p: p.update(resources={"terms": 1}), "resources"),
        (lambda p: p.update(measured=None), "measured"),
        (lambda p: p["measured"].update(lexicons=[]), "lexicons"),
        (lambda p: p["measured"]["lexicons"].update(generic="all"), "generic"),
        (lambda p: p["measured"].update(token_rule=7), "token_rule"),
        (lambda p: p["about"].pop("publish"), "'stage' is none that may be published"),
    ],
)
def test_a_package_that_is_none(
    folder: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    changed(folder, change)
    with pytest.raises(AnalysisError, match=message):
        analysis.open_measures(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "[" * 100_000, '{"schema": ' + "1" * 5000 + "}", "7"]
)
def test_json_that_is_no_package(folder: Path, text: str) -> None:
    (folder / "datapackage.json").write_text(text, "utf-8")
    with pytest.raises(AnalysisError):
        analysis.open_measures(folder)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("words", "-1", "row 1, words: '-1'"),
        ("words", "1.5", "words: '1.5'"),
        ("words", "true", "words: 'true'"),
        ("words", "9" * 30, "words: '999"),
        ("mattr", "inf", "mattr: 'inf'"),
        ("mattr", "much", "mattr: .*'much'"),
        ("date", "2031-13-01", "date: '2031-13-01'"),
        ("date", "9999-01-01", "date: '9999-01-01'"),
        ("date", "20310501", "date: '20310501'"),
        ("on_topic", "yes", "Unknown on_topic 'yes'"),
        ("id", "", "id: ''"),
    ],
)
def test_values_that_no_table_holds(folder: Path, column: str, value: str, message: str) -> None:
    path = folder / "articles.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.loc[0, column] = value
    table.to_csv(path, index=False, lineterminator="\n")
    rehashed(folder, "articles.csv")
    with pytest.raises(AnalysisError, match=re.escape(str(path)) + ".*" + message):
        analysis.open_measures(folder)


def parquet(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        pq.write_table(change(pq.read_table(path)), path)

    return write


def with_column(name: str, values: Callable[[pa.Table], Any]) -> Callable[[Path], None]:
    def change(table: pa.Table) -> pa.Table:
        return table.set_column(table.schema.get_field_index(name), name, values(table))

    return parquet(change)


def _of_bad_bytes(table: pa.Table) -> pa.Array:
    size = len(table)
    offsets = pa.py_buffer(np.arange(size + 1, dtype=np.int32).tobytes())
    bad = pa.Array.from_buffers(pa.string(), size, [None, offsets, pa.py_buffer(b"\xff" * size)])
    return pa.DictionaryArray.from_arrays(pa.array(np.arange(size, dtype=np.int32)), bad)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "cannot be read"),
        (lambda path: path.write_bytes(b"PAR1" + b"\0" * 200 + b"PAR1"), "cannot be read"),
        (parquet(lambda t: t.append_column("count", t["count"])), "columns"),
        (parquet(lambda t: t.drop_columns(["side"])), "columns"),
        (with_column("count", lambda t: t["count"].cast("string")), r"count .string"),
        (with_column("count", lambda t: pa.array([-1] * len(t))), "count: '-1'"),
        (
            with_column("zone", lambda t: pa.array(["foot"] * len(t)).dictionary_encode()),
            "Unknown zone 'foot'",
        ),
        (with_column("term", _of_bad_bytes), "cannot be read"),
        (with_column("term", lambda t: pa.array([["a"]] * len(t))), r"term .list"),
        (
            with_column("article", lambda t: pa.array(["x"] * len(t)).dictionary_encode()),
            "more than one row",
        ),
        (
            lambda path: pq.write_table(
                pa.table(
                    {c: pa.array(np.zeros(9_000_000, np.int64)) for c in pq.read_schema(path).names}
                ),
                path,
                compression="zstd",
            ),
            "declares 9,000,000 rows",
        ),
    ],
)
def test_parquet_that_is_not_what_it_says(
    folder: Path, damage: Callable[[Path], object], message: str
) -> None:
    path = folder / "terms.parquet"
    damage(path)
    rehashed(folder, "terms.parquet")
    with pytest.raises(AnalysisError, match=message):
        analysis.open_measures(folder)


def test_what_pandas_would_do_with_a_file_is_not_read_from_it(folder: Path) -> None:
    path = folder / "terms.parquet"
    hostile = {b"pandas": b'{"index_columns": ["term", 7], "columns": 3}'}
    pq.write_table(pq.read_table(path).replace_schema_metadata(hostile), path)
    rehashed(folder, "terms.parquet")
    assert len(analysis.open_measures(folder).terms)


def test_a_folder_to_be_published_holds_nothing_else(folder: Path) -> None:
    assert len(check_folder(folder).articles) == 12
    (folder / "articles.parquet").write_bytes(b"texts")
    with pytest.raises(AnalysisError, match=r"holds articles\.parquet"):
        check_folder(folder)


def test_other_rules_and_lists_than_todays_are_said(folder: Path) -> None:
    changed(folder, lambda p: p["measured"].update(token_rule="x"))
    changed(folder, lambda p: p["measured"]["lists"].update({"languages/en/markers.toml": "x"}))
    notes = analysis.open_measures(folder).notes
    assert notes == (
        "Measured with another rule of what a word is than this version's.",
        "Measured before these lists were changed: languages/en/markers.toml.",
    )


def test_every_list_that_decides_a_count_is_hashed(measures: Measures) -> None:
    lists = measures.package["measured"]["lists"]
    there = {p.relative_to(DATA).as_posix() for p in (DATA / "languages").rglob("*.toml")}
    assert set(lists) == there and all(re.fullmatch("[0-9a-f]{64}", h) for h in lists.values())


def test_a_corpus_is_found_from_where_one_stands_and_from_home(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    for name in ("velmar", "./velmar", "~/velmar", str(folder), folder):
        assert len(analysis.open_measures(name).articles) == 12
    monkeypatch.chdir("/")
    assert len(analysis.open_measures("data/crimea-2014").articles) == 113
    with pytest.raises(
        AnalysisError, match=r"Looked for: /velmer, .*/data/velmer\. Available: crimea"
    ):
        analysis.open_measures("velmer")


# ---------------------------------------------------------------- can a text be had back?


def runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = tokenize(text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def published(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables as anybody can read them, without this package."""
    return {
        path.stem: pd.read_csv(path, dtype="str", keep_default_na=False)
        if path.suffix == ".csv"
        else pq.read_table(path).to_pandas()
        for path in sorted(folder.iterdir())
        if path.name != "datapackage.json"
    }


LONG = [
    "Nobody in Velmar had expected the ferry to sink so fast, yet by dawn only a mast was seen.",
    "The mayor, Ida Brandt, said that the harbour was safe and that no child had been in danger.",
    "“We were told to wait for an hour while the water rose,” said Tomas Reuel of Skerry.",
    "Critics accuse the company of a sell-off that was illegal from the first day to the last one.",
    "Engineers will inspect every pile of the old pier before the crane may lift a single stone.",
    "In the market hall the herring sellers spoke of nothing else, and of the price of new nets.",
    "“Never again,” said Brandt. A war of words followed, and sanctions on the firm.",
]


@pytest.fixture
def attacked(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    rows = []
    for i in range(6):
        lines = LONG[i:] + LONG[:i]
        rows.append(
            {
                "id": f"a{i}",
                "outlet": ("Post", "Times")[i % 2],
                "title": f"Ferry sinks {i}",
                "text": "\n\n".join(line.replace("the", f"the{'x' * i}", 1) for line in lines),
            }
        )
    texts = {str(row["id"]): str(row["text"]) for row in rows}
    measured = analysis.measure_articles(pd.DataFrame(rows))
    return analysis.write_measures(measured, tmp_path / "published"), texts


def test_no_hash_of_a_run_of_words_is_published(attacked: tuple[Path, dict[str, str]]) -> None:
    folder, texts = attacked
    values = {str(v) for t in published(folder).values() for v in t.to_numpy().ravel()}
    everything = (folder / "datapackage.json").read_text("utf-8") + " ".join(values)
    for text in texts.values():
        for run in runs(text):
            hashes = term_hashes(list(run))
            guess = shingles(hashes, np.zeros(5, np.int64), 1).hashes
            joined = " ".join(run).encode()
            told = [str(int(guess[0])), hashlib.sha256(joined).hexdigest()]
            told += [hashlib.blake2b(joined, digest_size=8).hexdigest(), str(zlib.crc32(joined))]
            assert not any(one in values or one[:16] in everything for one in told if len(one) > 9)


def test_nothing_that_is_published_is_a_run_or_can_be_chained_to_one(
    attacked: tuple[Path, dict[str, str]],
) -> None:
    folder, texts = attacked
    tables = published(folder)
    for name, text in texts.items():
        phrases = set()
        for table in ("statements", "indicators", "removed"):
            mine = tables[table][tables[table]["article"].astype("str") == name]
            for column in set(mine.columns) - {"article", "speaker", "side", "role", "rule"}:
                phrases |= {tuple(str(v).casefold().split()) for v in mine[column]}
        mine = tables["terms"]["article"].astype("str") == name
        terms = {tuple(term.split()) for term in tables["terms"].loc[mine, "term"].astype("str")}
        assert any(len(term) > 1 for term in terms)
        told = {phrase for phrase in phrases | terms if len(phrase) > 1}
        chained = set(told)
        for _ in range(2):  # of three
            for one, other in itertools.product(list(chained), told):
                for k in range(1, min(len(one), len(other)) + 1):
                    if one[-k:] == other[:k]:
                        chained.add(one + other[k:])
        true = runs(text)
        for chain in chained:
            assert not true & {chain[i : i + 5] for i in range(len(chain) - 4)}, chain


def test_who_speaks_is_told_by_a_name_or_four_words(tmp_path: Path) -> None:
    said = [
        "An old keeper of the northern harbour archive said the ferry had been late on Monday.",
        "Prime Minister of the Free Port of Oru Ida Renn said the quay was shut on Friday.",
    ]
    row = {"id": "a", "outlet": "Oru Post", "date": "2031-03-01", "title": "Late"}
    measured = analysis.measure_articles(pd.DataFrame([row | {"text": " ".join(said * 4)}]))
    speakers = published(analysis.write_measures(measured, tmp_path / "m"))["statements"]["speaker"]
    true = runs(" ".join(said))
    for speaker in speakers.astype("str").unique():
        words = tuple(speaker.removesuffix(" …").casefold().split())
        is_name = all(w[0].isupper() for w in speaker.split() if len(w) > 3)
        assert is_name or not true & {words[i : i + 5] for i in range(len(words) - 4)}, speaker
    assert any("…" in speaker for speaker in speakers.astype("str"))


def test_who_speaks_is_no_link_of_a_chain(tmp_path: Path) -> None:
    said = [
        "Old pilots of the northern harbour said the ferry had been late on Monday.",
        "Pilots of the northern harbour archive said the quay was shut on Friday.",
    ]
    row = {"id": "a", "outlet": "Oru Post", "date": "2031-03-01", "title": "Late"}
    measured = analysis.measure_articles(pd.DataFrame([row | {"text": " ".join(said * 4)}]))
    speakers = {*measured.statements["speaker"].astype("str")}
    told = [tuple(tokenize(speaker.removesuffix(" …"))) for speaker in speakers]
    chains = {
        a + b[k:] for a, b in itertools.product(told, told) for k in range(1, 4) if a[-k:] == b[:k]
    }
    true = runs(" ".join(said))
    assert len(told) == 2
    assert not true & {c[i : i + 5] for c in chains for i in range(len(c) - 4)}


def test_few_words_of_a_text_stand_together_only_where_neither_zone_nor_side_is_told(
    attacked: tuple[Path, dict[str, str]],
) -> None:
    terms = published(attacked[0])["terms"].astype({"zone": "str", "side": "str"})
    terms = terms[terms["zone"] != "headline"]
    size = terms.groupby(["article", "zone", "voice", "side"], observed=True)["count"].sum()
    small = size[size < 12].reset_index()
    assert (small["zone"] == "").all() and (small["side"] == "").all()


def test_a_guess_of_five_words_is_not_confirmed(tmp_path: Path) -> None:
    """Of two orders of the same words, the measures do not tell which stands in the text."""
    calm = [line for line in LONG if not any(w in line for w in ("“", "said", "accuse"))]
    right, wrong = "of the old pier before the", "before of pier old the the"
    tables = []
    for order in (right, wrong):
        text = " ".join(calm * 2).replace(right, order)
        row = {"id": "a", "outlet": "Post", "title": "Pier", "text": text}
        made = analysis.write_measures(
            analysis.measure_articles(pd.DataFrame([row])), tmp_path / str(len(tables))
        )
        tables.append(published(made))
    for name, table in tables[0].items():
        single = {"mattr", "mtld", "shingles", "text_sha256"} & set(table.columns)
        pd.testing.assert_frame_equal(
            table.drop(columns=list(single)), tables[1][name].drop(columns=list(single))
        )


def test_a_row_wider_than_its_table_is_refused_at_once(folder: Path) -> None:
    path = folder / "outlets.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1] + "," * 30_000, *lines[2:]]) + "\n", "utf-8")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for one in package["resources"]:
        if one["path"] == path.name:
            one["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(AnalysisError, match=r"outlets\.csv cannot be read"):
        analysis.open_measures(folder)
