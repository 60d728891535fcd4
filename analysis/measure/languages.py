"""Which language each article is in, and what is measured of it.

Words, sizes, likeness and shared copy are measured in any language written with spaces. Who says
what, reported speech and word lists need rules (``data/languages``): where a language has none
they are not measured, and `unmeasured` says so.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.special import softmax

from analysis.data import LANGUAGES, read_list
from analysis.measure.speech.statements import has_rules
from analysis.notes import note, some

CHARACTERS = 600  # of an article, from which its language is told
SURE = 0.5  # probability from which a language is told: near ones share it (hr .54, bs .41)
_AT_ONCE = 5_000  # texts read side by side: bounds memory
FEWEST_WORDS = 20  # under these the outlet's language is taken, then the corpus's
DOUBTFUL = 0.02  # share of articles under which a language may be a mistake


def languages_of(articles: pd.DataFrame, described: str = "") -> pd.Series:
    """The language of each article as ISO 639-1 code; nothing is set aside for it.

    Parameters
    ----------
    articles
        outlet, text; a `language` that is not empty is taken as it stands.
    described
        The language that the description gives to all of them.
    """
    if described:
        return pd.Series(described, index=articles.index, dtype="str")
    known = articles["language"].str.strip().str.casefold().str[:2]
    unknown = known == ""
    if not unknown.any():
        return known
    opening = articles["text"].str[:CHARACTERS]
    long = opening.str.split().str.len() >= FEWEST_WORDS
    found = known.where(~unknown, "")
    asked = opening[unknown & long].to_list()
    parts = (asked[i : i + _AT_ONCE] for i in range(0, len(asked), _AT_ONCE))
    found[unknown & long] = [code for part in parts for code in _told(part)]
    told = found[found != ""]
    of_outlet = _commonest(told, articles["outlet"].reindex(told.index))
    commonest = _commonest(told).get("", "")
    guess = [of_outlet.get(outlet, commonest) for outlet in articles["outlet"]]
    return found.where(found != "", pd.Series(guess, index=found.index, dtype="str"))


def _told(texts: list[str]) -> list[str]:
    """The language of each text; empty where it could well be another.

    As `LanguageIdentifier.classify` of py3langid has it, all texts read side by side: the states
    of its automaton at each byte, the features these stand for, and their Naive Bayes scores.
    """
    known = _identifier()
    written = [known._encode(text) for text in texts]
    size = np.fromiter(map(len, written), np.int64, len(written))
    letters = np.zeros((len(written), size.max(initial=1)), np.uint8)
    letters[np.arange(letters.shape[1]) < size[:, None]] = np.frombuffer(b"".join(written), "u1")
    following, row, feature = map(np.asarray, (known.tk_nextmove, known._rowbase, known.tk_output))
    state, seen = np.zeros(len(written), np.int64), np.full(letters.shape, -1, np.int32)
    for at, column in enumerate(letters.T):
        state = following[row[state] + column]
        seen[:, at] = np.where(at < size, feature[state], -1)
    text, where = np.nonzero(seen >= 0)
    shape = (len(written), len(known.nb_ptc))
    times = sp.coo_array((np.ones(len(text), np.float32), (text, seen[text, where])), shape).tocsr()
    scores = np.log1p(times) @ known.nb_ptc + known.nb_pc * (np.diff(times.indptr) > 0)[:, None]
    scores = softmax(scores / np.sqrt(np.maximum(size, 1))[:, None], axis=1)
    for first, alias in known._alias_pairs:
        scores[:, first] += scores[:, alias]
        scores[:, alias] = 0
    best = scores.argmax(axis=1)
    sure = scores[np.arange(len(best)), best] >= SURE
    return np.where(sure, np.array(known.nb_classes, object)[best], "").tolist()


@cache
def _identifier() -> Any:
    from py3langid.langid import (  # type: ignore[import-untyped]  # a second
        MODEL_FILE,
        LanguageIdentifier,
    )

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _commonest(languages: Iterable[str], of: Iterable[str] = repeat("")) -> dict[str, str]:
    """The commonest of each group, of equally common ones the first in the alphabet."""
    times = Counter(zip(of, languages, strict=False))
    return dict(sorted(sorted(times, reverse=True), key=times.__getitem__))


def compared(articles: pd.DataFrame) -> list[str]:
    """The languages whose articles can be compared with each other: the commonest and its like.

    All of them where the others have too few articles (under 2 %) to be more than mistakes. Near
    languages, of which one is easily taken for another, are of one kind (``related.toml``).
    """
    groups = read_list(LANGUAGES / "related.toml").tables["groups"]
    kind = {code: group[0] for group in groups for code in group}
    kinds = articles["language"].map(lambda code: kind.get(code, code))
    known = kinds[kinds != ""]
    main = _commonest(known).get("", "")
    others = known[known != main].value_counts()
    apart = set(others.index[others >= DOUBTFUL * len(articles)])
    return sorted(set(articles.loc[~kinds.isin(apart), "language"]))


def unmeasured(articles: pd.DataFrame) -> tuple[str, ...]:
    """What is not measured for want of rules, and which languages are doubtful."""
    counts = articles["language"].value_counts().sort_index()
    without = {k: n for k, n in counts.items() if not has_rules(str(k))}
    languages = ", ".join(f"{language} {n}" for language, n in without.items())
    numbers = {"n": sum(without.values()), "of": len(articles), "languages": languages}
    rare = [str(k) for k, n in counts.items() if 0 < n < DOUBTFUL * len(articles)]
    ids = some(sorted(articles.loc[articles["language"].isin(rare), "id"]), 10)
    said = (
        note("measured.no_rules", without, are="is" if numbers["n"] == 1 else "are", **numbers),
        note("measured.doubtful", rare, languages=", ".join(rare), ids=ids),
    )
    return tuple(filter(None, said))
