"""How good lists are: figures hold for one version of one list on one corpus, and no longer."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.compare.coding import CODES
from analysis.compare.framing import naming
from analysis.compare.quality import (
    QUALITY,
    between,
    frames,
    hit_by_hit,
    hits,
    read_against_texts,
)
from analysis.compare.reuse import shared_copy
from analysis.compare.similarity import between_outlets
from analysis.compare.sourcing import shares
from analysis.compare.stories import stories
from analysis.compare.vocabulary import keyness
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.measure.lexicon.load import load_lexicon
from analysis.measure.measures import Measures

HARBOUR = DATA / "examples" / "harbour.toml"


def test_the_figures_are_of_the_lexicon_that_is_shipped() -> None:
    """Else they are stale: python -m tests.benchmarks.bench_frames --write."""
    tried = json.loads(QUALITY.read_text("utf-8"))
    assert tried["hash"] == f"sha256:{load_lexicon(tried['lexicon']).hash}"
    labels = {label for s in load_lexicon(tried["lexicon"]).sets.values() for label in s.labels}
    assert {one["indicator"] for one in tried["indicators"]} <= labels


def test_figures_are_shown_for_the_lexicon_they_are_of(articles: pd.DataFrame) -> None:
    table = frames(analysis.measure_articles(articles, lexicons=["generic", HARBOUR]))
    assert len(table) == 5 and table["auc"].is_monotonic_decreasing
    assert any("unknown quality: harbour" in note for note in table.attrs["notes"])


def test_figures_of_a_foreign_lexicon_are_left_out_and_said_to_be(
    measures: Measures, tmp_path: Path
) -> None:
    article = pd.DataFrame([{"id": "a", "outlet": "Post", "text": "The pier is unsafe."}])
    foreign = frames(analysis.measure_articles(article, lexicons=[HARBOUR]))
    assert foreign.empty
    assert "Left out: these articles were not measured with generic." in (foreign.attrs["notes"])
    assert any("unknown quality: harbour." in note for note in foreign.attrs["notes"])
    other = json.loads(QUALITY.read_text("utf-8")) | {"hash": "sha256:" + "0" * 64}
    path = tmp_path / "frames.json"
    path.write_text(json.dumps(other), "utf-8")
    stale = frames(measures, path)
    assert stale.empty
    assert any("another version of generic" in note for note in stale.attrs["notes"])


def test_absent_figures_are_said_to_be_absent(measures: Measures, tmp_path: Path) -> None:
    table = frames(measures, tmp_path / "none.json")
    assert table.empty
    assert list(table.columns) == list(frames(measures).columns)
    assert table.attrs["notes"][0].startswith("There are no figures of quality")
    assert any("generic" in note for note in table.attrs["notes"])


def test_an_indicator_at_chance_is_called_so(tmp_path: Path) -> None:
    tried = json.loads(QUALITY.read_text("utf-8"))
    for one, low, high in zip(
        tried["indicators"], (0.4, 0.51, 0.2), (0.6, 0.6, 0.49), strict=False
    ):
        one |= {"auc_low": low, "auc_high": high}
    path = tmp_path / "frames.json"
    path.write_text(json.dumps(tried), "utf-8")
    table = frames(path=path).set_index("indicator")
    names = [one["indicator"] for one in tried["indicators"][:3]]
    verdicts = table.loc[names, "verdict"].to_list()
    assert verdicts == ["at chance", "better than chance", "worse than chance"]


def test_picking_every_article_is_the_bar(tmp_path: Path) -> None:
    path = tmp_path / "frames.json"
    of = {"auc": 0.6, "auc_low": 0.55, "auc_high": 0.7, "precision": 0.5, "recall": 1.0}
    rows = [
        {"indicator": "flood", "coded": 50, "f1": 2 / 3} | of,  # as picking all of them
        {"indicator": "ebb", "coded": 20, "f1": 0.5} | of,
    ]
    made = json.loads(QUALITY.read_text("utf-8")) | {"articles": 100, "indicators": rows}
    path.write_text(json.dumps(made), "utf-8")
    table = frames(path=path).set_index("indicator")
    assert table.loc["flood", "verdict"] == "no better than all"
    assert table.loc["ebb", "verdict"] == "better than chance"
    assert table["base"].to_dict() == {"flood": 0.5, "ebb": 0.2}


# ---------------------------------------------------------------- hits


def codes(right: dict[str, list[int]], lexicon: str = "harbour") -> pd.DataFrame:
    """Codes of two coders: for each entry as many hits as numbers, 2 where both call it right."""
    digest = load_lexicon(HARBOUR).hash[:12]
    rows = []
    for entry, its in right.items():
        for i, yes in enumerate(its):
            for coder in (0, 1):
                kept = {"unit": f"{entry}{i}", "article": "a", "lexicon": lexicon, "list": digest}
                kept |= {"set": "harbour", "entry": entry, "coder": f"coder {coder}"}
                rows.append(kept | dict.fromkeys(CODES, "1" if yes > coder else "0"))
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def pier() -> Measures:
    article = pd.DataFrame([{"id": "a", "outlet": "Post", "text": "The pier is unsafe."}])
    return analysis.measure_articles(article, lexicons=[HARBOUR])


def test_a_hit_is_right_where_all_coders_say_so(pier: Measures) -> None:
    table = hits(pier, codes({"danger": [2] * 18 + [1, 0], "cost": [2] * 10})).set_index("entry")
    danger = table.loc["danger"]
    assert (danger["coded"], danger["right"], danger["precision"]) == (20, 18, 0.9)
    assert danger["precision_low"] == pytest.approx(0.6830, abs=5e-4)  # Clopper–Pearson, 18 of 20
    assert 0.5 < danger["alpha"] < 1 and danger["shown"]
    assert table.loc["cost", "precision"] == 1 and not table.loc["cost", "shown"]  # ten are few
    assert np.isnan(table.loc["cost", "alpha"])


def test_below_seven_in_ten_nothing_is_shown(pier: Measures) -> None:
    (row,) = hits(pier, codes({"danger": [2] * 13 + [0] * 7})).itertuples()
    assert row.precision == 0.65 and not row.shown


def test_codes_of_another_version_of_a_list_do_not_count(pier: Measures) -> None:
    table = hits(pier, codes({"danger": [2] * 20}).assign(list="0" * 12))
    assert table.empty and "Not checked on these articles" in table.attrs["notes"][-1]


def test_codes_of_the_bundled_corpus_do_not_hold_for_other_articles(pier: Measures) -> None:
    assert hits(pier).empty


def test_the_codes_kept_are_of_the_lists_that_are_shipped_and_hold_no_text() -> None:
    kept = pd.read_csv(
        DATA / "quality" / "crimea-2014-hits.csv", dtype="str", keep_default_na=False
    )
    hashes = {name: load_lexicon(name).hash[:12] for name in kept["lexicon"].unique()}
    assert (kept["list"] == kept["lexicon"].map(hashes)).all(), "Code the hits again."
    words = kept["found"].str.replace("…", "").str.split().str.len()
    assert words.max() <= 4
    assert kept.groupby("unit").size().eq(2).all()
    articles = pd.read_csv(DATA / "crimea-2014" / "articles.csv", usecols=["id"], dtype="str")
    assert set(kept["article"]) <= set(articles["id"])


def test_hits_stand_beside_those_of_the_lists_before_they_were_revised() -> None:
    corpus = analysis.open_measures(DATA / "crimea-2014")
    table = hits(corpus).set_index(["set", "entry"])
    row = table.loc[("Crimea 2014", "historical precedent")]
    assert (row["meant"], row["right"], row["coded"], row["before"]) == (17, 14, 20, "12 of 20")
    assert (table["right"] <= table["meant"]).all() and (table["meant"] <= table["coded"]).all()
    # Of sets with fewer than twenty read, all there are in the half not used for revision.
    found = corpus.indicators.astype(dict.fromkeys(["article", "set", "entry"], "str"))
    odd = found["article"].map(lambda i: int(sha256(i.encode()).hexdigest(), 16) % 2 == 1)
    for (name, entry), few in table[table["coded"] < 20].iterrows():
        own = (found["set"] == name) & ((found["entry"] == entry) | (entry == ""))
        assert few["coded"] == found.loc[own & odd, "count"].sum()


def test_hits_of_articles_read_whole_are_of_this_corpus_alone(pier: Measures) -> None:
    table = hit_by_hit(analysis.open_measures(DATA / "crimea-2014"))
    assert len(table) == 143 and table["article"].nunique() == 2
    assert {*table[[*CODES]].to_numpy().ravel()} == {"yes", "no"}
    assert hit_by_hit(pier).empty


def test_what_was_read_against_the_texts_is_counted_from_its_codes(pier: Measures) -> None:
    corpus = analysis.open_measures(DATA / "crimea-2014")
    table = read_against_texts(corpus).set_index("question")
    held = json.loads((DATA / "quality" / "attribution-read.json").read_text("utf-8"))
    right = [code["statement"] for code in held["statements"]]
    assert len(right) == 100 and table.loc["statement", "right"] == sum(right)
    asked = [code["speaker"] for code in held["statements"] if "speaker" in code]
    assert table.loc["speaker", ["right", "n"]].tolist() == [sum(asked), len(asked)]
    given = [code["person"] for code in held["pronouns"]]
    row = table.loc["pronoun, given to somebody"]
    assert row["share"] == given.count("right") / len(given)
    assert (table["low"] < table["share"]).all() and (table["share"] < table["high"]).all()
    foreign = read_against_texts(pier)
    assert foreign.empty and "No statements of these articles" in foreign.attrs["notes"][0]


def test_the_interval_of_a_share_has_its_known_ends() -> None:
    low, high = between(np.array([0, 10, 5]), np.array([10, 10, 10]))
    assert low.tolist() == pytest.approx([0, 0.6915, 0.1871], abs=5e-4)
    assert high.tolist() == pytest.approx([0.3085, 1, 0.8129], abs=5e-4)


@pytest.mark.parametrize(
    "compare", [keyness, shares, naming, between_outlets, shared_copy, stories]
)
def test_a_comparison_given_a_table_says_what_it_needs(compare) -> None:
    with pytest.raises(AnalysisError, match=f"{compare.__name__} was given a DataFrame.*measures"):
        compare(pd.DataFrame({"id": ["a"], "outlet": ["Post"], "text": ["The pier."]}))
