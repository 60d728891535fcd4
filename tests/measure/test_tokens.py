import json
import re
import unicodedata

import pyarrow.parquet as pq
import pytest
from conftest import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st
from reference_tokenizer import reference_tokens

from analysis.measure import tokens
from analysis.measure.tokens import count, find_tokens, fold, is_unspaced, spelling, tokenize


def assigned(character: str) -> bool:
    return unicodedata.category(character) not in ("Cn", "Cs", "Co")


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]))
TRICKY = st.text(st.sampled_from("aBcS.'’-‑ \n\t,:19é́Кüß\u00ad\u00a0\u2003“\"!U_İ"), max_size=40)


def quick_tokens(text: str) -> list[str]:
    return [term for word in find_tokens(text).words if (term := fold(spelling(word)))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("self-determination for 8,000 people", ["self-determination", "for", "8,000", "people"]),
        ("Crimea's future, the workers' vote", ["crimea", "future", "the", "workers", "vote"]),
        ("It's Velmar’s", ["it's", "velmar"]),
        ("the U.S. and the U.S.'s ally", ["the", "u.s.", "and", "the", "u.s.", "ally"]),
        ("U.S and a.m", ["u.s.", "and", "a.m."]),
        ("U.S.-led talks", ["u.s.-led", "talks"]),
        ("Крым наш", ["крым", "наш"]),
        ("cafe\u0301 = café", ["café", "café"]),
        ("don't O’Brien", ["don't", "o'brien"]),
        ("14.03.2014 at 9:26PM", ["14.03.2014", "at", "9:26pm"]),
        ("one--two—three", ["one", "two", "three"]),
        ("end.Next snake_case", ["end", "next", "snake", "case"]),
        ("so\u00adft", ["soft"]),
        ("... '' --", []),
        ("", []),
    ],
)
def test_tokens_by_hand(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens
    assert reference_tokens(text) == tokens
    assert quick_tokens(text) == tokens


@given(st.lists(st.one_of(TEXT, TRICKY), max_size=5))
def test_find_tokens_agrees_with_the_reference(texts: list[str]) -> None:
    expected = [reference_tokens(t) for t in texts]
    assert list(map(quick_tokens, texts)) == expected
    assert [tokenize(t) for t in texts] == expected


@given(TRICKY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert all(fold(t) == t for t in tokenize(text))


@given(TRICKY)
def test_every_token_has_a_span_it_was_read_from(text: str) -> None:
    found = find_tokens(text)
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == found.words
    assert [t for word in found.words for t in tokenize(word)] == tokenize(text)


@given(TRICKY)
def test_tokens_and_what_is_between_them_are_the_text(text: str) -> None:
    words, between, _, _ = find_tokens(text)
    assert between[0] + "".join(map("".join, zip(words, between[1:], strict=True))) == text


COMMON = "ab Zé1²½ªµ×\u00ad.,:-'’‐_\u0301٣"


@given(st.one_of(TEXT, TRICKY, st.text(COMMON), st.text("aBé19.,:-'’ ")))
def test_the_quick_rule_finds_what_the_rule_finds(text):
    found = find_tokens(text)
    spans = list(zip(found.starts, found.ends, strict=True))
    assert spans == [m.span() for m in tokens.TOKEN.finditer(tokens.words_only(text))]


def test_the_quick_rule_is_asked_only_about_characters_it_classes_as_the_rule_does():
    common = [c for c in map(chr, range(0x110000)) if not tokens._UNCOMMON.match(c)]
    assert len(common) > 500
    for character in common:
        kind = unicodedata.category(character)
        assert kind[0] != "M" and character != "\u00ad"
        assert bool(re.match(tokens._L, character)) == (kind[0] == "L")
        assert bool(re.match(tokens._LN, character)) == (kind[0] in "LN")
        assert bool(re.match("[0-9]", character)) == (kind[0] == "N")


@given(st.lists(TRICKY, min_size=1, max_size=4))
def test_counts_are_those_of_the_tokens(texts: list[str]) -> None:
    matrix, terms = count(texts)
    assert terms == sorted(set(terms))
    for row, text in zip(matrix.toarray(), texts, strict=True):
        tokens = tokenize(text)
        assert {t: n for t, n in zip(terms, row, strict=True) if n} == {
            t: tokens.count(t) for t in set(tokens)
        }


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Shut. pic.quay.com/AbC12 said", ["shut", "said"]),
        ("at https://q.co/X1 or www.quay.org now", ["at", "or", "now"]),
        ("Mail ida@quay.co.uk, see quay.org", ["mail", "see"]),
        ("#SaveQuay @idarenn are #1", ["are", "1"]),
        ("and/or U.S./U.K. 5.5/10 left.Then", "and or u.s. u.k. 5.5 10 left then".split()),
        ("don't don’t donʼt don´t don‘t", ["don't"] * 5),
        ("Ida‘s Ida's Idaʼs об'єднаний обʼєднаний", ["ida"] * 3 + ["об'єднаний"] * 2),
        ("港口关闭 on day 10 ท่าเรือ", ["on", "day", "10"]),
    ],
)
def test_what_is_no_word_and_every_apostrophe(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens
    assert quick_tokens(text) == tokens
    found = find_tokens(text)
    together = [a + b for a, b in zip(found.between, [*found.words, ""], strict=True)]
    assert "".join(together) == text


def test_scripts_without_spaces_are_known() -> None:
    assert is_unspaced("港口今天关闭。10") and is_unspaced("ท่าเรือปิด ok")
    assert not is_unspaced("The port of 港口 is shut") and not is_unspaced("порт закрыт")


@pytest.mark.slow
@needs_shared
def test_find_tokens_agrees_with_the_reference_on_all_shared_texts() -> None:
    texts = [p.read_text("utf-8") for p in sorted(SHARED.glob("seeds/*.txt"))]
    texts += [p.read_text("utf-8") for p in sorted(SHARED.glob("gold/attributions/*/*.txt"))]
    texts.append((SHARED / "gold/frames/climate-news-frames.tsv").read_text("utf-8"))
    for name in ("crimea-2014.jsonl", "same-event-news.jsonl"):
        lines = (SHARED / "corpora" / name).read_text("utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines]
    news = pq.read_table(SHARED / "corpora/news-sample.parquet", columns=["text"])
    texts += news["text"].to_pylist()
    different = [i for i, text in enumerate(texts) if quick_tokens(text) != reference_tokens(text)]
    assert len(texts) > 12_000
    assert different == []
