"""What kind of word a finding is: of the topic, of a style guide, a function word, a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from analysis.compare.ground.groups import as_counted
from analysis.data import word_list
from analysis.measure.measures import Measures
from analysis.measure.tokens import tokenize

TOPIC, STYLE, FUNCTION, NAME = "topic", "house style", "function word", "name"
_LEAST_STEM = 3


@cache
def honorifics() -> frozenset[str]:
    """The courtesy titles of ``data/languages/en/house_style.toml``."""
    return frozenset(word_list("house_style")["honorifics"]["words"])


def house_words(outlets: Iterable[str]) -> frozenset[str]:
    """What is set aside wherever it stands: honorifics, and outlets' names of one word (BBC).

    Words of longer names ("Today", "Valley") stay: most are words like any other. Where one of
    these outlets is compared, `analysis.compare.vocabulary.keyness` looks at them one by one.
    """
    names = (tokenize(name) for name in outlets)
    return honorifics() | {words[0] for words in names if len(words) == 1}


def kinds_of(measures: Measures, terms: Sequence[str]) -> np.ndarray:
    """The kind of each term: topic, house style, function word, name, or "" for any other word.

    The first that holds, of a phrase for any of its words: a term of the description's topic; a
    word of ``data/languages/en/house_style.toml`` (courtesy titles, contractions, days and months,
    verbs of reporting by their tense) or one of two spellings of a word, both of them in the
    reference list; a word of ``function_words.toml``; a word written with a capital more often
    than without.
    """
    style = word_list("house_style")
    listed = {word for part in style.values() for word in part.get("words", ())}
    listed |= house_words(measures.outlets["outlet"])
    functions = frozenset(word_list("function_words")["words"])
    known = measures.reference.rows
    endings = [*style["spellings"]["endings"], *(e[::-1] for e in style["spellings"]["endings"])]
    any_ending = tuple(own for own, _ in endings)
    contracted = tuple(style["contractions"]["endings"])
    spelling = measures.spelling(terms)
    topic = topic_terms(measures, terms)

    @cache
    def is_style(word: str) -> bool:
        if word in listed or word.endswith(contracted):
            return True
        return word.endswith(any_ending) and any(
            word.removesuffix(own) + other in known
            for own, other in endings
            if word.endswith(own) and len(word) - len(own) >= _LEAST_STEM
        )

    def kind(term: str, written: str, is_topic: bool) -> str:
        if is_topic:
            return TOPIC
        if any(map(is_style, term.split())):
            return STYLE
        if term in functions:
            return FUNCTION
        return NAME if written[:1].isupper() else ""

    found = [kind(*of) for of in zip(terms, spelling, topic, strict=True)]
    return np.array(found, object)


def topic_terms(measures: Measures, terms: Sequence[str]) -> np.ndarray:
    """Whether each term is one by which the description says what is about the event."""
    topic = [pattern.casefold() for pattern in measures.description.topic]
    stems = tuple(pattern[:-1] for pattern in topic if pattern.endswith("*"))
    whole = set(as_counted([pattern for pattern in topic if not pattern.endswith("*")]))

    def is_topic(term: str) -> bool:
        parts = (term, *term.split())
        return any(part in whole or (bool(stems) and part.startswith(stems)) for part in parts)

    return np.array([is_topic(term) for term in terms], bool)
