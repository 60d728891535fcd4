import dataclasses

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.compare.ground.copies import counted_with, find_editions, shared
from analysis.compare.ground.groups import grouped
from analysis.measure.measures import Measures


def measured(*rows: tuple[str, str, int, int], **columns: list[str]) -> Measures:
    """Articles of (id, outlet, first word, word after the last)."""
    frame = pd.DataFrame([r[:2] for r in rows], columns=["id", "outlet"]).assign(**columns)
    frame["text"] = [" ".join(f"w{i}" for i in range(a, b)) for _, _, a, b in rows]
    return analysis.measure_articles(frame)


def test_editions_within_an_outlet_count_once() -> None:
    measures = measured(
        ("a", "Post", 0, 100),
        ("b", "Post", 0, 150),
        ("c", "Post", 40, 150),
        ("d", "Lantern", 0, 150),
        ("e", "Post", 130, 300),
    )
    labels = pd.Series("", index=measures.articles["id"])
    assert find_editions(measures, labels) == {"a": ("b", 1.0), "c": ("b", 1.0)}
    assert find_editions(measures, labels, but=["b"]) == {}  # a and c share 56 of 96 shingles
    assert find_editions(measures, labels, 0.5, but=["b"]) == {"a": ("c", 56 / 96)}
    groups = grouped(measures)
    assert groups.named("Post").ids == ["b", "e"]
    assert any(note.startswith("Left out: 2 articles counted with") for note in groups.notes)


def test_editions_of_other_groups_stay() -> None:
    rows = (("a", "Post", 0, 100), ("b", "Post", 0, 150))
    measures = measured(*rows)
    staged = measures.articles.assign(stage=["before", "after"])
    measures = dataclasses.replace(measures, articles=staged)
    assert {g.name: g.ids for g in grouped(measures, "stage")} == {
        "before": ["a"],
        "after": ["b"],
    }


def test_one_of_equal_texts_stays_whatever_their_order() -> None:
    rows = [(i, "Post", 0, 100) for i in "cab"]
    measures = measured(*rows, date=["2031-01-01", "2031-03-01", "2031-02-01"])
    assert grouped(measures).named("Post").ids == ["a"]
    labels = pd.Series("", index=measures.articles["id"])
    assert set(find_editions(measures, labels)) == {"a", "b"}  # the earliest is kept


@settings(max_examples=100)
@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.floats(0.1, 1), max_size=9),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
)
def test_nothing_that_is_kept_shares_with_another(
    pairs: dict[tuple[int, int], float], texts: list[int]
) -> None:
    rows = [(f"t{i}", f"t{j}", c) for (i, j), c in pairs.items() if i < j]
    table = pd.DataFrame(rows, columns=["a", "b", "containment"])
    of = pd.Series(texts, index=[f"t{i}" for i in range(6)])
    found = counted_with(shared(table, of), {name: (name,) for name in of.index}, of)
    kept = set(of.index) - set(found)
    assert not any(a in kept and b in kept for a, b, _ in rows)
    assert of[sorted(kept)].is_unique
    assert {other for other, _ in found.values()} <= kept
