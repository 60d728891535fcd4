"""Shares of who is given the word: fractions by hand, and what must not change them."""

import dataclasses
import json
from functools import cache
from math import comb, log2
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare import corpus, quality, sourcing
from analysis.compare.ground.groups import Groups, grouped
from analysis.compare.ground.inference import Plan
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.schema import conform

Row = tuple[str, str, str, int, int]  # article, speaker, side, words, marked words


def made(outlets: dict[str, str], rows: list[Row], **more: list[str] | list[int]) -> Measures:
    """Measures of articles (id: outlet) of 100 words, with these statements.

    A statement follows the one before it after ten words; `more` replaces whole columns.
    """
    said = pd.DataFrame(rows, columns=["article", "speaker", "side", "words", "marked_words"])
    said["order"] = said.groupby("article").cumcount() + 1
    said["start_word"] = (said["order"] - 1) * 10 + 5
    defaults = {"role": "", "cue": "said", "kind": "direct", "rule": "quote-cue", "modality": ""}
    verb = {"lemma": "say", "class": "neutral", "zone": "body"}
    said = said.assign(**defaults, **verb).assign(**more)
    base = measured(tuple(outlets.items()))
    reported = (said["words"] - said["marked_words"]).groupby(said["article"]).sum()
    articles = base.articles.assign(
        reported_words=reported.reindex(base.articles["id"]).fillna(0).astype("int64").to_numpy()
    )
    return dataclasses.replace(base, articles=articles, statements=conform("statements", said))


@cache
def measured(outlets: tuple[tuple[str, str], ...]) -> Measures:
    """Articles of 100 words, the last 30 in quotation marks, that nobody says."""
    text = [f"Pier{i} " + "word " * 69 + "“" + "said " * 30 + "”" for i, _ in outlets]
    frame = pd.DataFrame(outlets, columns=["id", "outlet"]).assign(text=text)
    return analysis.measure_articles(frame)


HARBOUR = {"a1": "Post", "a2": "Post", "b1": "Lantern"}
SAID: list[Row] = [
    ("a1", "Ida Brandt", "council", 10, 10),
    ("a1", "Tomas Reuel", "fishers", 30, 0),
    ("a2", "Ida Brandt", "council", 20, 5),
    ("a2", "", "", 20, 5),
    ("b1", "Norlund Corp.", "", 8, 0),
]


def test_shares_by_hand() -> None:
    table = sourcing.shares(made(HARBOUR, SAID), of="side").set_index(["outlet", "side"])
    council = table.loc[("Post", "council")]
    assert (council["statements"], council["statements_all"]) == (2, 4)
    assert council["statements_share"] == 2 / 4
    assert (council["words"], council["words_all"]) == (30, 80)
    assert council["words_share"] == 30 / 80
    assert (council["marked_words"], council["marked_words_all"]) == (15, 20)
    assert council["marked_words_share"] == 15 / 20
    assert (council["articles"], council["articles_all"]) == (2, 2)
    assert table.loc[("Post", "unattributed"), "statements_share"] == 1 / 4
    assert table.loc[("Lantern", "no side"), "words_share"] == 1
    assert np.isnan(table.loc[("Lantern", "no side"), "marked_words_share"])


def test_a_side_that_is_silent_in_a_group_has_a_row_and_a_bound() -> None:
    table = sourcing.shares(made(HARBOUR, SAID), of="side").set_index(["outlet", "side"])
    silent = table.loc[("Lantern", "council")]
    assert (silent["statements"], silent["articles"], silent["articles_all"]) == (0, 0, 1)
    assert silent["articles_share_high"] == pytest.approx(0.975)  # 1 − α/2 of one article


def test_speakers_have_their_side_and_nobody_else_a_row() -> None:
    table = sourcing.shares(made(HARBOUR, SAID))
    assert table[["outlet", "speaker", "side", "statements"]].values.tolist() == [
        ["Post", "Ida Brandt", "council", 2],
        ["Post", "Tomas Reuel", "fishers", 1],
        ["Post", "unattributed", "", 1],
        ["Lantern", "Norlund Corp.", "", 1],
    ]


def test_negated_statements_are_counted_and_said() -> None:
    measures = made(HARBOUR, SAID, modality=["", "negated", "", "hypothetical", ""])
    table = sourcing.shares(measures, of="side")
    assert table["statements"].sum() == 5
    note = next(n for n in table.attrs["notes"] if "negated" in n)
    assert "1 hypothetical and 1 negated" in note and "are counted" in note


def test_no_interval_below_ten_articles_and_the_notes_say_so() -> None:
    few = {f"a{i}": "Post" for i in range(9)} | {f"b{i}": "Lantern" for i in range(10)}
    rows: list[Row] = [(i, "Ida Brandt", "council", 10 + n, 3) for n, i in enumerate(few)]
    rows += [(i, "Tomas Reuel", "fishers", 7, 7) for i in list(few)[::2]]
    table = sourcing.shares(made(few, rows), of="side").set_index("outlet")
    ends = ["words_share_low", "words_share_high", "statements_share_low"]
    assert table.loc["Post", ends].isna().all(axis=None)
    assert table.loc["Lantern", ends].notna().all(axis=None)
    assert (table.loc["Lantern", "words_share_low"] < table.loc["Lantern", "words_share"]).all()
    assert (table.loc["Lantern", "words_share"] < table.loc["Lantern", "words_share_high"]).all()
    assert any("fewer than 10" in n and "Post (9)" in n for n in table.attrs["notes"])


def test_intervals_hold_the_true_share() -> None:
    rng, n, held, runs = np.random.default_rng(7), 30, 0, 300
    for run in range(runs):
        whole = rng.poisson(rng.gamma(2, 6, n))
        part = rng.binomial(whole, rng.beta(2, 8, n))
        ids = np.array([f"{run}-{i}" for i in range(n)], object)
        words = sp.csr_array(np.column_stack([part, whole - part]))
        things = pd.Index(["council", "fishers"])
        group = Groups(("Post",), np.zeros(n, int), ids, whole, words, things, None)
        found = sourcing._shared(group.named("Post"), "words", Plan(bootstraps=400), part=0)
        held += bool(found["words_share_low"][0] <= 0.2 <= found["words_share_high"][0])
    assert 0.92 <= held / runs <= 0.98


statements = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "b1"]),
        st.sampled_from(["Ida Brandt", "Tomas Reuel", "Norlund Corp.", ""]),
        st.sampled_from(["council", "fishers", ""]),
        st.integers(0, 20),
        st.integers(0, 20),
    ).map(lambda r: (*r[:2], r[2] if r[1] else "", r[3] + r[4], r[4])),
    min_size=1,
    max_size=12,
)


def copied(rows: list[Row], times: int) -> Measures:
    """Every article of the harbour so many times, under other ids and with other words."""
    ids = {f"{i}-{k}": outlet for i, outlet in HARBOUR.items() for k in range(times)}
    return made(ids, [(f"{r[0]}-{k}", *r[1:]) for k in range(times) for r in rows])


@given(statements, st.sampled_from(sourcing.OF))
@settings(max_examples=25)
def test_shares_sum_to_one(rows: list[Row], of: str) -> None:
    table = sourcing.shares(made(HARBOUR, rows), of=of)
    for amount in sourcing.AMOUNTS:
        sums = table.groupby("outlet")[f"{amount}_share"].sum(min_count=1).dropna()
        assert np.allclose(sums, 1)
        totals = table.groupby("outlet")[amount].sum()
        assert (totals == table.groupby("outlet")[f"{amount}_all"].first()).all()


@given(statements)
@settings(max_examples=15)
def test_doubling_every_article_changes_no_share(rows: list[Row]) -> None:
    shares = [f"{amount}_share" for amount in sourcing.AMOUNTS]
    once, twice = (
        sourcing.shares(copied(rows, n), of="side").sort_values(["outlet", "side"]) for n in (1, 2)
    )
    assert once[["outlet", "side"]].values.tolist() == twice[["outlet", "side"]].values.tolist()
    assert np.allclose(once[shares], twice[shares], equal_nan=True)
    assert (2 * once["statements"].to_numpy() == twice["statements"].to_numpy()).all()


@pytest.mark.parametrize(
    "ask",
    [
        lambda m: sourcing.shares(m, of="side"),
        sourcing.shares,
        sourcing.first_voices,
        sourcing.cues,
        sourcing.source_diversity,
    ],
)
def test_the_order_of_rows_changes_nothing(measures: Measures, ask) -> None:
    mixed = dataclasses.replace(
        measures,
        articles=measures.articles.sample(frac=1, random_state=5).reset_index(drop=True),
        statements=measures.statements.sample(frac=1, random_state=5),
    )
    pd.testing.assert_frame_equal(ask(measures), ask(mixed))
    assert ask(measures).attrs["notes"] == ask(mixed).attrs["notes"]


def test_exact_copies_are_counted_once() -> None:
    text = "“We were never asked,” said Tomas Reuel. " + "The pier stays. " * 20
    frame = pd.DataFrame({"id": ["a", "b"], "outlet": "Post", "text": text})
    table = sourcing.shares(analysis.measure_articles(frame))
    assert table[["speaker", "statements", "articles_all"]].values.tolist() == [
        ["Tomas Reuel", 1, 1]
    ]


# ---------------------------------------------------------------- the other tables


def test_who_speaks_first_by_hand() -> None:
    outlets = HARBOUR | {"a3": "Post"}
    table = sourcing.first_voices(made(outlets, SAID)).set_index(["outlet", "side"])
    council = table.loc[("Post", "council")]
    assert (council["first"], council["articles_all"], council["first_share"]) == (2, 3, 2 / 3)
    assert table.loc[("Post", "no statement"), "first"] == 1
    assert council["heard_share"] == 5 / 100
    assert table.loc[("Post", "fishers"), "heard_share"] == 15 / 100
    assert np.allclose(table.groupby("outlet")["first_share"].sum(), 1)
    assert table["first_share_low"].isna().all()


def test_cues_are_brought_to_their_base_form_and_continuations_left_out() -> None:
    measures = made(
        HARBOUR,
        SAID,
        cue=["has warned", "warns", "on monday warned", "according to", ":"],
        rule=["quote-cue", "quote-cue", "continued-sentence", "according-to", "colon-quote"],
        lemma=["warn", "warn", "warn", "", ""],
    )
    table = sourcing.cues(measures)
    assert table[["cue", "side", "statements", "of_all", "total", "forms"]].values.tolist() == [
        ["warn", "council", 1, 1, 2, "has warned 1"],
        ["warn", "fishers", 1, 1, 2, "warns 1"],
        ["according to", "unattributed", 1, 1, 1, "according to 1"],
        ["no verb", "no side", 1, 1, 1, ": 1"],
    ]
    assert any("Left out: 1 statements" in n for n in table.attrs["notes"])


def test_unknown_words_are_answered_with_those_there_are() -> None:
    measures = made(HARBOUR, SAID)
    with pytest.raises(AnalysisError, match="Available: role, side, speaker"):
        sourcing.shares(measures, of="party")


# ---------------------------------------------------------------- diversity of sources


def many(n: int = 12, **more: list[str]) -> Measures:
    """n articles of one outlet; in the first half Ida speaks for the council, in all a fisher."""
    rows: list[Row] = []
    for i in range(n):
        rows.append((f"a{i:02}", f"Fisher {i}", "fishers", 10, 0))
        if i < n // 2:
            rows.append((f"a{i:02}", "Ida Brandt", "council", 10, 0))
    roles = ["mayor" if side == "council" else "" for _, _, side, _, _ in rows]
    return made({f"a{i:02}": "Post" for i in range(n)}, rows, **({"role": roles} | more))


def test_diversity_by_hand() -> None:
    row = sourcing.source_diversity(many()).iloc[0]
    assert (row["articles"], row["statements"], row["speakers"], row["listed"]) == (12, 18, 13, 18)
    # A fisher in each of five articles; Ida in some of them but for C(6,5) of C(12,5) choices.
    assert row["speakers_in_five"] == pytest.approx(5 + 1 - comb(6, 5) / comb(12, 5))
    assert row["entropy"] == pytest.approx(-(1 / 3 * log2(1 / 3) + 2 / 3 * log2(2 / 3)))
    assert row["entropy_low"] < row["entropy"] < row["entropy_high"]
    assert row["speakers_in_five_low"] < row["speakers_in_five"] < row["speakers_in_five_high"]


def test_without_one_article_by_brute_force() -> None:
    measures = many()
    group = grouped(measures)
    rows = measures.statements.assign(statements=1)
    for column, function in (("speaker", sourcing._in_five), ("side", sourcing._entropies)):
        names = pd.Index(sorted(set(rows[column].astype("str"))))
        matrix = group.count(rows, column, names, "statements").named("Post").matrix
        _, without = function(matrix)
        left = [function(sp.csr_array(np.delete(matrix.toarray(), i, 0)))[0] for i in range(12)]
        assert without == pytest.approx(left)


def test_who_is_an_official() -> None:
    roles = ["minister", "spokesperson", "spokesperson", "expert", "media"]
    sides = ["council", "council", "", "", ""]
    rows = [("a1", f"Name {i}", side, 10, 0) for i, side in enumerate(sides)]
    row = sourcing.source_diversity(made(HARBOUR, rows, role=roles)).set_index("outlet").loc["Post"]
    assert (row["officials"], row["statements"]) == (2, 4)  # media are no source
    assert row["officials_share"] == 0.5
    assert np.isnan(row["officials_share_low"])  # too few articles
    assert np.isnan(row["speakers_in_five"])


def test_media_are_a_side_of_their_own_and_not_listed() -> None:
    rows = [("a1", "Quay Times", "", 10, 0), ("a1", "Ida Brandt", "council", 10, 0)]
    measures = made(HARBOUR, rows, role=["media", ""])
    table = sourcing.shares(measures, of="side")
    assert set(table["side"]) == {"council", "media"}
    assert table.loc[table["side"] == "council", "words_share"].tolist() == [0.5]
    assert any("media: other media and reporters" in note for note in table.attrs["notes"])


def test_words_of_one_voice_are_not_asked_who_speaks(measures: Measures) -> None:
    quoted = measures.select(voice="quoted")
    for ask in (sourcing.shares, sourcing.source_diversity, sourcing.cues):
        with pytest.raises(AnalysisError, match="of one voice"):
            ask(quoted)


# ---------------------------------------------------------------- accuracy


def test_accuracy_says_that_there_is_no_file(tmp_path: Path) -> None:
    table = quality.accuracy(tmp_path / "quality" / "attribution.json")
    assert table.empty and "not known here" in table.attrs["notes"][0]


FIGURES = {
    "direct_recall": 0.95,
    "direct_precision": 0.97,
    "mixed_recall": 0.5,
    "mixed_precision": 0.8,
    "indirect_recall": 0.65,
    "indirect_precision": 0.85,
    "speaker": 0.25,
    "n_gold": 1200,
    "n_found": 8,
}
MISSED = [{"kind": "mixed", "cue": "other", "gold": 10, "not_found": 3, "otherwise_bounded": 1}]


def test_accuracy_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "attribution.json"
    held = {"provenance": "Invented.", "train": FIGURES, "dev": FIGURES, "missed": MISSED}
    path.write_text(json.dumps(held))
    table = quality.accuracy(path)
    assert table["part"].tolist() == ["dev", "train"] and table["n_gold"].tolist() == [1200, 1200]
    assert table.attrs["notes"] == ["Invented."]
    assert quality.missed(path)["recall"].tolist() == [0.6]
    monkeypatch.setattr(quality.accuracy, "__defaults__", (path,))
    notes = sourcing.shares(made(HARBOUR, SAID)).attrs["notes"]
    expected = (
        "they find 95% of direct and 50% of mixed quotations and 65% of indirect speech with a "
        "verb of saying; 97%, 80% and 85% of what they find is right, and 25% of the speakers "
        "(n = 1,200)."
    )
    assert any(note.endswith(expected) for note in notes)
    path.write_text(json.dumps({"dev": FIGURES}))
    assert quality.accuracy(path).attrs["notes"] == []
    path.write_text("[1]")
    with pytest.raises(AnalysisError, match="not a file of accuracy figures"):
        quality.accuracy(path)


def test_what_is_missed_is_not_known_without_a_file(tmp_path: Path) -> None:
    table = quality.missed(tmp_path / "attribution.json")
    assert table.empty and "not known here" in table.attrs["notes"][0]


# ---------------------------------------------------------------- corpora of all kinds


def everything(measures: Measures) -> list[pd.DataFrame]:
    """Every table of who speaks."""
    return [
        *(sourcing.shares(measures, of=of) for of in ("side", "role", "speaker")),
        *(
            sourcing.first_voices(measures),
            sourcing.cues(measures),
            sourcing.source_diversity(measures),
        ),
    ]


def test_a_corpus_in_which_nobody_speaks() -> None:
    *shares, first, cues, diversity = everything(made(HARBOUR, []))
    assert cues.empty and all((table["statements"] == 0).all() for table in shares)
    assert set(first["side"]) == {"no statement"} and (diversity["statements"] == 0).all()


def test_tables_of_hostile_names(hostile_corpus: Path) -> None:
    tables = everything(analysis.open_measures(hostile_corpus))
    assert all(table.attrs["notes"] for table in tables)


def test_focus_is_a_part_or_the_whole(measures: Measures) -> None:
    assert len(corpus.focus(measures, stage="vote").articles) == 6
    for filters in ({"stage": "strike"}, {"weather": "rain"}):
        whole = corpus.focus(measures, **filters)
        assert len(whole.articles) == len(measures.articles)
        assert "these are all articles" in whole.notes[-1]
