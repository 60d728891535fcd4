"""Which language each article is in, and what is measured of it.

Words, sizes, likeness and shared copy are measured in any language written with spaces. Who says
what, reported speech and word lists need rules (``data/languages``): where a language has none
they are not measured, and `unmeasured` says so.
"""

from functools import cache
from typing import Any

import pandas as pd

from analysis.data import LANGUAGES, read_list
from analysis.measure.speech.statements import has_rules
from analysis.notes import note, some

CHARACTERS = 600  # of an article, from which its language is told
SURE = 0.5  # probability from which a language is told: near ones share it (hr .54, bs .41)
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
    found[unknown & long] = list(map(_told, opening[unknown & long]))
    told = found[found != ""]
    of_outlet = {str(name): _commonest(group) for name, group in told.groupby(articles["outlet"])}
    commonest = _commonest(told) if len(told) else ""
    guess = [of_outlet.get(outlet, commonest) for outlet in articles["outlet"]]
    return found.where(found != "", pd.Series(guess, index=found.index, dtype="str"))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _told(text: str) -> str:
    """The language of a text; empty where it could well be another."""
    language, probability = _identifier().classify(text)
    return str(language) if probability >= SURE else ""


def _commonest(languages: pd.Series) -> str:
    """The commonest, of equally common ones the first in the alphabet."""
    counts = languages.value_counts()
    return str(min(counts.index, key=lambda language: (-counts[language], language)))


def compared(articles: pd.DataFrame) -> list[str]:
    """The languages whose articles can be compared with each other: the commonest and its like.

    All of them where the others have too few articles (under 2 %) to be more than mistakes. Near
    languages, of which one is easily taken for another, are of one kind (``related.toml``).
    """
    groups = read_list(LANGUAGES / "related.toml").tables["groups"]
    kind = {code: group[0] for group in groups for code in group}
    kinds = articles["language"].map(lambda code: kind.get(code, code))
    known = kinds[kinds != ""]
    main = _commonest(known) if len(known) else ""
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
        note("measured.no_rules", without, **numbers),
        note("measured.doubtful", rare, languages=", ".join(rare), ids=ids),
    )
    return tuple(filter(None, said))
