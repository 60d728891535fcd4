"""Tables of what was found out about words."""

from analysis.measure import lookup


def test_each_word_is_looked_at_once_long_ones_are_not_kept_and_a_full_table_is_emptied(
    monkeypatch,
) -> None:
    monkeypatch.setattr(lookup, "_SIZE", 3)
    asked: list[str] = []
    table = lookup.Lookup(lambda word: asked.append(word) or len(word))
    assert [table[w] for w in ("pier", "pier", "a" * 60, "a" * 60)] == [4, 4, 60, 60]
    assert asked == ["pier", "a" * 60, "a" * 60]
    assert [*map(table.__getitem__, ["sea", "ebb", "tide"])] == [3, 3, 4]
    assert list(table) == ["tide"]
