"""Phrases: which words that stand together are terms of their own, and that they tell no more."""

import itertools
import math
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.measure.collocations import spelled
from analysis.measure.measures import Measures

FILLER = " ".join(f"and then{i}" for i in range(40))


def measured(lines: list[str], **more: object) -> Measures:
    """Each line in an article of one of two outlets, by turns, with other words around it."""
    rows = [
        {
            "id": f"a{i}",
            "outlet": ("Post", "Times")[i % 2],
            "text": f"{FILLER.replace('n', 'n' + chr(97 + i % 26) * (1 + i // 26))}. {line}",
        }
        for i, line in enumerate(lines)
    ]
    return analysis.measure_articles(pd.DataFrame(rows), **({"language": "en"} | more))


def phrases(measures: Measures) -> dict[str, int]:
    terms = measures.terms.astype({"term": "str"})
    return terms[terms["term"].str.contains(" ")].groupby("term")["count"].sum().to_dict()


def test_words_that_stand_together_in_five_articles_of_two_outlets() -> None:
    line = "The Harbour Council met. The Harbour Council voted, and the old pier was torn down."
    assert phrases(measured([line] * 5)) == {"harbour council": 10, "old pier": 5}
    assert phrases(measured([line] * 4)) == {}
    assert phrases(measured([line, "Rain."] * 5)) == {}  # all of one outlet
    found = measured([line] * 5)
    assert found.spelling(["harbour council", "old pier"]) == ["Harbour Council", "old pier"]


def test_copies_make_no_phrase() -> None:
    text = "The Harbour Council met. " + " ".join(f"and then{i}" for i in range(40))
    rows = [{"id": f"a{i}", "outlet": ("Post", "Times")[i % 2], "text": text} for i in range(20)]
    assert phrases(analysis.measure_articles(pd.DataFrame(rows), language="en")) == {}


def test_three_words_that_stand_together_more_than_two_of_them() -> None:
    lines = ["The harbour masters union is there.", "The harbour of the masters is there."]
    assert phrases(measured(lines[:1] * 20 + lines[1:] * 60)) == {"harbour masters union": 20}


def test_no_run_goes_over_a_sign_a_function_word_or_a_possessive() -> None:
    lines = ["The Council, voters say, met. The council of voters met. A Council's voters met."]
    assert "council voters" not in phrases(measured(lines * 6))


def test_no_run_goes_over_a_change_of_voice() -> None:
    lines = ["They saw rotten timber there.", "It was rotten “timber” there."]
    assert phrases(measured(lines[:1] * 6)) == {"rotten timber": 6}
    assert phrases(measured(lines[1:] * 6)) == {}


def test_no_word_is_in_two_phrases() -> None:
    lines = ["The harbour council met. The town council met. The town hall burnt. Harbour walls."]
    words = list(
        itertools.chain.from_iterable(term.split() for term in phrases(measured(lines * 8)))
    )
    assert words and len(words) == len(set(words))


def test_phrases_are_no_further_words() -> None:
    line = "The Harbour Council met and the Harbour Council voted."
    measures = measured([line] * 6)
    words = measures.words.groupby("article", observed=True)["count"].sum()
    size = measures.articles.set_index("id")["words"]
    assert words.rename(index=str).to_dict() == size.to_dict()
    assert measures.counts()[0].sum() == size.sum()
    assert measures.counts(phrases=True)[0].sum() == size.sum() + 12
    assert "harbour council" in measures.counts(phrases=True)[1]
    assert "harbour council" not in measures.counts()[1]


MINE = """
title = "Mine"
kind = "indicators"
about = "a test"
[sources]
S = "made up"
[[set]]
name = "state"
about = "how it is"
[[set.label]]
name = "rotten"
about = "old"
entries = [{ pattern = "very rotten", sense = "old", source = "S", example = "It is very rotten." }]
"""


def test_what_lists_find_is_not_chained(tmp_path: Path) -> None:
    """“Rotten timber” would go on where a list has found “very rotten”."""
    (tmp_path / "mine.toml").write_text(MINE, "utf-8")
    lines = ["They saw the very rotten timber again. Then the Harbour Council was there."]
    assert phrases(measured(lines * 6)) == {"rotten timber": 6, "harbour council": 6}
    found = measured(lines * 6, lexicons=[str(tmp_path / "mine.toml")])
    assert set(found.indicators["found"].astype("str")) == {"very rotten"}
    assert phrases(found) == {"harbour council": 6}


def test_a_language_without_listed_function_words_has_no_phrases() -> None:
    line = "El Consejo Portuario votó y el Consejo Portuario cerró."
    assert phrases(measured([line] * 6, language="es")) == {}


def test_the_strength_of_a_phrase_by_hand() -> None:
    """simple-ll of 5 where .1 is expected: 2 (5 ln 50 − 4.9)."""
    from analysis.measure.collocations import _scores

    of_run = pd.DataFrame({"first": ["a"], "second": ["b"], "third": [""]})
    words = pd.Series({"a": 5, "b": 10, "c": 485})
    found = _scores(of_run, pd.Series([5]), words).iloc[0]
    assert found == pytest.approx(2 * (5 * math.log(50) - 4.9))


def test_a_phrase_is_written_as_its_words_are() -> None:
    written = {"nato": "NATO"}
    assert spelled("nato summit", written, False) == "NATO summit"
    assert spelled("harbour council", written, True) == "Harbour Council"
