import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis
from analysis.measure import overlaps as counted
from analysis.measure.overlaps import Shingles, shingles, term_hashes

SMALL = ["the", "pier", "was", "closed", "by", "a", "vote"]
TEXTS = st.lists(st.lists(st.sampled_from(SMALL[:4]), max_size=24), min_size=1, max_size=6)


def found(texts: list[list[str]]) -> Shingles:
    words = [word for text in texts for word in text]
    article = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    return shingles(term_hashes(words), article, len(texts))


def overlaps(of: Shingles, ids: list[str], dates: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({"id": ids, "date": dates, "shingles": of.distinct})
    return counted.overlaps(of, table)


def runs(text: list[str], size: int = 5) -> list[tuple[str, ...]]:
    return [tuple(text[i : i + size]) for i in range(len(text) - size + 1)]


def longest_run(a: list[str], b: list[str]) -> int:
    sizes = [n for n in range(1, len(a) + 1) if set(runs(a, n)) & set(runs(b, n))]
    return max(sizes, default=0)


def expected(texts: list[list[str]], dates: list[str], often: int) -> list[tuple[object, ...]]:
    """The rule of the module, pair by pair."""
    sets = [set(runs(text)) for text in texts]
    common = {r for r in set().union(*sets) if sum(r in s for s in sets) > often}
    rows = []
    for i in range(len(texts)):
        for j in range(i + 1, len(texts)):
            both, least = sets[i] & sets[j], min(len(sets[i]), len(sets[j]))
            gap = float("nan")
            if dates[i] and dates[j]:
                gap = abs((pd.Timestamp(dates[i]) - pd.Timestamp(dates[j])).days)
            if both - common and len(both) >= 5 and len(both) / least >= 0.05 and not gap > 14:
                sizes = (len(both), len(sets[i]), len(sets[j]))
                rows.append((f"t{i}", f"t{j}", *sizes, longest_run(texts[i], texts[j]), gap))
    return rows


@given(TEXTS)
def test_shingles_are_the_runs_of_five_of_each_article(texts: list[list[str]]) -> None:
    assert found(texts).sizes.tolist() == [len(runs(text)) for text in texts]
    assert found(texts).distinct == [len(set(runs(text))) for text in texts]
    parts = [found([text]) for text in texts]
    for name in Shingles._fields:
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert joined.tolist() == getattr(found(texts), name).tolist()


@settings(max_examples=150)
@given(
    TEXTS,
    st.lists(st.sampled_from(["", "2031-05-01", "2031-05-15", "2031-05-16"]), min_size=6),
    st.sampled_from([1_000, 2, 1]),
    st.sampled_from([(10**7, 10**7), (7, 3)]),
)
def test_pairs_by_brute_force(
    texts: list[list[str]], dates: list[str], often: int, sizes: tuple[int, int]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counted, "COMMON_ARTICLES", often)
        patched.setattr(counted, "_PART", sizes[0])
        patched.setattr(counted, "_BLOCK", sizes[1])
        table = overlaps(found(texts), [f"t{i}" for i in range(len(texts))], dates[: len(texts)])
    rows = pd.DataFrame(expected(texts, dates, often), columns=[*table.columns])
    pd.testing.assert_frame_equal(table, rows.astype(table.dtypes.to_dict()))


def test_order_of_words_matters() -> None:
    words = ["one", "two", "three", "four", "five"]
    assert found([words]).hashes[0] != found([words[::-1]]).hashes[0]


def test_hashes_are_the_same_on_every_machine() -> None:
    # BLAKE2b of "pier", eight bytes, little-endian; from the reference implementation (b2sum -l 64)
    assert term_hashes(["pier"])[0] == np.frombuffer(bytes.fromhex("6b226fa07805aa14"), "<u8")[0]


def words(start: int, stop: int) -> list[str]:
    return [f"w{i}" for i in range(start, stop)]


def test_few_shared_shingles_or_a_small_share_are_no_pair() -> None:
    texts = [words(0, 200), [*words(0, 8), *words(900, 950)], words(0, 9) + words(300, 470)]
    table = overlaps(found(texts), ["a", "b", "c"], ["", "", ""])
    # Of a and b 4 are shared; of a and c 5 of 175, which is .029.
    assert table.empty
    texts[2] = words(0, 14) + words(300, 470)
    table = overlaps(found(texts), ["a", "b", "c"], ["", "", ""])
    assert table.drop(columns="date_gap").to_numpy().tolist() == [["a", "c", 10, 196, 180, 14]]


@pytest.mark.slow
def test_a_shingle_in_a_thousand_articles_finds_a_pair_and_in_more_only_counts() -> None:
    phrase, own = words(0, 10), [[f"x{i}-{k}" for k in range(20)] for i in range(1_001)]
    table = overlaps(found([phrase + o for o in own[:1_000]]), words(0, 1_000), [""] * 1_000)
    assert len(table) == 1_000 * 999 // 2
    assert set(table["shared"]) == {6}
    own[1] = own[0][:12] + own[1]  # two articles that share something else as well
    table = overlaps(found([phrase + o for o in own]), words(0, 1_001), [""] * 1_001)
    assert table.drop(columns="date_gap").to_numpy().tolist() == [["w0", "w1", 18, 26, 38, 22]]


def test_one_word_repeated_is_soon_compared() -> None:
    same = ["no"] * 50_000
    table = overlaps(found([same, same[:-1], [*same[:30_000], "yes"]]), ["a", "b", "c"], [""] * 3)
    assert table.empty  # one distinct shingle
    varied = [f"w{i % 7}" for i in range(50_000)]
    table = overlaps(found([varied, varied[3:]]), ["a", "b"], ["", ""])
    assert table["longest"].tolist() == [49_997]


def test_names_and_quotations_are_set_aside_and_reported_words_are_own() -> None:
    plain = "The boat was lost in the storm at night near the old pier."
    texts = {
        "a": plain,
        "b": plain.replace("near", "near Velmar"),
        "c": plain.replace("lost", "lost “as I saw”"),
        "d": f"They said that t{plain[1:]}",
    }
    frame = pd.DataFrame([{"id": k, "outlet": k, "text": t} for k, t in texts.items()])
    measures = analysis.measure_articles(frame)
    assert measures.articles["shingles"].tolist() == [8, 8, 8, 11]  # twelve words, not the first
    assert set(measures.overlaps["shared"]) == {8}
    assert len(measures.overlaps) == 6


def test_planted_copies_are_found_with_what_was_planted() -> None:
    rng = np.random.default_rng(11)
    texts = [[f"v{i}" for i in rng.integers(0, 3_000, 300)] for _ in range(300)]
    planted = {}
    for i, length in enumerate((20, 40, 80, 160, 300)):
        texts[2 * i + 1][:length] = texts[2 * i][50 : 50 + length]
        planted[f"t{2 * i}", f"t{2 * i + 1}"] = min(length, 250)
    table = overlaps(found(texts), [f"t{i}" for i in range(300)], ["2031-05-01"] * 300)
    pairs = zip(zip(table["a"], table["b"], strict=True), table["longest"], strict=True)
    assert dict(pairs) == planted
    assert table["shared"].tolist() == [
        planted[p] - 4 for p in zip(table["a"], table["b"], strict=True)
    ]
