"""Which vocabulary of frames and which names outlets use, in whose voice, and on what it hangs.

What is counted are words of lists anyone can read (`analysis.measure.lexicon`): indicators, not
frames. The lists are written before looking at a corpus, so their entries are terms named
beforehand and may be tested from 4 articles in each group (METHODS §0). The article is the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.compare import inference, scores
from analysis.compare.coding import agreement, coding_sheet, described_lexicons, quality
from analysis.compare.groups import Group, Groups, Side, grouped
from analysis.compare.inference import SEED, Evidence, ordered, permitted, with_notes
from analysis.compare.reuse import comparison
from analysis.errors import unknown
from analysis.measure.measures import HIT_VOICES, Measures

__all__ = [
    "agreement",
    "by_voice",
    "coding_sheet",
    "differences",
    "foremost",
    "indicators",
    "lexicons",
    "naming",
    "patterns",
    "quality",
    "speakers",
]


REST = "rest"
FEWEST_MENTIONS = 5
_KEY = ["lexicon", "set", "entry"]
_EXACT = 200_000
_SHOWN_PATTERNS = 5
_INFERRED = ("log_ratio_low", "log_ratio_high", "loo_low", "loo_high", "p")


# ---------------------------------------------------------------- what was measured


def lexicons(measures: Measures) -> pd.DataFrame:
    """The word lists a corpus was measured with: lexicon, kind, title, sets, entries, hash."""
    rows = [
        {
            "lexicon": name,
            "kind": one["kind"],
            "title": one["title"],
            "sets": len(one["sets"]),
            "entries": sum(len(s["labels"]) for s in one["sets"].values()),
            "hash": one["hash"],
        }
        for name, one in sorted(described_lexicons(measures).items())
    ]
    columns = ["lexicon", "kind", "title", "sets", "entries", "hash"]
    return with_notes(pd.DataFrame(rows, columns=columns), [], measures)


def _entries(measures: Measures, kind: str, wanted: str | Sequence[str] | None) -> pd.DataFrame:
    """One row an entry of the lexicons of a kind: lexicon, set, entry, house_style."""
    described = described_lexicons(measures)
    names = [wanted] if isinstance(wanted, str) else wanted
    of_kind = sorted(name for name, one in described.items() if one["kind"] == kind)
    for name in names or ():
        if name not in of_kind:
            raise unknown(f"lexicon of {kind}", name, of_kind)
    rows = [
        (name, of_set, entry, one["house_style"])
        for name in (of_kind if names is None else sorted(set(names)))
        for of_set, one in described[name]["sets"].items()
        for entry in one["labels"]
    ]
    entries = pd.DataFrame(rows, columns=[*_KEY, "house_style"])
    return entries.astype({**dict.fromkeys(_KEY, "str"), "house_style": "bool"})


@dataclass(frozen=True)
class _Hits:
    """Articles in groups, with their hits instead of their words.

    Attributes
    ----------
    entries : one row an entry, in the order in which they stand in the lexicons
    rows : the hits asked for, of articles in `groups`, with the columns group and of_entry
    patterns : one row a pattern found: of_entry, pattern
    groups : each group's matrix is articles × patterns; its tokens are words
    """

    entries: pd.DataFrame
    rows: pd.DataFrame
    patterns: pd.DataFrame
    groups: Groups

    @cached_property
    def membership(self) -> sp.csr_array:
        """Patterns × entries: 1 where the pattern is one of the entry's."""
        shape = (len(self.patterns), len(self.entries))
        of_entry = self.patterns["of_entry"].to_numpy(np.int64)
        ones = np.ones(len(of_entry), np.int64)
        return sp.csr_array((ones, (np.arange(len(of_entry)), of_entry)), shape=shape)

    def by_entry(self, group: Group) -> Group:
        """The group with the hits of each entry."""
        return replace(group, matrix=sp.csr_array(group.matrix @ self.membership))


def _hits(
    measures: Measures,
    kind: str,
    by: str,
    voice: str | None,
    zone: str | list[str] | None,
    lexicon: str | Sequence[str] | None,
) -> _Hits:
    if voice is not None and voice not in HIT_VOICES:
        raise unknown("voice", voice, HIT_VOICES)
    entries = _entries(measures, kind, lexicon)
    # Reported words stand among the narrator's: they have no denominator of their own.
    words_of = {"reported": "narrator"}.get(voice or "", voice)
    groups = grouped(measures, by, zone, words_of)
    found = measures.indicators if zone is None else measures.select(zone=zone).indicators
    found = found if voice is None else found[found["voice"] == voice]
    group_of = {i: g.name for g in groups.groups.values() for i in g.ids}
    rows = found.astype({c: "str" for c in ("article", *_KEY, "pattern", "voice", "side")})
    rows = rows.merge(entries[_KEY].reset_index(names="of_entry"), on=_KEY)
    rows = rows.assign(group=rows["article"].map(group_of))
    rows = rows[rows["group"].notna()].reset_index(drop=True)
    patterns = rows[["of_entry", "pattern"]].drop_duplicates()
    patterns = patterns.sort_values(["of_entry", "pattern"], ignore_index=True)
    number = pd.MultiIndex.from_frame(patterns)
    column = number.get_indexer(pd.MultiIndex.from_frame(rows[["of_entry", "pattern"]]))
    rows = rows.assign(of_pattern=column)
    filled = {g.name: _filled(g, rows, len(patterns)) for g in groups.groups.values()}
    notes = groups.notes if len(entries) else (*groups.notes, _without(kind))
    return _Hits(entries, rows, patterns, replace(groups, groups=filled, notes=notes))


def _without(kind: str) -> str:
    return (
        f"These articles were measured without a lexicon of {kind}, so nothing was looked for. "
        "Measure them again; the bundled lexicons are used where none is named."
    )


def _filled(group: Group, rows: pd.DataFrame, patterns: int) -> Group:
    own = rows[rows["group"] == group.name]
    at = pd.Index(group.ids).get_indexer(own["article"])
    cells = (own["count"].to_numpy(np.int64), (at, own["of_pattern"].to_numpy(np.int64)))
    matrix = sp.csr_array(cells, shape=(group.n, patterns))
    matrix.sum_duplicates()
    return replace(group, matrix=matrix)


# ---------------------------------------------------------------- indicators


@comparison
def indicators(
    measures: Measures,
    by: str = "outlet",
    voice: str | None = None,
    *,
    zone: str | list[str] | None = None,
    lexicon: str | Sequence[str] | None = None,
    permutations: int = 2000,
    bootstraps: int = 1000,
    seed: int = SEED,
) -> pd.DataFrame:
    r"""How much of each indicator's vocabulary each group uses, against all other groups.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    voice
        Only hits in this voice: narrator (neither quoted nor credited to anybody), reported
        (credited to somebody without quotation marks), quoted.
    zone
        Only the headline, lead or body.
    lexicon
        Only these lexicons of indicators.

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
    p, q                    permutation of articles, difference of mean rates per article,
                            two-sided (from 4 articles); q adjusted over all rows
                            (Benjamini–Hochberg)
    more_used_by            the group, "rest" (with two groups the other), or empty
    hangs_on                the one pattern without which the log ratio is less than half as
                            large or points the other way; empty where no single one
    evidence                "one article" or "few articles" (2–3) where the side that uses it
                            more has it in no more
    ======================  ==========================================================

    Of hits per 1,000 words in the voice reported, the words are all the narrator's.

    Raises
    ------
    AnalysisError
        Where a column, group, voice or lexicon does not exist.
    """
    hits = _hits(measures, "indicators", by, voice, zone, lexicon)
    frames = []
    for name, group in hits.groups.groups.items():
        others = tuple(g for g in hits.groups.groups.values() if g.name != name)
        columns = _described_entries(hits, group)
        if others:
            columns |= _against(hits, group, others, permutations, bootstraps, seed)
        else:
            columns |= dict.fromkeys(("per_1000_rest", "log_ratio", *_INFERRED), np.nan)
            columns |= dict.fromkeys(("more_used_by", "hangs_on", "evidence"), "")
        frame = pd.concat([hits.entries[_KEY], pd.DataFrame(columns)], axis=1)
        frame.insert(0, by if by not in frame.columns else "group", name)
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    q = inference.adjusted(table["p"].to_numpy(np.float64))
    table.insert(table.columns.get_loc("p") + 1, "q", q)
    table = ordered(table, [*_KEY, "per_1000", table.columns[0]], ["per_1000"])
    notes = [*hits.groups.notes, *_indicator_notes(hits, voice, table, permutations, seed)]
    return with_notes(table, notes, hits.groups.measures)


def _described_entries(hits: _Hits, group: Group) -> dict[str, Any]:
    """What a group's hits are, entry by entry."""
    own = hits.rows[hits.rows["group"] == group.name]
    by_entry = hits.by_entry(group)
    n_entries = len(hits.entries)

    def added(rows: pd.DataFrame, column: str = "count") -> np.ndarray:
        return np.bincount(rows["of_entry"], rows[column], n_entries).astype(np.int64)

    columns: dict[str, Any] = {
        "articles": by_entry.articles,
        "articles_all": group.n,
        "share": by_entry.articles / group.n,
        "share_high": inference.upper_bound(by_entry.articles, group.n),
        "hits": by_entry.count,
        "words": group.size,
        "per_1000": 1000 * by_entry.count / group.size,
    }
    for voice in HIT_VOICES:
        columns[voice] = added(own[own["voice"] == voice])
    columns["negated"] = added(own, "negated")
    columns["distanced"] = added(own, "distanced")
    columns["carried_by"] = pd.array(_carriers(hits, group), "str")
    return columns


def _carriers(hits: _Hits, group: Group) -> list[str]:
    """The patterns of each entry with most hits; the alternatives of a pattern cut short."""
    table = hits.patterns.assign(times=group.count)
    table = ordered(table[table["times"] > 0], ["of_entry", "times", "pattern"], ["times"])
    table["text"] = [
        f"{short(p)} {n}" for p, n in zip(table["pattern"], table["times"], strict=True)
    ]
    found = {
        entry: ", ".join(texts[:_SHOWN_PATTERNS]) + (", …" if len(texts) > _SHOWN_PATTERNS else "")
        for entry, texts in table.groupby("of_entry")["text"].agg(list).items()
    }
    return [found.get(i, "") for i in range(len(hits.entries))]


def short(pattern: str) -> str:
    """A pattern with the first of each place's alternatives alone.

    >>> short("take|took|taken {0,2} side|sides")
    'take|… side|…'
    """
    words = [w for w in pattern.split() if not w.startswith("{")]
    return " ".join(w.split("|")[0] + ("|…" if "|" in w else "") for w in words)


def _against(
    hits: _Hits,
    group: Group,
    others: tuple[Group, ...],
    permutations: int,
    bootstraps: int,
    seed: int,
) -> dict[str, Any]:
    """A group against the others."""
    name = REST if len(others) > 1 else others[0].name
    target = Side(group.name, (hits.by_entry(group),))
    rest = Side(name, tuple(hits.by_entry(g) for g in others))
    y1, n1, y2, n2 = (
        target.weighted_count,
        target.weighted_size,
        rest.weighted_count,
        rest.weighted_size,
    )
    log_ratio = scores.log_ratio(y1, n1, y2, n2)
    more = np.where(target.rate > rest.rate, target.name, rest.name).astype(object)
    more[target.rate == rest.rate] = ""
    k = np.where(more == target.name, target.articles, rest.articles)
    found: dict[str, Any] = {
        "per_1000_rest": 1000 * rest.rate,
        "log_ratio": np.where(y1 + y2 > 0, log_ratio, np.nan),
        **dict.fromkeys(_INFERRED, np.nan),
        "more_used_by": more,
        "hangs_on": pd.array(_hangs_on(hits, group, others, log_ratio), "str"),
        "evidence": np.select(
            [more == "", k == 1, k <= 3], ["", "one article", "few articles"], ""
        ),
    }
    evidence = permitted(min(target.n, rest.n))
    if evidence >= Evidence.NAMED_TERMS:
        found["p"] = _p(target, rest, evidence, permutations, seed)
    if evidence is Evidence.WORDS:
        found["log_ratio_low"], found["log_ratio_high"] = _interval(target, rest, bootstraps, seed)
    else:
        found["loo_low"], found["loo_high"] = _leave_one_article_out(target, rest)
    return found


def _p(target: Side, rest: Side, evidence: Evidence, permutations: int, seed: int) -> np.ndarray:
    """Permutation of articles; empty for an indicator that neither side has."""
    everything = np.arange(target.groups[0].matrix.shape[1])
    matrix = sp.vstack([s.matrix(everything) for s in (target, rest)], format="csr")
    tokens = np.concatenate([target.tokens, rest.tokens])
    weights = np.concatenate([target.shares, -rest.shares])
    order = np.argsort(np.array([*target.ids, *rest.ids], object), kind="stable")
    rates = sp.csr_array(sp.diags_array(1 / tokens) @ matrix)[order]
    exact = permutations if evidence is Evidence.WORDS else max(_EXACT, permutations)
    p = inference.permutation_p(
        sp.csr_array(rates), weights[order], permutations=permutations, exact=exact, seed=seed
    )
    return np.where(target.count + rest.count > 0, p, np.nan)


def _interval(
    target: Side, rest: Side, bootstraps: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap interval of the log ratio; empty where a side lacks the indicator."""
    ends = inference.percentiles(min(target.n, rest.n))
    one, other = (_resampled_log_rates(side, bootstraps, seed) for side in (target, rest))
    low, high = np.quantile(one - other, ends, axis=1)
    lacking = (target.count == 0) | (rest.count == 0)
    return np.where(lacking, np.nan, low), np.where(lacking, np.nan, high)


def _resampled_log_rates(side: Side, bootstraps: int, seed: int) -> np.ndarray:
    """Smoothed log rate of each indicator in each bootstrap sample, indicators × samples."""
    group = np.repeat(np.arange(len(side.groups)), [g.n for g in side.groups])
    times = inference.resampled(group, side.ids, bootstraps, seed)
    rate = np.zeros((side.groups[0].matrix.shape[1], bootstraps))
    for i, one in enumerate(side.groups):
        drawn = times[group == i]
        words = one.tokens @ drawn if one.n > 1 else np.full(bootstraps, one.size)
        rate += (one.matrix.T @ drawn) / np.maximum(words, 1) / len(side.groups)
    return scores.smoothed(rate * side.weighted_size, side.weighted_size)


def _leave_one_article_out(target: Side, rest: Side) -> tuple[np.ndarray, np.ndarray]:
    t_all, r_all = (scores.smoothed(s.weighted_count, s.weighted_size) for s in (target, rest))
    (t_low, t_high), (r_low, r_high) = target.without_one, rest.without_one
    return np.fmin(t_low - r_all, t_all - r_high), np.fmax(t_high - r_all, t_all - r_low)


def _hangs_on(
    hits: _Hits, group: Group, others: tuple[Group, ...], log_ratio: np.ndarray
) -> list[str]:
    """Leave one term out: the pattern without which least is left of each log ratio, if < half."""
    target, rest = Side("", (group,)), Side("", others)
    of_entry = hits.patterns["of_entry"].to_numpy(np.int64)
    left = []
    for side in (target, rest):
        whole = side.weighted_count @ hits.membership
        # What is left is a difference of floats: where nothing is left it must be exactly 0.
        less = whole[of_entry] - side.weighted_count
        left.append(scores.smoothed(np.where(less < 1e-9, 0, less), side.weighted_size))
    whole_ratio = log_ratio[of_entry]
    kept = (left[0] - left[1]) * np.sign(whole_ratio)
    table = hits.patterns.assign(kept=kept, carries=kept < np.abs(whole_ratio) / 2)
    first = ordered(table[table["carries"]], ["of_entry", "kept", "pattern"], [])
    found = first.drop_duplicates("of_entry").set_index("of_entry")["pattern"]
    return [found.get(i, "") for i in range(len(hits.entries))]


def _indicator_notes(
    hits: _Hits, voice: str | None, table: pd.DataFrame, permutations: int, seed: int
) -> list[str]:
    groups = list(hits.groups.groups.values())
    notes = [
        "Indicators count words of published lists; they are no frames, and no list reaches the "
        "validity of trained coders (van Atteveldt, van der Velden & Boukes 2021).",
        f"Voice: {voice}." if voice else "Voice: all; narrator, reported and quoted beside it.",
    ]
    if len(groups) < 2:
        return [*notes, "One group only: nothing to compare it with."]
    if len(groups) > 2:
        notes.append(f"{REST}: all other groups, weighted equally.")
    tested = int(table["p"].notna().sum())
    if tested:
        notes.append(
            f"p: permutation of whole articles, at least {permutations:,} permutations or exact, "
            f"seed {seed}; q: Benjamini–Hochberg over all {tested:,} rows tested here."
        )
    total = sum(g.n for g in groups)
    small = {g.name: (g.n, total - g.n) for g in groups if min(g.n, total - g.n) < 10}
    few = sorted(name for name, sizes in small.items() if min(sizes) < 4)
    if few:
        notes.append(
            "No p and no interval for groups of fewer than 4 articles: " + ", ".join(few) + "."
        )
    exact = sorted(set(small) - set(few))
    if exact:
        notes.append(
            "4 to 9 articles: test of terms named beforehand, no interval: "
            + ", ".join(exact)
            + "."
        )
    return notes


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
    known.attrs["notes"] = [
        *table.attrs.get("notes", []),
        ""
        if len(known)
        else "Nothing was tested: a test needs hits, and two groups of 4 articles.",
        "hangs_on: without this one pattern the log ratio is less than half as large, or points "
        "the other way.",
    ]
    known.attrs["notes"] = [note for note in known.attrs["notes"] if note]
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


@comparison
def by_voice(
    measures: Measures,
    by: str = "outlet",
    *,
    zone: str | list[str] | None = None,
    lexicon: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """How much of each indicator the outlet says itself, and how much it lets others say.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, falling articles_all, group, voice as it is read
        The group, articles_all, lexicon, set, entry, voice (narrator, reported, quoted), hits,
        articles (k of articles_all), per_1000: hits per 1,000 words of the group in all voices, so
        that the voices of an indicator add up. Zeros are listed.
    """
    hits = _hits(measures, "indicators", by, None, zone, lexicon)
    groups = hits.groups.groups.values()
    known = pd.DataFrame(
        {by: [g.name for g in groups], "articles_all": [g.n for g in groups]}
    ).merge(hits.entries[_KEY], how="cross")
    table = known.merge(pd.DataFrame({"voice": HIT_VOICES}), how="cross")
    counted = hits.rows.groupby(["group", *_KEY, "voice"], observed=True).agg(
        hits=("count", "sum"), articles=("article", "nunique")
    )
    at = pd.MultiIndex.from_frame(table[[by, *_KEY, "voice"]])
    counted = counted.reindex(at, fill_value=0).reset_index(drop=True).astype("int64")
    table = pd.concat([table, counted], axis=1)
    words = table[by].map({g.name: g.size for g in groups}).astype("float64")
    table["per_1000"] = 1000 * table["hits"] / words
    rank = {voice: i for i, voice in enumerate(HIT_VOICES)}
    table["rank"] = table["voice"].map(rank).astype("int64")
    table = ordered(table, [*_KEY, "articles_all", by, "rank"], ["articles_all"])
    notes = [
        *hits.groups.notes,
        "per_1000: of all words of the group, whoever speaks, so that voices add up.",
    ]
    table = table[[by, "articles_all", *_KEY, "voice", "hits", "articles", "per_1000"]]
    return with_notes(table, notes, hits.groups.measures)


@comparison
def patterns(
    measures: Measures,
    by: str = "outlet",
    voice: str | None = None,
    *,
    zone: str | list[str] | None = None,
    lexicon: str | Sequence[str] | None = None,
    kind: str = "indicators",
) -> pd.DataFrame:
    """Which terms carry each indicator (or name) in each group.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, group, falling hits, pattern: the group, lexicon,
    set, entry, pattern, hits, of_entry (hits of the whole entry), share (of them), articles (k)
    of articles_all (n), negated, distanced.
    """
    hits = _hits(measures, kind, by, voice, zone, lexicon)
    frames = []
    for name, group in hits.groups.groups.items():
        own = hits.rows[hits.rows["group"] == name]
        entry = hits.patterns["of_entry"].to_numpy(np.int64)
        frame = hits.entries[_KEY].iloc[entry].reset_index(drop=True)
        frame.insert(0, by, name)
        whole = group.count @ hits.membership
        columns = {
            "pattern": hits.patterns["pattern"],
            "hits": group.count,
            "of_entry": whole[entry],
            "share": group.count / np.maximum(whole[entry], 1),
            "articles": group.articles,
            "articles_all": group.n,
        }
        for mark in ("negated", "distanced"):
            times = np.bincount(own["of_pattern"], own[mark], len(hits.patterns))
            columns[mark] = times.astype(np.int64)
        frames.append(frame.assign(**columns))
    table = pd.concat(frames, ignore_index=True)
    table = ordered(table[table["hits"] > 0], [*_KEY, by, "hits", "pattern"], ["hits"])
    return with_notes(table, hits.groups.notes, hits.groups.measures)


@comparison
def speakers(
    measures: Measures,
    by: str = "outlet",
    *,
    zone: str | list[str] | None = None,
    lexicon: str | Sequence[str] | None = None,
    kind: str = "indicators",
) -> pd.DataFrame:
    """In whose voice each indicator (or name) stands: the narrator's, or that of which side.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry, group, falling hits, voice, side: the group,
    lexicon, set, entry, voice, side ("" for the narrator and where no side is known), hits,
    of_entry (hits of the entry in the group), articles (k) of articles_all (n).
    """
    hits = _hits(measures, kind, by, None, zone, lexicon)
    sizes = {g.name: g.n for g in hits.groups.groups.values()}
    keys = ["group", *_KEY, "voice", "side"]
    table = hits.rows.groupby(keys, observed=True, sort=True).agg(
        hits=("count", "sum"), articles=("article", "nunique")
    )
    table = table.reset_index()
    table["of_entry"] = table.groupby(["group", *_KEY])["hits"].transform("sum")
    table["articles_all"] = table["group"].map(sizes).astype("int64")
    table = table[[*keys, "hits", "of_entry", "articles", "articles_all"]]
    table = ordered(table, [*_KEY, "group", "hits", "voice", "side"], ["hits"])
    return with_notes(table.rename(columns={"group": by}), hits.groups.notes, hits.groups.measures)


# ---------------------------------------------------------------- naming


@comparison
def naming(
    measures: Measures,
    by: str = "outlet",
    voice: str | None = None,
    *,
    zone: str | list[str] | None = None,
    lexicon: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Which of the competing names of a referent each group uses.

    A negated mention ("no annexation") names nothing: it is not counted, but shown.

    Parameters
    ----------
    by, voice, zone, lexicon
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
    hits = _hits(measures, "naming", by, voice, zone, lexicon)
    frames = []
    for name, group in hits.groups.groups.items():
        frame = hits.entries[_KEY].rename(columns={"entry": "label"})
        frame.insert(0, by, name)
        frames.append(frame.assign(**_mentions(hits, group)))
    table = pd.concat(frames, ignore_index=True)
    of_set = table.groupby(["lexicon", "set", by])["mentions"].transform("sum")
    share = (table["mentions"] / of_set).where(of_set >= FEWEST_MENTIONS)
    table.insert(table.columns.get_loc("mentions") + 1, "of_set", of_set)
    table.insert(table.columns.get_loc("of_set") + 1, "share", share)
    table = ordered(table, ["lexicon", "set", by, "mentions", "label"], ["mentions"])
    negated = int(table["negated"].sum())
    notes = [
        *hits.groups.notes,
        f"Voice: {voice}." if voice else "Voice: all; narrator, reported and quoted beside it.",
        f"share: of all mentions of the set's names; empty below {FEWEST_MENTIONS} mentions.",
        f"Not counted: {negated} negated mention{'s' if negated != 1 else ''}.",
        "house_style: a spelling prescribed by style books, which says nothing of stance."
        if table["house_style"].any()
        else "",
    ]
    return with_notes(table, notes, hits.groups.measures)


def _mentions(hits: _Hits, group: Group) -> dict[str, Any]:
    own = hits.rows[hits.rows["group"] == group.name]
    own = own.assign(mentions=own["count"] - own["negated"])
    n_entries = len(hits.entries)

    def added(rows: pd.DataFrame, column: str) -> np.ndarray:
        return np.bincount(rows["of_entry"], rows[column], n_entries).astype(np.int64)

    naming_rows = own[own["mentions"] > 0]
    articles = naming_rows.drop_duplicates(["article", "of_entry"])
    columns: dict[str, Any] = {
        "mentions": added(own, "mentions"),
        "articles": np.bincount(articles["of_entry"], minlength=n_entries),
        "articles_all": group.n,
    }
    for voice in HIT_VOICES:
        columns[voice] = added(own[own["voice"] == voice], "mentions")
    columns["distanced"] = added(own, "distanced")
    columns["negated"] = added(own, "negated")
    columns["house_style"] = hits.entries["house_style"].to_numpy(bool)
    times = np.bincount(own["of_pattern"], own["mentions"], len(hits.patterns))
    table = hits.patterns.assign(times=times)
    whole = table.groupby("of_entry")["times"].transform("sum")
    several = table[table["times"] > 0].groupby("of_entry")["times"].transform("size") > 1
    main = table[(table["times"] > whole / 2) & several.reindex(table.index, fill_value=False)]
    found = main.set_index("of_entry")["pattern"]
    columns["hangs_on"] = pd.array([found.get(i, "") for i in range(n_entries)], "str")
    return columns
