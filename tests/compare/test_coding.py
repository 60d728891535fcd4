"""Coding sheets, and agreement against Krippendorff's worked examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import analysis
from analysis.compare.coding import CODES, agreement, coding_sheet, write_coding_sheet
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.measure.evidence import indicator_hits
from analysis.measure.measures import Measures

HARBOUR = DATA / "examples" / "harbour.toml"


def sheet(codes: dict[str, str], item: str = "conflict") -> pd.DataFrame:
    return pd.DataFrame(
        {"unit": list(codes), "item": item, "code": list(codes.values())}, dtype="str"
    )


def coder(codes: str) -> pd.DataFrame:
    """One character per unit; a stop where it was not coded."""
    return sheet({f"u{i:02}": c.replace(".", "") for i, c in enumerate(codes)})


def test_alpha_of_two_coders_and_two_values() -> None:
    # Krippendorff (2011), example A: α = 1 − 19·4/(14·6) = 0.095
    table = agreement([coder("0100000010"), coder("1110010000")])
    assert table["alpha"][0] == pytest.approx(1 - 19 * 4 / (14 * 6))
    assert table[["coders", "units"]].to_numpy().tolist() == [[2, 10]]
    assert table["same"][0] == pytest.approx(6 / 10)


def test_alpha_of_four_coders_with_missing_codes() -> None:
    # Krippendorff (2011), example C: nominal data, α = 0.743
    matrix = np.array(
        [[1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
         [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0]]
    )  # fmt: skip
    coders = ["".join(str(v or ".") for v in column) for column in matrix.T]
    table = agreement({f"c{i}": coder(codes) for i, codes in enumerate(coders)})
    assert round(table["alpha"][0], 3) == 0.743
    assert (table["coders"][0], table["units"][0]) == (4, 11)


@given(st.lists(st.tuples(st.sampled_from("01."), st.sampled_from("01.")), min_size=1))
def test_alpha_of_two_coders_is_one_minus_observed_over_expected(
    codes: list[tuple[str, str]],
) -> None:
    both = [pair for pair in codes if "." not in pair]
    ones = sum(pair.count("1") for pair in both)
    zeros = 2 * len(both) - ones
    assume(any(set(pair) != {"."} for pair in codes))
    table = agreement([coder("".join(p)) for p in zip(*codes, strict=True)], bootstraps=5)
    if not ones or not zeros:
        assert np.isnan(table["alpha"][0])
        return
    differ = sum(a != b for a, b in both)
    assert table["alpha"][0] == pytest.approx(1 - (2 * len(both) - 1) * differ / (ones * zeros))


def test_perfect_agreement_is_one_with_a_degenerate_interval() -> None:
    table = agreement([coder("0101010101"), coder("0101010101")])
    assert table[["alpha", "alpha_low", "alpha_high"]].iloc[0].tolist() == [1.0, 1.0, 1.0]


def test_the_interval_holds_alpha_and_narrows_with_more_units() -> None:
    few = agreement([coder("0100110010"), coder("0110010000")])
    many = agreement([coder("0100110010" * 9), coder("0110010000" * 9)])
    for table in (few, many):
        assert table["alpha_low"][0] < table["alpha"][0] < table["alpha_high"][0]
    width = [t["alpha_high"][0] - t["alpha_low"][0] for t in (few, many)]
    assert width[1] < width[0] / 2


def test_items_are_sorted_by_falling_alpha() -> None:
    one = pd.concat([coder("0101"), sheet({"u00": "1", "u01": "0", "u02": "0", "u03": "1"}, "a")])
    other = pd.concat([coder("0101"), sheet({"u00": "1", "u01": "1", "u02": "0", "u03": "0"}, "a")])
    assert agreement([one, other])["item"].to_list() == ["conflict", "a"]


def test_sheets_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(AnalysisError, match="Give the sheets of two coders"):
        agreement([coder("01")])
    with pytest.raises(AnalysisError, match="sheet of Ida has no column code"):
        agreement({"Ida": coder("01").drop(columns="code"), "Reuel": coder("01")})
    with pytest.raises(AnalysisError, match="codes 'conflict' of unit 'u00' twice"):
        agreement([pd.concat([coder("0"), coder("1")]), coder("1")])
    with pytest.raises(AnalysisError, match="No code"):
        agreement([coder(".."), coder("..")])


# ---------------------------------------------------------------- sheets


def test_a_sheet_of_articles_asks_every_question_of_every_article_and_tells_nothing(
    measures: Measures,
) -> None:
    made = coding_sheet(measures, "generic")
    labels = 17
    assert len(made) == labels * len(measures.articles)
    assert made["unit"].to_list() == made["article"].to_list()
    assert (made["code"] == "").all()
    assert not {"count", "hits", "pattern"} & set(made.columns)
    assert made.groupby("item")["question"].nunique().eq(1).all()


def test_a_sheet_may_be_drawn_and_is_the_same_for_the_same_seed(measures: Measures) -> None:
    drawn = coding_sheet(measures, "generic", articles=3, seed=1)
    assert drawn["unit"].nunique() == 3
    pd.testing.assert_frame_equal(drawn, coding_sheet(measures, "generic", articles=3, seed=1))
    orders = {tuple(coding_sheet(measures, "generic", seed=s)["unit"]) for s in range(5)}
    assert len(orders) == 5
    with pytest.raises(AnalysisError, match="Unknown lexicon 'frames'"):
        coding_sheet(measures, "frames")


def test_hits_in_their_sentences_are_those_that_were_measured(
    articles: pd.DataFrame, measures: Measures
) -> None:
    hits = indicator_hits(articles, ["generic"])
    keys = ["article", "lexicon", "set", "entry", "zone", "voice", "side"]
    counted = hits.groupby(keys).size()
    table = measures.indicators.astype(dict.fromkeys(keys, "str")).groupby(keys)["count"].sum()
    assert counted.to_dict() == table.to_dict()
    texts = articles.set_index("id")
    for row in hits.itertuples():
        source = texts.loc[row.article, "title" if row.zone == "headline" else "text"]
        assert source[row.start : row.end] == row.written
        assert row.passage[row.at :].startswith(row.written)


def test_a_sheet_of_hits_shows_each_in_its_sentence(
    articles: pd.DataFrame, measures: Measures
) -> None:
    hits = indicator_hits(articles)
    made = coding_sheet(measures, "generic", hits=hits)
    assert len(made) == (hits["lexicon"] == "generic").sum()
    assert made["unit"].is_unique
    assert made["passage"].ne("").all()


def test_indicators_are_judged_against_the_majority_of_coders() -> None:
    texts = {
        "a": "They accuse the mayor.",
        "b": "A quiet day.",
        "c": "Both sides accuse.",
        "d": ".",
    }
    rows = [{"id": i, "outlet": "Post", "text": text + " End."} for i, text in texts.items()]
    measures = analysis.measure_articles(pd.DataFrame(rows), lexicons=["generic"])
    gold = {"a": "1", "b": "1", "c": "0", "d": "0"}
    sheets = [sheet(gold), sheet(gold), sheet({**gold, "c": "1"})]
    table = agreement(sheets, measures)
    # found in a and c; the majority says a and b
    found = table[["applies", "majority_units", "precision", "recall", "f1"]].iloc[0].tolist()
    assert found == [2, 4, 0.5, 0.5, 0.5]


def test_a_sheet_draws_as_many_hits_of_each_set_as_are_asked_for(
    articles: pd.DataFrame, measures: Measures
) -> None:
    hits = indicator_hits(articles)
    made = coding_sheet(measures, "generic", hits=hits, each=2)
    assert made.groupby(["set", "item"]).size().max() == 2  # indicators are told apart
    assert {"voice", "side", "found", *CODES} <= set(made.columns)
    assert (made[[*CODES]] == "").all(axis=None)
    again = coding_sheet(measures, "generic", hits=hits, each=2)
    pd.testing.assert_frame_equal(made, again)
    with pytest.raises(AnalysisError, match="Unknown unit to draw 'word'"):
        coding_sheet(measures, "generic", hits=hits, each=2, per="word")


def test_a_sheet_of_hits_is_written_only_with_texts_and_never_over_codes(
    articles: pd.DataFrame, measures: Measures, tmp_path: Path
) -> None:
    folder = analysis.write_measures(measures, tmp_path / "velmar")
    articles.to_parquet(tmp_path / "texts.parquet")
    out = tmp_path / "hits.csv"
    with pytest.raises(AnalysisError, match="Hits are coded in their sentences"):
        write_coding_sheet(folder, out, each=2)
    sheet, notes = write_coding_sheet(folder, out, texts=tmp_path / "texts.parquet", each=2)
    kept = pd.read_csv(out, dtype="str", keep_default_na=False)
    assert len(kept) == len(sheet) > 0 and "12 of 12 articles" in notes[0]
    assert "fill in sense, referent, credited" in notes[-1]
    with pytest.raises(AnalysisError, match="codes may stand in"):
        write_coding_sheet(folder, out, texts=tmp_path / "texts.parquet", each=2)


def test_codes_read_as_numbers_are_the_codes_that_were_written() -> None:
    units = {"unit": ["u0", "u1", "u2"], "item": ["threat"] * 3}
    as_text = pd.DataFrame({**units, "code": ["1", "0", "1"]})
    as_numbers = pd.DataFrame({**units, "code": [1.0, 0.0, None]})
    row = agreement({"a": as_text, "b": as_numbers}).iloc[0]
    assert (row["units"], row["same"], row["alpha"]) == (2, 1, 1)
