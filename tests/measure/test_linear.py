"""No rule of reading takes longer than its input is long, whatever the input (docs/methods.md)."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable

import pytest

from analysis.measure.sentences import quoted_spans, sentences
from analysis.measure.speech.statements import statements
from analysis.measure.tokens import count, find_tokens, tokenize

# Every character the expressions name, then words and pieces of sentences.
_CHARACTERS = [
    *"!?.,;:…-–—'’‘ʼ´\"“”„«»‹›`()[]{}/&@#$€_ \n\r\t\u00a0\u2029\u0301\u00ad\ue000aA1é中ก",
]  # fmt: skip
_WORDS = [
    "a ", "A ", "the ", "said ", "said, ", "says ", "saying ", "told ", "asked ", "that ", "who ",
    "and ", "but ", "not ", "has ", "would ", "if ", "while ", ", while ", "to say ", "to ", "of ",
    "by ", "as ", "with ", "he ", "She ", "they ", "Ida ", "Ida Renn ", "Ida, ", "Ida and ", "van ",
    "al-", "Mr Ida ", "Mrs. Ida ", "Mr. ", "No. ", "U.S. ", "U.", "a.b", "1.", "1,", "a-", "a’",
    "Oru's ", "s’ ", "in Oru ", "today ", "Monday ",
]  # fmt: skip
_PIECES = [
    "“a” ", "‘a’ ", "«a»", "a»b»", " « a » ", "'a ", "a' ", "\"a, ", "“a\n", "``a '' ", "(a ", ") ",
    "a\n", "a b.\n", "Ida.\n", "! a", "?”", ".” ", "b.Then ", "Ida said it. ", "He said it was. ",
    "It ran. ", "“It ran.” ", "as Ida said, ", "according to Ida, ", "quoted him as saying ",
    "was told by Ida ", "adding that it ", "neither Ida nor ", ", who said it, ", "Ida: a\n",
    "Q: a\n", "A: a b.\n", "IDA: a b\n", "– a\n", "— a, said Ida. ", "http://a ", "www.a.b/",
    "a@b.c ", "#a ", "@a ", "a.com ", "a.b/",
]  # fmt: skip
_FRAMES = [("", ""), ("a", "a"), ("Ida Renn said “", "")]
_RULES: dict[str, Callable[[str], object]] = {
    "find_tokens": find_tokens,
    "tokenize": tokenize,
    "count": lambda text: count([text]),
    "quoted_spans": quoted_spans,
    "sentences": sentences,
    "statements": statements,
}
_TOO_LONG = 8  # a quarter of the input may take this many times less; quadratic: 16


def _cpu(rule: Callable[[str], object], text: str) -> float:
    gc.disable()  # its time hangs on all else that is in memory
    try:
        start = time.process_time()
        rule(text)
        return time.process_time() - start
    finally:
        gc.enable()


def _is_linear(rule: Callable[[str], object], piece: str, times: int) -> bool:
    """Whether four times the input takes about four times as long; measured again before a no."""
    for before, behind in _FRAMES:
        short, long = (f"{before}{piece * n}{behind}" for n in (times // 4, times))
        for _ in range(3):
            taken = _cpu(rule, long)
            if taken < 0.2 or taken < _TOO_LONG * max(_cpu(rule, short), 1e-3):
                break
        else:
            return False
    return True


@pytest.mark.parametrize("name", _RULES)
def test_no_rule_takes_longer_than_its_input(name: str) -> None:
    pieces = [*_CHARACTERS, *_WORDS, *_PIECES]
    assert [p for p in pieces if not _is_linear(_RULES[name], p, 2_500)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", _RULES)
def test_no_rule_takes_longer_on_a_hundred_thousand_characters(name: str) -> None:
    pieces = [*_CHARACTERS, *_WORDS, *_PIECES]
    slow = [p for p in pieces if not _is_linear(_RULES[name], p, 100_000 // len(p))]
    assert slow == []


def test_a_sentence_longer_than_any_is_read_in_pieces() -> None:
    text = "The dam, " * 2_000 + "Ida Renn said. “It holds,” she said."
    assert [s.speaker for s in statements(text)][-1] == "Ida Renn"


def test_any_mixture_of_pieces_is_read() -> None:
    pieces = [
        *_CHARACTERS,
        *_WORDS,
        *_PIECES,
        "his claim ",
        "It was ",
        "Asked ",
        "Anna May ",
        "“b” ",
    ]
    chance = random.Random(7)
    for _ in range(1_500):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 40)))
        for said in statements(text):
            assert 0 <= said.start < said.end <= len(text)
            assert all(a < b for a, b in said.spans)
