"""Sentences of the index: said only where the numbers allow, and with the tables' figures."""

import re

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.report import findings

WORDS = [f"word{i}" for i in range(60)]


def outlet(name: str, n: int, planted: float, seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    rate = np.full(61, (1 - planted) / 60)
    rate[60] = planted
    return [
        {
            **dict.fromkeys(["url", "agency", "collection"], ""),
            "id": f"{name}-{i}",
            "outlet": name,
            "date": f"2031-05-{1 + i % 28:02}",
            "title": "",
            "text": " ".join(rng.choice([*WORDS, "pier"], 200, p=rate)),
        }
        for i in range(n)
    ]


def compared(*outlets: list[dict[str, str]]) -> findings.Tables:
    rows = [row for rows in outlets for row in rows]
    return findings.tables(analysis.measure_articles(pd.DataFrame(rows)))


@pytest.fixture(scope="module")
def planted() -> findings.Tables:
    return compared(outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2))


def test_planted_word_is_named_with_the_table_s_figures(planted):
    found = findings.most_distinctive_word(planted)
    row = planted.keyness.query("term == 'pier' and target == 'Post'").iloc[0]
    text = repr(found.sentence)
    assert text.startswith("In 1,000 words of Skerry “pier”")
    high, low = sorted([row["per_1000_target"], row["per_1000_reference"]], reverse=True)
    assert f"stands {high:.1f} times" in text and f"{low:.1f} times" in text
    assert f"{row['articles_target']} of {row['articles_target_all']}" in text
    assert row["per_1000_reference"] == high  # Skerry's
    assert found.evidence == "explorer.html#term=pier"
    assert "terms and contrasts tested" in repr(found.caveat)
    assert "No shared copy had to be left out" in repr(found.caveat)


def test_nothing_is_said_of_nine_articles():
    given = compared(outlet("Skerry", 9, 0.06, 1), outlet("Post", 30, 0.01, 2))
    assert findings.most_distinctive_word(given) is None
    assert findings.outlets_apart(given) is None


def test_nothing_is_said_where_nothing_differs():
    given = compared(outlet("Skerry", 15, 0.01, 3), outlet("Post", 15, 0.01, 4))
    assert findings.most_distinctive_word(given) is None
    assert findings.outlets_apart(given) is None


def test_one_outlet_has_no_comparison():
    given = compared(outlet("Skerry", 12, 0.02, 1))
    assert given.keyness is None
    assert [f.evidence for f in findings.findings(given)] == ["03-similarity.html#shared-copy"]
    assert findings.starting_terms(given) == []


def test_fragile_where_it_hangs_on_shared_copy(planted, monkeypatch):
    without = planted.measures.select(outlet="Post").articles["id"]
    skerry = planted.measures.select(outlet="Skerry").articles["id"][:3]
    left = planted.measures.keep([*without, *skerry])  # three articles allow no test
    monkeypatch.setattr(findings.reuse, "independent", lambda _: left)
    assert "Fragile" in repr(findings.most_distinctive_word(planted).caveat)
    left = planted.measures.keep(planted.measures.articles["id"][1:])
    assert "it holds (p = 0.0" in repr(findings.most_distinctive_word(planted).caveat)


def test_terms_to_begin_with_are_used_more_by_their_outlet(planted):
    starts = dict(findings.starting_terms(planted))
    table = planted.keyness
    for name, words in starts.items():
        for term, _ in words:
            row = table[(table["term"] == term) & (table["target"] == name)].iloc[0]
            assert row["more_used_by"] == name and row["articles_target"] >= 4
    assert len(starts) >= 1


def test_every_sentence_has_a_figure_a_caveat_and_evidence(planted):
    for found in findings.findings(planted):
        assert re.search(r"\d", repr(found.sentence))
        assert len(repr(found.caveat)) > 20
        assert re.fullmatch(r"[\w-]+\.html#\S+", found.evidence)
