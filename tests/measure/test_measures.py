"""Measures: selecting, counting and labelling."""

import pandas as pd
import pytest

import analysis
from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.reference import Reference, read_reference
from analysis.measure.schema import SCHEMA, VOICES


def test_select_by_outlet_tag_voice_and_zone(measures: Measures) -> None:
    some = measures.select(outlet=["Radio Skerry", "The Lantern"], stage="vote")
    assert set(some.articles["outlet"]) == {"Radio Skerry", "The Lantern"}
    assert set(some.terms["article"]) <= set(some.articles["id"])
    quoted = some.select(voice="quoted", zone=["lead", "body", ""])
    assert set(quoted.terms["voice"]) == {"quoted"}
    assert "headline" not in set(quoted.terms["zone"])
    assert len(quoted.articles) == len(some.articles)
    assert quoted.notes == (
        "Selected: outlet = Radio Skerry, The Lantern.",
        "Selected: stage = vote.",
        "Selected: voice = quoted.",
        "Selected: zone = lead, body, .",
    )


def test_the_three_voices_are_selected_apart_and_statements_by_zone(measures: Measures) -> None:
    parts = [measures.select(voice=v).terms["count"].sum() for v in VOICES]
    assert all(parts) and sum(parts) == measures.terms["count"].sum()
    one = measures.select(voice="reported")
    assert len(one.statements) == len(measures.statements) and one.selected == ("voice",)
    lead = measures.select(zone="lead").statements
    assert 0 < len(lead) < len(measures.statements)
    body = measures.statements[measures.statements["zone"] == "body"]
    assert len(lead) + len(body) == len(measures.statements)


def test_a_range_of_days_and_open_ends(measures: Measures) -> None:
    some = measures.select(date=("2031-05-03", "2031-05-05"))
    assert set(some.articles["date"]) == {"2031-05-03", "2031-05-04", "2031-05-05"}
    assert some.notes == (
        "Selected: date from 2031-05-03 to 2031-05-05; left out: 8 articles of other days, "
        "1 undated.",
    )
    assert len(measures.select(date=(None, "2031-05-02")).articles) == 2
    assert len(measures.select(date=("2031-05-12", None)).articles) == 1
    assert set(measures.select(date="2031-05-03").articles["date"]) == {"2031-05-03"}


@pytest.mark.parametrize("days", [("2031", "2032"), ("2031-05-03",), ("a", None)])
def test_no_range_of_days(measures: Measures, days: tuple[object, ...]) -> None:
    with pytest.raises(AnalysisError, match="is no range of days"):
        measures.select(date=days)


def test_a_range_without_articles_says_which_days_there_are(measures: Measures) -> None:
    with pytest.raises(AnalysisError, match="2031-05-01 to 2031-05-12; 1 articles have none"):
        measures.select(date=("1999-01-01", "1999-12-31"))


def test_same_texts_are_known_with_and_without_a_hash() -> None:
    long = "The pier is closed and nobody may go there. " * 8
    texts = [long, long, "A short one.", "A short one.", "Another one."]
    rows = [{"id": f"a{i}", "outlet": "Post", "text": t} for i, t in enumerate(texts)]
    measures = analysis.measure_articles(pd.DataFrame(rows))
    assert (measures.articles["text_sha256"] == "").tolist() == [False, False, True, True, True]
    same = measures.texts
    assert same["a0"] == same["a1"] and same["a2"] == same["a3"] and same.nunique() == 3


def test_another_reference_list_travels_with_the_measures(measures: Measures) -> None:
    assert measures.reference.about == read_reference().about
    other = Reference(measures.reference.terms.head(3), {**measures.reference.about})
    chosen = measures.with_reference(other).select(outlet="Radio Skerry")
    assert chosen.reference is other


def test_voices_and_zones_add_up(measures: Measures) -> None:
    parts = [
        measures.select(voice=v, zone=z).counts()[0].sum()
        for v in VOICES
        for z in set(measures.terms["zone"])
    ]
    assert sum(parts) == measures.counts()[0].sum() == measures.words["count"].sum()


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"outlet": "Velmar Pots"}, "Unknown outlet 'Velmar Pots'. Available: Radio Skerry, The L"),
        ({"stage": "talks"}, "Unknown stage 'talks'. Available: aftermath, vote."),
        ({"editor": "x"}, "Unknown column to compare by 'editor'. Available: agency, collection"),
        ({"voice": "narator"}, "Unknown voice 'narator'. Available: narrator, quoted, rep"),
    ],
)
def test_what_cannot_be_selected(measures: Measures, filters: dict[str, str], message: str) -> None:
    with pytest.raises(AnalysisError) as error:
        measures.select(**filters)
    assert str(error.value).startswith(message)


def test_counts_are_the_terms_as_a_matrix(measures: Measures) -> None:
    matrix, terms = measures.counts()
    assert list(terms) == sorted(terms)
    assert matrix.shape == (len(measures.articles), len(terms))
    long = measures.terms.groupby(["article", "term"])["count"].sum()
    row = list(measures.articles["id"]).index("velmar-03")
    for term in ("the", "pier", "danger"):
        expected = long.get(("velmar-03", term), 0)
        assert matrix[row, terms.get_loc(term)] == expected


def test_labels_by_a_column_of_outlets(measures: Measures) -> None:
    owned = measures.outlets.assign(ownership=["private", "public service", "private"])
    labels = Measures(
        **{n: owned if n == "outlets" else getattr(measures, n) for n in SCHEMA}
    ).labels("ownership")
    assert labels["velmar-00"] == "public service" or labels["velmar-00"] == "private"
    assert set(labels) == {"private", "public service"}
