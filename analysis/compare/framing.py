"""Which vocabulary of frames and which names outlets use, in whose voice, and on what it hangs.

What is counted are words of lists anyone can read (`analysis.measure.lexicon`): indicators, not
frames. The lists are written before looking at a corpus, so their entries are terms named
beforehand and may be tested from 4 articles in each group (METHODS §0). The article is the unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.coding import agreement as agreement
from analysis.compare.coding import coding_sheet as coding_sheet
from analysis.compare.coding import described_lexicons
from analysis.compare.coding import quality as quality
from analysis.compare.ground import inference, scores
from analysis.compare.ground.groups import (
    REST,
    Contrast,
    Group,
    Groups,
    Names,
    Side,
    grouped,
    inferred,
)
from analysis.compare.ground.inference import (
    PLAN,
    Evidence,
    Plan,
    ordered,
    permitted,
    with_notes,
)
from analysis.compare.strata import strata_of
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES

FEWEST_MENTIONS = 5
KEY = ["lexicon", "set", "entry"]
_SHOWN_PATTERNS = 5
_INFERRED = ("log_ratio_low", "log_ratio_high", "loo_low", "loo_high", "p")


# ---------------------------------------------------------------- what was measured


def lexicons(measures: Measures) -> pd.DataFrame:
    """The word lists a corpus was measured with: lexicon, kind, title, sets, entries, hash."""
    rows = [
        {
            "lexicon": name,
            "kind": ", ".join(sorted({s["kind"] for s in one["sets"].values()})),
            "title": one["title"],
            "sets": len(one["sets"]),
            "entries": sum(len(s["labels"]) for s in one["sets"].values()),
            "hash": one["hash"],
        }
        for name, one in sorted(described_lexicons(measures).items())
    ]
    columns = ["lexicon", "kind", "title", "sets", "entries", "hash"]
    return with_notes(pd.DataFrame(rows, columns=columns), [], measures)


# ---------------------------------------------------------------- hits in groups


@dataclass(frozen=True)
class Hits:
    """Articles in groups, with their hits.

    Attributes
    ----------
    entries : one row an entry, in the order in which they stand in the lexicons: lexicon, set,
        entry, house_style
    patterns : one row a pattern found: of_entry (row of its entry), found
    rows : the hits, of articles in the groups: article, lexicon, set, entry, found,
        voice, side, count, negated, distanced, of_entry, of_pattern, group
    by_entry, by_pattern : each group's matrix is articles × entries (patterns); its tokens are
        words
    """

    entries: pd.DataFrame
    patterns: pd.DataFrame
    rows: pd.DataFrame
    by_entry: Groups
    by_pattern: Groups

    @property
    def of_entry(self) -> np.ndarray:
        """Row of the entry of each pattern."""
        return self.patterns["of_entry"].to_numpy(np.int64)

    def of_group(self, name: str) -> pd.DataFrame:
        """The hits of one group."""
        return self.rows[self.rows["group"] == name]

    def added(self, rows: pd.DataFrame, column: str = "count") -> np.ndarray:
        """A column of some hits, added up for each entry."""
        sums = np.bincount(rows["of_entry"], rows[column], len(self.entries))
        return sums.astype(np.int64)

    def of_entries(self, found: pd.Series) -> np.ndarray:
        """A text for each entry, given those that have one by their row; "" for the others."""
        return pd.array([found.get(i, "") for i in range(len(self.entries))], "str")


def hits_of(measures: Measures, kind: str, by: str, lexicon: Names = None) -> Hits:
    """The hits of lexicons of a kind (indicators, naming) in the articles by group.

    Raises
    ------
    AnalysisError
        Where a column or lexicon does not exist.
    """
    entries = _entries(measures, kind, lexicon)
    groups = grouped(measures, by)
    if entries.empty:
        groups = replace(groups, notes=(*groups.notes, _without(kind)))
    rows = measures.indicators.astype(
        {c: "str" for c in ("article", *KEY, "found", "voice", "side")}
    )
    rows = rows.merge(entries[KEY].reset_index(names="of_entry"), on=KEY)
    rows = rows.assign(group=rows["article"].map(groups.of_article))
    rows = rows[rows["group"].notna()].reset_index(drop=True)
    patterns = rows[["of_entry", "found"]].drop_duplicates()
    patterns = patterns.sort_values(["of_entry", "found"], ignore_index=True)
    rows = rows.merge(patterns.reset_index(names="of_pattern"), on=["of_entry", "found"])
    return Hits(
        entries,
        patterns,
        rows,
        groups.count(rows, "of_entry", pd.RangeIndex(len(entries))),
        groups.count(rows, "of_pattern", pd.RangeIndex(len(patterns))),
    )


def _entries(measures: Measures, kind: str, wanted: Names) -> pd.DataFrame:
    """One row an entry of the lexicons of a kind: lexicon, set, entry, house_style."""
    described = described_lexicons(measures)
    names = [wanted] if isinstance(wanted, str) else wanted
    of_kind = sorted(
        name
        for name, one in described.items()
        if any(of_set["kind"] == kind for of_set in one["sets"].values())
    )
    for name in names or ():
        if name not in of_kind:
            raise unknown(f"lexicon of {kind}", name, of_kind)
    rows = [
        (name, of_set, entry, one["house_style"])
        for name in (of_kind if names is None else sorted(set(names)))
        for of_set, one in described[name]["sets"].items()
        if one["kind"] == kind
        for entry in one["labels"]
    ]
    entries = pd.DataFrame(rows, columns=[*KEY, "house_style"])
    return entries.astype({**dict.fromkeys(KEY, "str"), "house_style": "bool"})


def _without(kind: str) -> str:
    return (
        f"These articles were measured without a lexicon of {kind}, so nothing was looked for. "
        "Measure them again; the bundled lexicons are used where none is named."
    )


# ---------------------------------------------------------------- indicators


def indicators(
    measures: Measures,
    by: str = "outlet",
    *,
    lexicon: Names = None,
    plan: Plan = PLAN,
) -> pd.DataFrame:
    r"""How much of each indicator's vocabulary each group uses, against all other groups.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    lexicon
        Only these lexicons of indicators.
    plan
        Permutations, bootstrap samples and their seed.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, falling per_1000, group

    ======================  ==========================================================
    group                   value of `by`
    lexicon, set, entry     the indicator
    articles, articles_all  k of n articles with at least one hit
    share                   k / n; share_high: its upper Clopper–Pearson bound (95 %)
    hits, words             occurrences, in so many words
    per_1000                1000 · hits / words
    narrator, reported,     hits by voice
    quoted
    negated, distanced      hits under a negation; so-called or in scare quotes. They are
                            counted: the theme is spoken of
    carried_by              the patterns with most hits, with their number
    per_1000_rest           rate of the other groups, weighted equally
    log_ratio               log₂ of the ratio of the rates, ½ added to each count
    log_ratio_low, _high    its 95 % bootstrap interval over articles (from 10 articles)
    loo_low, loo_high       its range when any one article is left out (below 10)
    p, q                    permutation of articles, studentised difference of rates,
                            two-sided (from 4 articles); q within the groups that differ
                            (`analysis.compare.ground.inference.families`)
    more_used_by            the group, "rest" (with two groups the other), or empty
    hangs_on                the one pattern without which the log ratio is less than half as
                            large or points the other way; empty where no single one
    evidence                "one article" or "few articles" (2–3) where the side that uses it
                            more has it in no more
    ======================  ==========================================================

    Raises
    ------
    AnalysisError
        Where a column, group or lexicon does not exist.
    """
    hits = hits_of(measures, "indicators", by, lexicon)
    every = np.arange(len(hits.entries))
    sides = [(Side(g.name, (g,)), hits.by_entry.rest(g.name)) for g in hits.by_entry]
    contrasts = [Contrast(*pair, every) for pair in sides if pair[1].groups]
    strata = strata_of(measures, plan.strata)
    tests = dict(zip(contrasts, inferred(contrasts, True, plan, strata), strict=True))
    against = {c.target.name: _against(hits, c, tested) for c, tested in tests.items()}
    frames = []
    for group in hits.by_entry:
        columns = _described(hits, group)
        if group.name in against:
            columns |= against[group.name]
        else:
            columns |= dict.fromkeys(("per_1000_rest", "log_ratio", *_INFERRED), np.nan)
            columns |= dict.fromkeys(("more_used_by", "hangs_on", "evidence"), "")
        frame = pd.concat([hits.entries[KEY], pd.DataFrame(columns)], axis=1)
        frame.insert(0, by if by not in frame.columns else "group", group.name)
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    q = inference.families(table["p"].to_numpy(np.float64), table[table.columns[0]].to_numpy())
    table.insert(table.columns.get_loc("p") + 1, "q", q)
    table = ordered(table, [*KEY, "per_1000", table.columns[0]], ["per_1000"])
    tested = int(table["p"].notna().sum())
    notes = [
        *_indicator_notes(hits.by_entry),
        *_test_notes(hits.by_entry, tested, plan),
    ]
    return with_notes(table, [*hits.by_entry.notes, *notes], hits.by_entry.measures)


def _described(hits: Hits, group: Group) -> dict[str, Any]:
    """What a group's hits are, entry by entry."""
    own = hits.of_group(group.name)
    return {
        "articles": group.articles,
        "articles_all": group.n,
        "share": group.articles / group.n,
        "share_high": inference.upper_bound(group.articles, group.n),
        "hits": group.count,
        "words": group.size,
        "per_1000": 1000 * group.count / group.size,
        **{voice: hits.added(own[own["voice"] == voice]) for voice in VOICES},
        "negated": hits.added(own, "negated"),
        "distanced": hits.added(own, "distanced"),
        "carried_by": _carriers(hits, group.name),
    }


def _carriers(hits: Hits, name: str) -> np.ndarray:
    """The patterns of each entry with most hits; the alternatives of a pattern cut short."""
    table = hits.patterns.assign(times=hits.by_pattern.named(name).count)
    table = ordered(table[table["times"] > 0], ["of_entry", "times", "found"], ["times"])
    table["text"] = [f"{short(p)} {n}" for p, n in zip(table["found"], table["times"], strict=True)]
    return hits.of_entries(table.groupby("of_entry")["text"].agg(_first_of))


def _first_of(texts: pd.Series) -> str:
    shown = ", ".join(texts.head(_SHOWN_PATTERNS))
    return f"{shown}, …" if len(texts) > _SHOWN_PATTERNS else shown


def short(pattern: str) -> str:
    """A pattern with the first of each place's alternatives alone.

    >>> short("take|took|taken {0,2} side|sides")
    'take|… side|…'
    """
    words = [w for w in pattern.split() if not w.startswith("{")]
    return " ".join(w.split("|")[0] + ("|…" if "|" in w else "") for w in words)


def _against(hits: Hits, c: Contrast, tested: dict[str, Any]) -> dict[str, Any]:
    """A group against the others; empty where neither has a hit."""
    found = c.target.count + c.reference.count > 0
    log_ratio = scores.log_ratio(*c.counts)
    return {
        "per_1000_rest": 1000 * c.reference.rate,
        "log_ratio": np.where(found, log_ratio, np.nan),
        **tested,
        "p": np.where(found, tested["p"], np.nan),
        "more_used_by": c.more_used_by,
        "hangs_on": _hangs_on(hits, c.target.name, log_ratio),
        "evidence": c.few_articles,
    }


def _hangs_on(hits: Hits, name: str, log_ratio: np.ndarray) -> np.ndarray:
    """Leave one term out: the pattern without which least is left of each log ratio, if < half."""
    left = []
    for side in (Side(name, (hits.by_pattern.named(name),)), hits.by_pattern.rest(name)):
        whole = np.bincount(hits.of_entry, side.weighted_count, len(hits.entries))
        # What is left is a difference of floats: where nothing is left it must be exactly 0.
        less = whole[hits.of_entry] - side.weighted_count
        left.append(scores.smoothed(np.where(less < 1e-9, 0, less), side.weighted_size))
    whole_ratio = log_ratio[hits.of_entry]
    kept = (left[0] - left[1]) * np.sign(whole_ratio)
    table = hits.patterns.assign(kept=kept)[kept < np.abs(whole_ratio) / 2]
    first = ordered(table, ["of_entry", "kept", "found"], []).drop_duplicates("of_entry")
    return hits.of_entries(first.set_index("of_entry")["found"])


def _indicator_notes(groups: Groups) -> list[str]:
    notes = [
        "Indicators count words of published lists; they are no frames, and no list reaches the "
        "validity of trained coders (van Atteveldt, van der Velden & Boukes 2021).",
    ]
    if len(groups.groups) < 2:
        notes.append("One group only: nothing to compare it with.")
    if len(groups.groups) > 2:
        notes.append(f"{REST}: all other groups, weighted equally.")
    return notes


def _test_notes(groups: Groups, tested: int, plan: Plan) -> list[str]:
    """What was tested, and which groups are too small for a test or an interval."""
    if len(groups.groups) < 2:
        return []
    total = sum(g.n for g in groups)
    level = {g.name: permitted(min(g.n, total - g.n)) for g in groups}
    least, words = Evidence.NAMED_TERMS, Evidence.WORDS
    few = ", ".join(sorted(n for n, may in level.items() if may < least))
    exact = ", ".join(sorted(n for n, may in level.items() if may is least))
    return [
        f"p: permutation of whole articles, at least {plan.permutations:,} permutations or exact, "
        f"seed {plan.seed}; q: within the groups that differ, of {tested:,} rows tested here."
        * (tested > 0),
        f"No p and no interval for groups of fewer than {least:d} articles: {few}." * bool(few),
        f"{least:d} to {words - 1:d} articles: test of terms named beforehand, no interval: "
        f"{exact}." * bool(exact),
    ]


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `indicators` that were tested, the least likely by chance first.

    Returns
    -------
    DataFrame, sorted by q, p, falling absolute log ratio, entry, group
        The group, entry, articles, articles_all, per_1000, per_1000_rest, log_ratio and its
        interval, p, q, more_used_by, hangs_on. Empty where n allows no test.
    """
    by = table.columns[0]
    shown = [by, "entry", "articles", "articles_all", "per_1000", "per_1000_rest", "log_ratio"]
    shown += ["log_ratio_low", "log_ratio_high", "p", "q", "more_used_by", "hangs_on"]
    known = table.reindex(columns=shown).dropna(subset=["p"])
    known = known.assign(size=known["log_ratio"].abs())
    known = ordered(known, ["q", "p", "size", "entry", by], ["size"])[shown]
    none = "Nothing was tested: a test needs hits, and two groups of 4 articles."
    known.attrs["notes"] = [
        *table.attrs.get("notes", []),
        *[none] * known.empty,
        "hangs_on: without this one pattern the log ratio is less than half as large, or points "
        "the other way.",
    ]
    return known


def foremost(table: pd.DataFrame) -> list[str]:
    """The one indicator to look into first, or none.

    That of the difference least likely by chance in a table of `indicators`; where nothing was
    tested, the one with most hits.
    """
    tested = differences(table)
    if len(tested):
        return [str(tested["entry"].iloc[0])]
    hits = table.groupby("entry")["hits"].sum()
    return [str(entry) for entry in hits[hits > 0].sort_index().nlargest(1).index]


def by_voice(measures: Measures, by: str = "outlet", *, lexicon: Names = None) -> pd.DataFrame:
    """How much of each indicator the outlet says itself, and how much it lets others say.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, falling articles_all, group, voice as it is read
        The group, articles_all, lexicon, set, entry, voice (narrator, reported, quoted), hits,
        articles (k of articles_all), per_1000: hits per 1,000 words of the group in all voices, so
        that the voices of an indicator add up. Zeros are listed.
    """
    hits = hits_of(measures, "indicators", by, lexicon)
    groups = hits.by_entry
    known = pd.DataFrame(
        [(g.name, g.n, g.size) for g in groups], columns=[by, "articles_all", "words"]
    )
    table = known.merge(hits.entries[KEY], how="cross")
    table = table.merge(pd.DataFrame({"voice": VOICES}).reset_index(names="rank"), how="cross")
    counted = hits.rows.groupby(["group", *KEY, "voice"]).agg(
        hits=("count", "sum"), articles=("article", "nunique")
    )
    at = pd.MultiIndex.from_frame(table[[by, *KEY, "voice"]])
    counted = counted.reindex(at, fill_value=0).reset_index(drop=True).astype("int64")
    table = pd.concat([table, counted], axis=1)
    table["per_1000"] = 1000 * table["hits"] / table["words"].astype("float64")
    table = ordered(table, [*KEY, "articles_all", by, "rank"], ["articles_all"])
    table = table[[by, "articles_all", *KEY, "voice", "hits", "articles", "per_1000"]]
    note = "per_1000: of all words of the group, whoever speaks, so that voices add up."
    return with_notes(table, [*groups.notes, note], groups.measures)


def speakers(
    measures: Measures,
    by: str = "outlet",
    *,
    lexicon: Names = None,
    kind: str = "indicators",
) -> pd.DataFrame:
    """In whose voice each indicator (or name) stands: the narrator's, or that of which side.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, group, falling hits, voice, side: the group,
    lexicon, set, entry, voice, side ("" for the narrator and where no side is known), hits,
    of_entry (hits of the entry in the group), articles (k) of articles_all (n).
    """
    hits = hits_of(measures, kind, by, lexicon)
    keys = ["group", *KEY, "voice", "side"]
    table = hits.rows.groupby(keys).agg(hits=("count", "sum"), articles=("article", "nunique"))
    table = table.reset_index()
    table["of_entry"] = table.groupby(["group", *KEY])["hits"].transform("sum")
    sizes = {g.name: g.n for g in hits.by_entry}
    table["articles_all"] = table["group"].map(sizes).astype("int64")
    table = table[[*keys, "hits", "of_entry", "articles", "articles_all"]]
    table = ordered(table, [*KEY, "group", "hits", "voice", "side"], ["hits"])
    table = table.rename(columns={"group": by})
    return with_notes(table, hits.by_entry.notes, hits.by_entry.measures)


# ---------------------------------------------------------------- naming


def naming(
    measures: Measures,
    by: str = "outlet",
    *,
    lexicon: Names = None,
) -> pd.DataFrame:
    """Which of the competing names of a referent each group uses.

    A negated mention ("no annexation") names nothing: it is not counted, but shown.

    Parameters
    ----------
    by, lexicon
        As in `indicators`.

    Returns
    -------
    DataFrame, sorted by lexicon, set, group, falling mentions, label

    ======================  ==========================================================
    group                   value of `by`
    lexicon, set, label     the referent, and one of its names
    mentions, of_set        mentions of this name, of so many of all names of the set
    share                   mentions / of_set; empty below five of_set
    articles, articles_all  k of n articles that use the name
    narrator, reported,     mentions by voice
    quoted
    distanced               mentions so-called or in scare quotes
    negated                 negated mentions, which are not counted
    house_style             the set is of spellings: no stance
    hangs_on                the one pattern that gives more than half of the mentions, where
                            the name has several
    ======================  ==========================================================
    """
    hits = hits_of(measures, "naming", by, lexicon)
    frames = []
    for group in hits.by_entry:
        frame = hits.entries[KEY].rename(columns={"entry": "label"})
        frame.insert(0, by, group.name)
        frames.append(frame.assign(**_mentions(hits, group)))
    table = pd.concat(frames, ignore_index=True)
    of_set = table.groupby(["lexicon", "set", by])["mentions"].transform("sum")
    share = (table["mentions"] / of_set).where(of_set >= FEWEST_MENTIONS)
    table.insert(table.columns.get_loc("mentions") + 1, "of_set", of_set)
    table.insert(table.columns.get_loc("of_set") + 1, "share", share)
    table = ordered(table, ["lexicon", "set", by, "mentions", "label"], ["mentions"])
    negated = int(table["negated"].sum())
    notes = [
        f"share: of all mentions of the set's names; empty below {FEWEST_MENTIONS} mentions.",
        f"Not counted: {negated} negated mention{'s' if negated != 1 else ''}.",
        "house_style: a spelling prescribed by style books, which says nothing of stance."
        * bool(table["house_style"].any()),
    ]
    return with_notes(table, [*hits.by_entry.notes, *notes], hits.by_entry.measures)


def _mentions(hits: Hits, group: Group) -> dict[str, Any]:
    """What a group's mentions are, name by name."""
    own = hits.of_group(group.name)
    own = own.assign(mentions=own["count"] - own["negated"])
    articles = own[own["mentions"] > 0].drop_duplicates(["article", "of_entry"])
    return {
        "mentions": hits.added(own, "mentions"),
        "articles": np.bincount(articles["of_entry"], minlength=len(hits.entries)),
        "articles_all": group.n,
        **{voice: hits.added(own[own["voice"] == voice], "mentions") for voice in VOICES},
        "distanced": hits.added(own, "distanced"),
        "negated": hits.added(own, "negated"),
        "house_style": hits.entries["house_style"].to_numpy(bool),
        "hangs_on": _main_pattern(hits, own),
    }


def _main_pattern(hits: Hits, mentions: pd.DataFrame) -> np.ndarray:
    """The pattern that gives more than half of each name's mentions, where it has several."""
    times = mentions.groupby("of_pattern")["mentions"].sum()
    table = hits.patterns.assign(times=times[times > 0]).dropna(subset="times")
    of_name = table.groupby("of_entry")["times"]
    main = (table["times"] > of_name.transform("sum") / 2) & (of_name.transform("size") > 1)
    return hits.of_entries(table[main].set_index("of_entry")["found"])
