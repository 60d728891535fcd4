"""Lexicons: what the format accepts, and each kind of entry it refuses."""

from __future__ import annotations

import hashlib
import itertools
import time
from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.measure.lexicon.load import available_lexicons, load_lexicon

GOOD = '{ pattern = "harbour*", sense = "s", source = "Doe", example = "The harbours froze." }'


def written(folder: Path, entries: str, *, top: str = "", more: str = "", of_set: str = "") -> Path:
    """A lexicon with one set and one label of these entries; `more` follows the label."""
    path = folder / "quay.toml"
    path.write_text(
        f"""
        title = "Quay"
        kind = "indicators"
        about = "A lexicon for tests."
        {top}
        [sources]
        Doe = "Doe, J. (2001). Harbours."
        [[set]]
        name = "quay"
        about = "Words of the quay."
        {of_set}
        [[set.label]]
        name = "water"
        about = "Is water spoken of?"
        entries = [{entries}]
        {more}
        """,
        encoding="utf-8",
    )
    return path


def entry(pattern: str, example: str = "", **more: str) -> str:
    keys = {"sense": "s", "source": "Doe", "example": example or f"It is {pattern}.", **more}
    pairs = ", ".join(f'{key} = "{value}"' for key, value in keys.items() if value != "-")
    return f'{{ pattern = "{pattern}", {pairs} }}'


def refusal(folder: Path, entries: str, **parts: str) -> str:
    with pytest.raises(AnalysisError) as caught:
        load_lexicon(written(folder, entries, **parts))
    return str(caught.value)


# ---------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", available_lexicons())
def test_bundled_lexicons_pass_every_check(name: str) -> None:
    lexicon = load_lexicon(name)
    assert lexicon.name == name and len(lexicon.entries) > 100
    assert lexicon.remarks == ()


def test_the_generic_frames_are_the_five_and_the_codebook() -> None:
    sets = load_lexicon("generic").sets
    assert set(sets["Semetko and Valkenburg"].labels) == {
        "conflict",
        "economic consequences",
        "human interest",
        "morality",
        "responsibility",
    }
    assert len(sets["Policy Frames"].labels) == 12


def test_the_event_has_eight_indicators_and_at_least_fourteen_contested_names() -> None:
    sets = load_lexicon("crimea-2014").sets
    (indicators,) = (s for s in sets.values() if s.kind == "indicators")
    naming = {name: s for name, s in sets.items() if s.kind == "naming"}
    contested = [s for s in naming.values() if not s.house_style]
    assert len(indicators.labels) == 8
    assert len(contested) >= 14
    assert all(len(s.labels) >= 2 for s in naming.values())
    assert naming["spelling of the capital"].house_style


def test_the_hash_is_that_of_the_file_whatever_its_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert load_lexicon(path).hash == expected
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_lexicon(path).hash == expected


def test_a_longer_pattern_may_contain_a_shorter_one(tmp_path: Path) -> None:
    entries = ", ".join([entry("tide"), entry("spring tide")])
    assert len(load_lexicon(written(tmp_path, entries)).entries) == 2


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("crimea's", "reads it as 'crimea'. Write 'crimea'."),
        ("black_sea", "reads it as 'black sea'."),
        ("%", "reads it as 'nothing'."),
        ("-sea", "reads it as 'sea'."),
        ("se*a", "not at the end of a word"),
        ("sea *", "not at the end of a word"),
        ("se*", "too short"),
        ("20*", "too short or holds a number"),
        ("sea ... ice", "no gap. Write a gap as {0,3}"),
        ("sea {0;3} ice", "is no gap"),
        ("{0,3} sea", "A gap begins or ends"),
        ("sea {0,3}", "A gap begins or ends"),
        ("sea {3,1} ice", "not usable"),
        ("sea {0,9} ice", "not usable"),
        ("sea {0,0} ice", "not usable"),
        ("sea {0,1} {0,1} ice", "not usable"),
        ("sea|Sea", "names a word twice"),
        ("sea||ice", "no word on one of its sides"),
    ],
)
def test_patterns_that_cannot_match_are_refused(tmp_path: Path, pattern: str, message: str) -> None:
    text = refusal(tmp_path, entry(pattern))
    assert message in text
    assert "quay.toml, set 'quay', label 'water'" in text and repr(pattern) in text


@pytest.mark.parametrize("key", ["sense", "source", "example"])
def test_what_a_reader_would_miss_is_asked_for_by_a_remark(tmp_path: Path, key: str) -> None:
    lexicon = load_lexicon(written(tmp_path, f"{GOOD}, {entry('tide', **{key: '-'})}"))
    assert lexicon.remarks == (f"quay: 1 of 2 entries without {key}: tide.",)


def test_an_unexplained_source_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, entry("tide", source="Roe, p. 3"))
    assert "Unknown source" in text and "'tide'" in text and "Available: Doe." in text


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    assert "Unknown key" in refusal(tmp_path, entry("tide", sorce="Doe"))


def test_an_example_without_its_pattern_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, entry("tide", "The sea rose."))
    assert "example of pattern 'tide' does not hold it (found there: none)" in text


def test_an_example_in_which_a_longer_pattern_wins_is_refused(tmp_path: Path) -> None:
    entries = ", ".join([entry("tide", "The spring tide came."), entry("spring tide")])
    assert "(found there: spring tide)" in refusal(tmp_path, entries)


def label(name: str, entries: str, side: str = "") -> str:
    return f"""
        [[set.label]]
        name = "{name}"
        about = "a"
        {f'side = "{side}"' if side else ""}
        entries = [{entries}]
        """


def test_a_pattern_under_two_labels_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, GOOD, more=label("ice", GOOD))
    assert "'harbour*' (ice) and 'harbour*' (water) both match 'harbour'" in text


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ("flood*", "floods|ebb", "floods"),
        ("flood*", "flooding*", "flooding"),
        ("sea {0,2} ice", "sea cold ice", "sea cold ice"),
        ("sea {0,2} ice", "sea {1,3} ice", "sea … ice"),
        ("high-tide", "high tide|tides", "high tide"),
        ("#", "1994", "1994"),
        ("sea {1,1} ice", "sea cold|warm ice", "sea cold ice"),
        ("high-tide mark", "high tide mark*", "high tide mark"),
        ("harbour* tolls", "harbourside toll*", "harbourside tolls"),
    ],
)
def test_entries_that_match_the_same_words_are_refused(
    tmp_path: Path, a: str, b: str, shared: str
) -> None:
    text = refusal(tmp_path, entry(a), more=label("ice", entry(b)))
    assert f"both match {shared!r}" in text
    assert repr(a) in text and repr(b) in text and "(water)" in text and "(ice)" in text


def test_a_side_without_entries_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, entry("tide", side="port"), of_set='sides = ["port", "town"]')
    assert "declares the sides port, town, but 'town' has no entry" in text


def test_an_undeclared_side_is_refused(tmp_path: Path) -> None:
    assert "Unknown side" in refusal(tmp_path, entry("tide", side="port"))


def test_a_mirror_must_be_an_entry_of_the_other_side_and_point_back(tmp_path: Path) -> None:
    sides = 'sides = ["port", "town"]'
    mine = entry("ebb", side="port", mirror="flow")
    text = refusal(tmp_path, mine, of_set=sides, more=label("ice", entry("floe"), "town"))
    assert "'flow', which is no entry of another side" in text
    text = refusal(tmp_path, mine, of_set=sides, more=label("ice", entry("flow"), "town"))
    assert "in this set whose mirror is 'ebb'" in text


def test_the_bundled_sides_mirror_each_other() -> None:
    for name in available_lexicons():
        for e in load_lexicon(name).entries:
            assert not e.mirror or e.side, e.pattern


LEAST = '[[set]]\nname = "a"\n[[set.label]]\nname = "b"\nentries = ["c"]'


def test_files_that_are_not_lexicons_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(AnalysisError, match=r"broken.toml is not TOML"):
        load_lexicon(broken)
    with pytest.raises(AnalysisError, match="There is no file"):
        load_lexicon(tmp_path / "absent.toml")
    with pytest.raises(AnalysisError, match=r"Unknown word list 'frames'. Available: .*crimea"):
        load_lexicon("frames")
    broken.write_text('kind = "wishes"\n' + LEAST)
    with pytest.raises(AnalysisError, match=r"kind: 'wishes'.* Write 'indicators' or 'naming'"):
        load_lexicon(broken)


def test_one_label_may_match_the_same_words_twice(tmp_path: Path) -> None:
    entries = ", ".join([entry("flood*"), entry("floods|ebb"), entry("high tide"), entry("tide")])
    assert len(load_lexicon(written(tmp_path, entries)).entries) == 4


# ---------------------------------------------------------------- guards


@pytest.mark.parametrize(
    ("guard", "message"),
    [
        ('near = ["crimea\'s"]', 'guard "crimea\'s": "crimea\'s" can never match'),
        ('near = "harbour"', "label 1, entries 1, near: 'harbour' (str). Write a list of texts"),
        ("near = [1]", "near 1: '1' (int). Write a text"),
        ('part_of_name = "no"', "part_of_name: 'no' (str). Write true or false."),
        ('not_near = ["@coast"]', "Unknown name of words"),
        ('beside = ["sea"]', "Unknown key"),
    ],
)
def test_guards_that_cannot_be_meant_are_refused(tmp_path: Path, guard: str, message: str) -> None:
    text = refusal(tmp_path, f'{{ pattern = "tide", {guard} }}')
    assert message in text and "quay.toml, set " in text


def test_an_example_must_satisfy_the_guard_and_but_not_must_not(tmp_path: Path) -> None:
    guarded = entry("tide", "The tide rose.").replace("}", ', near = ["moon"] }')
    assert "Write an example in which the pattern is the longest match" in refusal(
        tmp_path, guarded
    )
    against = entry("tide", but_not="The tide rose.")
    assert "pattern 'tide' is found in its but_not" in refusal(tmp_path, against)
    both = entry("tide", "The tide followed the moon.", but_not="The tide rose.")
    load_lexicon(written(tmp_path, both.replace("}", ', near = ["moon"] }')))


def test_guards_are_inherited_and_taken_away(tmp_path: Path) -> None:
    entries = '"tide", { pattern = "ebb", near = [] }, { pattern = "flow", near = ["@coast"] }'
    path = written(tmp_path, entries, of_set='near = ["moon"]')
    text = path.read_text("utf-8").replace("[[set]]", '[words]\ncoast = ["coast*"]\n[[set]]', 1)
    path.write_text(text, "utf-8")
    near = {e.pattern: e.guards.near for e in load_lexicon(path).entries}
    assert near == {"tide": {"moon"}, "ebb": frozenset(), "flow": {"coast*"}}


# ---------------------------------------------------------------- other kinds of file


def test_a_dictionary_of_quanteda_is_read(tmp_path: Path) -> None:
    path = tmp_path / "harbour.yml"
    path.write_text("cost:\n  - toll*\n  - bridge fee\nplace:\n  water: [sea, toll*]\n", "utf-8")
    lexicon = load_lexicon(path)
    assert [(e.label, e.pattern) for e in lexicon.entries] == [
        ("cost", "toll*"),
        ("cost", "bridge fee"),
        ("place, water", "sea"),
        ("place, water", "toll*"),
    ]
    assert lexicon.name == "harbour" and "4 of 4 entries without source" in lexicon.remarks[1]


def test_a_table_of_two_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "harbour.csv"
    path.write_text('pattern,label\ntoll*,cost\n"sea, {0,2} ice",place\n', "utf-8")
    with pytest.raises(AnalysisError, match="'sea,' can never match"):
        load_lexicon(path)
    path.write_text('pattern,label\ntoll*,cost\n"sea {0,2} ice",place\n', "utf-8")
    assert [(e.label, e.pattern) for e in load_lexicon(path).entries] == [
        ("cost", "toll*"),
        ("place", "sea {0,2} ice"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "toll,cost\nfee\n", "Row 2 has 1 columns: 'fee'. Write two"),
        ("a.csv", "", "has no 'set'"),
        ("a.yml", "cost: 2001-01-01", "Under cost stands '2001-01-01', no pattern"),
        ("a.yml", "a: " + "[" * 3000, "a.yml is not YML in UTF-8"),
        ("a.toml", "a = " + "[" * 3000 + "]" * 3000, "too deeply nested"),
        ("a.toml", 'title = "t"\nset = "harbour"', "set: 'harbour' (str). Write tables: [[set]]"),
        ("a.toml", 'title = 1\n[[set]]\nname = "a"', "a.toml, title: '1' (int). Write a text"),
        (
            "a.toml",
            '[[set]]\nname = "a"\n[[set.label]]\nname = "b"\nentries = [1]',
            "entries 1: '1'",
        ),
    ],
)
def test_other_files_are_refused_in_one_message(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(AnalysisError) as caught:
        load_lexicon(path)
    assert message in str(caught.value) and str(caught.value).startswith("a.")


def test_lists_within_lists_do_not_multiply_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(AnalysisError, match="More than 20,000 patterns"):
        load_lexicon(path)


def test_two_thousand_patterns_with_the_same_ends(tmp_path: Path) -> None:
    words = ["".join(w) for w in itertools.islice(itertools.product("abcdefgh", repeat=4), 2000)]
    entries = [f'"the {{0,8}} x{word} {{0,8}} pier"' for word in words]
    start = time.process_time()
    assert len(load_lexicon(written(tmp_path, ", ".join(entries))).entries) == 2000
    two = written(tmp_path, ", ".join(entries[1::2]), more=label("ice", ", ".join(entries[::2])))
    with pytest.raises(AnalysisError, match="too many patterns begin and end like 'the"):
        load_lexicon(two)
    assert time.process_time() - start < 30


def test_a_large_list_is_read_in_time_that_grows_with_it(tmp_path: Path) -> None:
    def seconds(n: int) -> float:
        letters = itertools.islice(itertools.product("abcdefgh", repeat=5), n)
        words = list(map("".join, letters))
        entries = ", ".join(f'"x{w}", "stem{w}*", "the {{0,8}} v{w}"' for w in words)
        path = written(tmp_path, entries)
        start = time.process_time()
        load_lexicon(path)
        return time.process_time() - start

    small, large = seconds(200), seconds(1600)
    assert large < 30 * max(small, 0.02)
