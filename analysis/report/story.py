"""The focus story, article by article: what each has, what only one has, two side by side."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.compare import similarity
from analysis.compare.framing import hits_by_group
from analysis.compare.similarity import nearest_pairs
from analysis.compare.sourcing import NEAR, NOBODY, most_heard, speakers_by_group
from analysis.compare.vocabulary import ASIDE, kinds_of
from analysis.measure.evidence import shared_passages
from analysis.measure.schema import VOICES
from analysis.measure.sentences import quoted_spans
from analysis.report.claims import Claim, claim, listed, plural
from analysis.report.findings import contested
from analysis.report.show import Said, say
from analysis.report.study import Study
from analysis.report.tables import shaped

_SIDE_BY_SIDE = 6  # groups of a story, each with a column of its own
_USES = 3  # of a word, from which its absence elsewhere is listed
Span = tuple[int, int, str]  # start, end, attributes of its element


@dataclass(frozen=True)
class Pair:
    """The two articles of the story that are most alike, and the words that make them so."""

    ids: tuple[str, str]
    groups: tuple[str, str]
    claim: Claim
    words: pd.DataFrame


def side_by_side(study: Study) -> pd.DataFrame:
    """One row an article of the story: date, length, who is heard first and most, how much."""
    articles = study.focus.articles.sort_values(["date", "outlet", "id"]).set_index("id")
    said = study.focus.statements.astype({"article": "str", "speaker": "str"})
    named = said[~said["speaker"].isin(NOBODY)]
    first = named.sort_values(["article", "start_word"]).drop_duplicates("article")
    most = most_heard(study.focus, "id").groupby("group")["speaker"].agg(_most)
    length = np.maximum(articles["words"], 1)
    table = articles[["outlet"]].assign(
        article=study.called.reindex(articles.index),
        date=articles["date"].str.slice(0, 10),
        words=articles["words"],
        **{
            "first heard": first.set_index("article")["speaker"],
            "most heard": most,
            "share of others": said.groupby("article")["words"].sum() / length,
            "share quoted": articles["quoted_words"] / length,
        },
        agency=articles["agency"],
        url=articles["url"],
    )
    table = table.fillna({"first heard": "", "most heard": "", "share of others": 0})
    shown = table if study.has_rules else table.drop(columns="share of others")
    return shown.reset_index(drop=True)


def _most(names: Iterable[str]) -> str:
    """Whoever is heard most in an article, as its headline would say."""
    near = list(names)
    return " or ".join(near) if len(near) <= NEAR else "nobody most"


def closest_pair(study: Study) -> Pair:
    """The two articles of different groups in the story that are most alike, and why."""
    table = study.kept("pairs of the story", lambda: nearest_pairs(study.focus, study.by))
    if table.empty:
        empty = pd.DataFrame({"term": [], "spelling": [], "contribution": []})
        return Pair(("", ""), ("", ""), claim("pair.none", study), empty)
    row = table.iloc[0]
    words = similarity.explain(study.focus, row["a"], row["b"])
    told = {"r": row, "one": study.called[row["a"]], "other": study.called[row["b"]]}
    told["n"] = len(study.focus.articles)
    after = [f"{cosine:.2f}" for cosine in table["cosine"].iloc[1:2]]
    most = f", the most of {len(table)} pairs of {plural(study.by)}; next {''.join(after)}"
    shared = study.shared_words(study.focus, row["a"], row["b"])
    told |= {
        "most": most * bool(after),
        "why": f": both speak of {listed(shared)}" if shared else "",
    }
    ids, groups = (row["a"], row["b"]), (row["group_a"], row["group_b"])
    return Pair(ids, groups, claim("pair.found", study, told), words)


def _uses(study: Study) -> pd.DataFrame:
    """Uses of each word by article of the story, and how many of them hold it.

    Phrases, function words and house style are left aside.
    """
    terms = study.focus.terms.astype({"term": "str", "article": "str"})
    table = terms.groupby(["term", "article"])["count"].sum().reset_index(name="uses")
    table = table[~table["term"].str.contains(" ")]
    table = table[~np.isin(kinds_of(study.focus, table["term"]), ASIDE)]
    held = table.groupby("term")["article"].transform("size")
    return table.assign(held=held, word=study.focus.spelling(pd.Index(table["term"])))


def only_one(study: Study) -> pd.DataFrame:
    """Words that one article of the story uses three times and no other uses at all."""
    table = _uses(study).query(f"held == 1 and uses >= {_USES}")
    outlet = study.focus.articles.set_index("id")["outlet"]
    table = table.assign(
        outlet=outlet.reindex(table["article"]).to_numpy(object),
        article=study.called.reindex(table["article"]).to_numpy(object),
    )
    table = table.sort_values(["uses", "word"], ascending=[False, True], ignore_index=True)
    return table[["word", "uses", "outlet", "article"]]


def shared_by_all(study: Study) -> pd.DataFrame:
    """Words that every article of the story uses, those rarest in news in general first."""
    table = _uses(study)
    table = table[table["held"] == max(len(study.focus.articles), 2)]
    table = table.groupby(["term", "word"])["uses"].sum().reset_index()
    rarity = study.focus.reference.idf(pd.Index(table["term"])) if len(table) else table["uses"]
    table = table.assign(**{"rarity in news (idf)": rarity}).drop(columns="term")
    order = ["rarity in news (idf)", "word"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


def names_used(study: Study) -> pd.DataFrame:
    """Competing names, what is contested most first: their mentions in each group of the story, by
    voice; of few groups side by side."""
    table = hits_by_group(study.focus, study.by).query("kind == 'name'")
    uses = table[[*VOICES]].sum(axis=1).groupby([table["set"], table["entry"]]).transform("sum")
    table = table.assign(other=table["set"] != contested(study), rarity=-uses)
    table = table.sort_values(["other", "set", "rarity", "entry"])
    named = shaped("names_of_story", study, table)
    if named.empty or table["group"].nunique() > _SIDE_BY_SIDE:
        return named
    voices = ["own", "reported", "quoted"]
    named["said"] = [
        ", ".join(f"{n} {voice}" for voice, n in row.items() if n)
        for row in named[voices].to_dict("records")
    ]
    wide = named.pivot(index=["names for", "name"], columns=study.by, values="said")
    return wide.reindex(named.set_index(["names for", "name"]).index.unique()).fillna("")


def heard(study: Study) -> pd.DataFrame:
    """All speakers of the story, by group."""
    return shaped("speakers", study, speakers_by_group(study.focus, study.by))


def band(shift: pd.DataFrame) -> str:
    """The divergence, and what the same articles dealt at random would give, as the notes say."""
    return " ".join(note for note in shift.attrs.get("notes", []) if " bits" in note)


@dataclass(frozen=True)
class Reading:
    """Two texts in two columns. Made by `reading`."""

    columns: list[tuple[str, str]]  # heading, marked text as HTML

    def _repr_html_(self) -> str:
        parts = "".join(
            f'<section><h3>{html.escape(name)}</h3><div class="text">{text}</div></section>'
            for name, text in self.columns
        )
        return f'<div class="reading">{parts}</div>'

    def __repr__(self) -> str:
        return " | ".join(name for name, _ in self.columns)


def reading(study: Study, a: str, b: str) -> Reading | Said:
    """Two articles with shared passages of eight words, quotations and speakers marked."""
    texts = study.texts.set_index("id")["text"]
    if not a:
        return say("There are no two articles of different {by}s here.", by=study.by)
    if a not in texts.index or b not in texts.index:
        return say(
            "This corpus is measured: it holds counts, no sentence. Whoever has the texts builds "
            "the report with them, and reads two articles here side by side."
        )
    shared = shared_passages(texts[a], texts[b])
    said = study.measures.statements
    names = sorted({str(name) for name in said["speaker"][said["article"].isin([a, b])]} - {""})
    columns = []
    for article, side in ((a, "a"), (b, "b")):
        places = shared[[f"{side}_start", f"{side}_end", "passage"]].itertuples(index=False)
        spans = [(start, end, f'data-passage="{passage}"') for start, end, passage in places]
        spans += [(start, end, 'class="q"') for start, end in quoted_spans(texts[article])]
        text = marked(texts[article], [*spans, *_named(texts[article], names)])
        columns.append((study.called[article], text))
    return Reading(columns)


def _named(text: str, names: Iterable[str]) -> list[Span]:
    """Where speakers are named, in full or by their last name."""
    forms = {form for name in names for form in (name, name.split()[-1])}
    firm = [re.escape(form) for form in forms if len(form) > 3 and form[0].isupper()]
    found = (re.finditer(form, text) for form in firm)
    return [(hit.start(), hit.end(), 'class="name"') for hits in found for hit in hits]


def marked(text: str, spans: Iterable[Span]) -> str:
    """Text as HTML in paragraphs, every stretch with the attributes of all spans that cover it.

    >>> marked("a b", [(0, 1, 'class="q"')])
    '<p><span class="q">a</span> b</p>'
    """
    listed = list(spans)
    cuts = sorted({0, len(text), *(at for s, e, _ in listed for at in (s, e))})
    parts = []
    for start, end in pairwise(cuts):
        inner = "</p><p>".join(html.escape(p) for p in text[start:end].split("\n\n"))
        for attributes in dict.fromkeys(at for s, e, at in listed if s <= start and end <= e):
            inner = "</p><p>".join(
                f"<span {attributes}>{piece}</span>" if piece else ""
                for piece in inner.split("</p><p>")
            )
        parts.append(inner)
    return f"<p>{''.join(parts)}</p>".replace("<p></p>", "")
