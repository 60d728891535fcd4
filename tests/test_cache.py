"""What was computed once is found again, and nothing else is."""

import os
from pathlib import Path

import pandas as pd
import pytest

from analysis import cache


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_table_is_made_once_and_comes_back_as_it_was() -> None:
    made = []

    def make() -> pd.DataFrame:
        made.append(1)
        frame = pd.DataFrame({"term": pd.Categorical(["pier", "flat"]), "p": [0.5, None]})
        frame.attrs["notes"] = ["Articles: Post 2."]
        return frame

    first, second = (cache.table(["corpus", "keyness", {"by": "outlet"}], make) for _ in range(2))
    assert made == [1]
    pd.testing.assert_frame_equal(first, make())
    pd.testing.assert_frame_equal(first, second)
    assert second.attrs["notes"] == ["Articles: Post 2."]


def test_another_question_another_library_or_another_rule_finds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = {cache.key("a", 1), cache.key("a", 2), cache.key("a", "1"), cache.key(["a", 1])}
    assert len(keys) == 4
    monkeypatch.setattr(cache, "_made_with", lambda: "another package")
    assert cache.key("a", 1) not in keys


def test_what_fails_leaves_nothing_behind(own_cache: Path) -> None:
    def write(place: Path) -> None:
        (place / "half").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.kept(["x"], write)
    assert list(own_cache.iterdir()) == []


def test_two_that_write_at_once_both_get_the_first(own_cache: Path) -> None:
    def slow(place: Path) -> None:
        cache.kept(["x"], lambda other: (other / "by").write_text("first"))
        (place / "by").write_text("second")

    assert (cache.kept(["x"], slow) / "by").read_text() == "first"
    assert len(list(own_cache.iterdir())) == 1


def test_it_is_bounded_and_what_was_used_longest_ago_goes(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "BYTES", 350)
    places = {}
    for n, name in enumerate("abc"):
        places[name] = cache.kept([name], lambda place: (place / "x").write_bytes(b"." * 100))
        os.utime(places[name], (n, n))
    cache.kept(["a"], lambda place: pytest.fail("a is kept"))
    cache.kept(["d"], lambda place: (place / "x").write_bytes(b"." * 100))
    assert [name for name, place in places.items() if place.exists()] == ["a", "c"]


def test_clearing_removes_only_its_own(own_cache: Path) -> None:
    cache.kept(["a"], lambda place: (place / "x").write_bytes(b"12345"))
    (own_cache / "thesis").mkdir()
    (own_cache / "thesis" / "x").write_text("mine")
    assert cache.size() == 5
    assert cache.clear() == 5
    assert [p.name for p in own_cache.iterdir()] == ["thesis"]


def test_what_a_killed_run_was_making_goes_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    (tmp_path / f"{cache.MAKING}abcdefgh.tmp").mkdir()

    def write(place: Path) -> None:
        assert not (tmp_path / f"{cache.MAKING}abcdefgh.tmp").exists()
        place.joinpath("a").write_text("1")
        cache.kept(["another"], lambda other: other.joinpath("b").write_text("2"))

    assert (cache.kept(["one"], write) / "a").read_text() == "1"  # another run leaves it alone
    assert len([*tmp_path.iterdir()]) == 2 and all(len(p.name) == 64 for p in tmp_path.iterdir())
