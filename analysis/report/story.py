"""The focus story, article by article: tables of what each has, and of what only one has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.compare import similarity
from analysis.compare.ground.vectors import vectors
from analysis.compare.telling import nearest_pairs, sets_of, speakers_by_group
from analysis.measure.schema import VOICES
from analysis.measure.speech.statements import has_rules
from analysis.report.claims import Claim, claim
from analysis.report.findings import listed, plural
from analysis.report.study import Study
from analysis.report.tables import shaped

_USES = 3  # of a word, from which its absence elsewhere is listed


@dataclass(frozen=True)
class Pair:
    """The two articles of the story that are most alike, and the words that make them so."""

    ids: tuple[str, str]
    claim: Claim
    words: pd.DataFrame


def side_by_side(study: Study) -> pd.DataFrame:
    """One row an article of the story: date, length, who is heard first and most, how much."""
    articles = study.focus.articles.sort_values(["date", "outlet", "id"])
    said = study.focus.statements
    named = said[~said["speaker"].astype(str).isin(["", "unattributed"])]
    first = named.sort_values(["article", "start_word"]).drop_duplicates("article")
    words = named.groupby(["article", "speaker"], observed=True)["words"].sum().reset_index()
    most = words.sort_values(["words", "speaker"], ascending=[False, True]).drop_duplicates(
        "article"
    )
    ids = articles["id"]
    of_others = said.groupby("article")["words"].sum().reindex(ids).fillna(0).to_numpy()
    of_others = np.where(articles["language"].map(has_rules), of_others, np.nan)
    table = pd.DataFrame(
        {
            "outlet": articles["outlet"],
            "article": study.called.reindex(ids).to_numpy(object),
            "date": articles["date"].str.slice(0, 10),
            "words": articles["words"],
            "first heard": _by_article(first, "speaker", ids),
            "most heard": _by_article(most, "speaker", ids),
            "share of others": of_others / np.maximum(articles["words"].to_numpy(), 1),
            "quoted_share": articles["quoted_words"] / np.maximum(articles["words"], 1),
            "agency": articles["agency"],
            "url": articles["url"],
        }
    )
    return table.rename(columns={"quoted_share": "share quoted"}).reset_index(drop=True)


def _by_article(table: pd.DataFrame, column: str, ids: pd.Series) -> np.ndarray:
    found = table.set_index(table["article"].astype(str))[column].astype(str)
    return found.reindex(ids).fillna("").to_numpy(object)


def closest_pair(study: Study) -> Pair:
    """The two articles of different groups in the story that are most alike, and why."""
    table = study.kept("pairs of the story", lambda: nearest_pairs(study.focus, study.by))
    if "cosine" not in table or table.empty:
        empty = pd.DataFrame({"term": [], "spelling": [], "contribution": []})
        return Pair(("", ""), claim("pair.none", {"by": study.by}), empty)
    row = table.iloc[0]
    words = similarity.explain(study.focus, row["a"], row["b"])
    told = {"r": row, "one": study.called[row["a"]], "other": study.called[row["b"]]}
    most = f", the most of {len(table)} pairs of {plural(study.by)}" * (len(table) > 1)
    shared = study.shared_words(study.focus, row["a"], row["b"])
    told |= {"most": most, "why": f": both speak of {listed(shared)}" if shared else ""}
    return Pair((row["a"], row["b"]), claim("pair.found", told), words)


def only_one(study: Study) -> pd.DataFrame:
    """Words that one article of the story uses three times and no other uses at all."""
    v = vectors(study.focus)
    held = np.bincount(v.counts.indices, minlength=len(v.terms))
    coo = v.counts.tocoo()
    kept = (held[coo.col] == 1) & (coo.data >= _USES)
    ids = v.ids.to_numpy(object)[coo.row[kept]]
    outlet = v.articles.set_index("id")["outlet"]
    terms = v.terms.to_numpy(object)[coo.col[kept]]
    table = pd.DataFrame(
        {
            "word": v.measures.spelling(terms),
            "uses": coo.data[kept],
            "outlet": outlet.reindex(ids).to_numpy(object),
            "article": study.called.reindex(ids).to_numpy(object),
        }
    )
    return table.sort_values(["uses", "word"], ascending=[False, True], ignore_index=True)


def shared_by_all(study: Study) -> pd.DataFrame:
    """Words that every article of the story uses, those rarest in news in general first."""
    v = vectors(study.focus)
    held = np.bincount(v.counts.indices, minlength=len(v.terms))
    at = np.flatnonzero((held == len(v.articles)) & (held > 1))
    terms = v.terms[at]
    weight = v.measures.reference.idf(terms) if len(terms) else np.array([])
    uses = np.asarray(v.counts[:, at].sum(axis=0)).ravel()
    table = pd.DataFrame({"word": v.measures.spelling(terms), "uses": uses, "rarity": weight})
    table = table.sort_values(["rarity", "word"], ascending=[False, True], ignore_index=True)
    return table.rename(columns={"rarity": "rarity in news (idf)"})


def names_used(study: Study) -> pd.DataFrame:
    """Mentions of competing names in each article of the story, by voice."""
    hits = study.focus.indicators
    own = hits[hits["set"].astype(str).isin(sets_of(study.measures, "naming"))]
    keys = ["article", "set", "entry"]
    flat = own.assign(**{key: own[key].astype(str) for key in [*keys, "voice"]})
    table = flat.pivot_table(
        index=keys, columns="voice", values="count", aggfunc="sum", fill_value=0
    )
    table = table.reindex(columns=list(VOICES), fill_value=0).reset_index()
    outlet = study.focus.articles.set_index("id")["outlet"]
    table["outlet"] = outlet.reindex(table["article"]).to_numpy(object)
    table["article"] = study.called.reindex(table["article"]).to_numpy(object)
    return shaped("names_of_story", study, table.sort_values(["set", "entry", "outlet"]))


def heard(study: Study) -> pd.DataFrame:
    """All speakers of the story, by group."""
    return shaped("speakers", study, speakers_by_group(study.focus, study.by))


def band(shift: pd.DataFrame) -> str:
    """What dealing the same articles at random would give, as the notes of a word shift say it."""
    return next((note for note in shift.attrs.get("notes", []) if "at random" in note), "")
