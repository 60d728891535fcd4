import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.measure.reference import build_reference, read_reference, write_reference
from analysis.measure.tokens import tokenize

TEXTS = ["The pier is old. The pier leaks.", "The council met.", "The pier was sold."]


def test_counts_by_hand() -> None:
    reference = build_reference(TEXTS, min_articles=2, name="toy")
    assert reference.terms.to_dict("list") == {
        "term": ["pier", "the"],
        "articles": [2, 3],
        "tokens": [3, 4],
    }
    assert (reference.n_articles, reference.n_tokens) == (3, 14)
    assert reference.about["terms_cut"] == 7


def test_weights_by_hand() -> None:
    reference = build_reference(TEXTS, min_articles=2, name="toy")
    assert reference.idf(["the", "pier"]) == pytest.approx([1.0, math.log(4 / 3) + 1])
    assert reference.share(["the", "pier"]) == pytest.approx([4 / 14, 3 / 14])


def test_an_unlisted_term_counts_as_the_rarest_listed() -> None:
    reference = build_reference(TEXTS, min_articles=2, name="toy")
    assert reference.articles(["unheard-of", "pier"]).tolist() == [2, 2]
    assert reference.share(["unheard-of"]) == pytest.approx([3 / 14])


@given(st.permutations(TEXTS))
def test_order_of_texts_does_not_matter(texts: list[str]) -> None:
    assert build_reference(texts, min_articles=1).terms.equals(
        build_reference(TEXTS, min_articles=1).terms
    )


def test_the_cut_keeps_the_total() -> None:
    whole, cut = (build_reference(TEXTS, min_articles=k) for k in (1, 3))
    assert whole.n_tokens == cut.n_tokens == sum(len(tokenize(t)) for t in TEXTS)
    assert cut.about["tokens_cut"] == 14 - 4


def test_written_and_read_back(tmp_path: Path) -> None:
    reference = build_reference(TEXTS, min_articles=1, name="toy")
    write_reference(reference, tmp_path / "a")
    write_reference(reference, tmp_path / "b")
    for name in ("terms.parquet", "reference.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    again = read_reference(tmp_path / "a")
    assert again.terms.values.tolist() == reference.terms.values.tolist()
    assert "toy" in again.note


def test_a_changed_byte_is_refused(tmp_path: Path) -> None:
    write_reference(build_reference(TEXTS, min_articles=1, name="toy"), tmp_path)
    path = tmp_path / "terms.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(AnalysisError, match=r"terms\.parquet"):
        read_reference(tmp_path)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="no word"):
        build_reference(["..."])
    with pytest.raises(AnalysisError, match="no reference list"):
        read_reference(tmp_path)


@pytest.mark.parametrize("about", ["", "[]", "{}", "[" * 100_000, '{"terms_sha256": 1}'])
def test_a_damaged_list_is_said_to_be_one(tmp_path: Path, about: str) -> None:
    folder = write_reference(build_reference(["a pier", "a pier", "a pier"]), tmp_path / "list")
    (folder / "reference.json").write_text(about, "utf-8")
    with pytest.raises(AnalysisError):
        read_reference(folder)
