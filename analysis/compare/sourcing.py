"""Who is given the word, how much, and how introduced (METHODS §3).

A statement is one attribution: a speaker, a cue, and what is said. Shares are given three ways,
of statements, of their words and of their words inside quotation marks, because the three
disagree: who is quoted at length need not be quoted often. Every table says how well statements
are found in hand-coded news (`accuracy`), since no share is better than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import special

from analysis.compare.ground import inference
from analysis.compare.ground.groups import Group, Groups
from analysis.compare.ground.inference import PLAN, Evidence, Plan, ordered, permitted, with_notes
from analysis.compare.ground.notes import note, of_measures
from analysis.compare.ground.statements import MEDIA, OF, everybody, said_in
from analysis.compare.ground.statements import UNATTRIBUTED as UNATTRIBUTED
from analysis.compare.quality import accuracy as accuracy
from analysis.compare.quality import accuracy_note as accuracy_note
from analysis.compare.quality import missed as missed
from analysis.data import DATA, read_list
from analysis.measure.measures import Measures

AMOUNTS = ("statements", "words", "marked_words")
NO_STATEMENT, NO_VERB = "no statement", "no verb"
_OFFICIALS = DATA / "official_roles.toml"
FEW = 5  # articles in which numbers of speakers are compared


def _group_column(by: str, columns: Sequence[str]) -> str:
    return by if by not in columns else "group"


# ---------------------------------------------------------------- shares


@of_measures
def shares(
    measures: Measures,
    by: str = "outlet",
    of: str = "speaker",
    *,
    asserted_only: bool = False,
    plan: Plan = PLAN,
) -> pd.DataFrame:
    r"""Who is given the word in each group, and how much: three shares, which may disagree.

    The share of s is :math:`\sum_a y_{as} / \sum_a \sum_t y_{at}` over the group's articles a,
    y being statements, their words, or their words inside quotation marks.

    Parameters
    ----------
    by
        Column of articles or outlets that groups the articles.
    of
        Whose shares: speaker, side or role.
    asserted_only
        Leave out negated and hypothetical statements ("did not say that", "may say").

    Returns
    -------
    DataFrame, sorted by falling articles_all, group, falling statements, name

    =========================  =======================================================
    group                      value of `by`
    speaker, side or role      who; "unattributed" where nobody is found, "no side" or
                               "no role" where the speaker is named and not listed. Every
                               side and role has a row in every group, if of 0; a speaker
                               only where he or she speaks
    side                       of a speaker: the one most of his or her statements have
    statements, …_all, …_share  k of n statements, k / n
    words, …                   the same of the words of statements
    marked_words, …            the same of their words inside quotation marks
    …_share_low, …_share_high  95 % bootstrap interval over the group's articles, from 10
                               articles; empty where the share is 0 or 1
    articles, articles_all     k of n articles in which he, she or it speaks
    articles_share, …_high     k / n, and its upper Clopper–Pearson bound (95 %): how common
                               a voice may be that was not met
    =========================  =======================================================

    A share of nothing (no statement, no marked word) is empty.

    Raises
    ------
    AnalysisError
        Where a column does not exist, or no article is left.
    """
    groups, rows = said_in(measures, by, of, asserted_only)
    who = everybody(rows)
    amounts = {amount: groups.count(rows, "who", who, amount) for amount in AMOUNTS}
    frames = []
    for group in groups:
        columns: dict[str, Any] = {of: who}
        weights = _resampled(group, plan)
        for amount in AMOUNTS:
            matrix = amounts[amount].groups[group.name].matrix
            columns |= _shared(matrix, amount, weights, group.n)
        k = amounts["statements"].groups[group.name].articles
        columns |= {"articles": k, "articles_all": group.n, "articles_share": k / group.n}
        columns["articles_share_high"] = inference.upper_bound(k, group.n)
        frame = pd.DataFrame(columns)
        frame.insert(0, _group_column(by, OF), group.name)
        spoken = frame["statements_all"] > 0
        frames.append(frame[(frame["statements"] > 0) if of == "speaker" else spoken])
    table = pd.concat(frames, ignore_index=True)
    if of == "speaker":
        table.insert(2, "side", table["speaker"].map(_side_of(rows)))
    keys = ["articles_all", table.columns[0], "statements", of]
    table = ordered(table, keys, ["articles_all", "statements"])
    enough = any(permitted(group.n) is Evidence.WORDS for group in groups)
    interval = note("sourcing.interval", enough, plan=plan)
    return _noted(table, groups, [note("sourcing.share"), interval, groups.too_few])


def _noted(table: pd.DataFrame, groups: Groups, notes: Sequence[str]) -> pd.DataFrame:
    return with_notes(table, [*notes, *groups.notes, accuracy_note()], groups.measures)


def _shared(
    matrix: sp.csr_array, amount: str, weights: np.ndarray | None, n: int
) -> dict[str, np.ndarray | int]:
    """Amount, total, share and interval of each column of articles × who."""
    count = np.asarray(matrix.sum(axis=0)).ravel()
    total = int(count.sum())
    low, high = _ratio_interval(matrix, matrix.sum(axis=1), weights, n)
    return {
        amount: count,
        f"{amount}_all": total,
        f"{amount}_share": count / total if total else np.full(len(count), np.nan),
        f"{amount}_share_low": low,
        f"{amount}_share_high": high,
    }


def _resampled(group: Group, plan: Plan) -> np.ndarray | None:
    """How often each article is drawn; nothing where the group has too few articles."""
    if permitted(group.n) is not Evidence.WORDS or not plan.bootstraps:
        return None
    return inference.resampled(np.zeros(group.n), list(group.ids), plan.bootstraps, plan.seed)


def _ratio_interval(
    part: sp.csr_array, whole: np.ndarray, weights: np.ndarray | None, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of sums of `part` (articles × who) over the sum of `whole`, on the logit.

    Empty where the share is 0 or 1, since then nothing varies.
    """
    empty = np.full(part.shape[1], np.nan)
    total = float(np.sum(whole))
    if weights is None or not part.shape[1] or not total:
        return empty, empty
    drawn = np.asarray(whole, np.float64).ravel() @ weights
    some = drawn > 0
    of_draws = weights[:, some] / drawn[some]
    variance = inference.spread(part, of_draws, total, n / (n - 1), of_whole=True)
    share = np.asarray(part.sum(axis=0)).ravel() / total
    inner = (share > 0) & (share < 1)
    with np.errstate(divide="ignore"):
        low, high = inference.interval(special.logit(share), (variance, n))
    return np.where(inner, special.expit(low), np.nan), np.where(inner, special.expit(high), np.nan)


def _side_of(rows: pd.DataFrame) -> dict[str, str]:
    """The side that most of a speaker's statements have, ties to the first by name."""
    times = rows.groupby(["who", "side"])["statements"].sum().reset_index()
    first = ordered(times, ["who", "statements", "side"], ["statements"]).drop_duplicates("who")
    return dict(zip(first["who"], first["side"], strict=True))


# ---------------------------------------------------------------- order of appearance


def first_voices(
    measures: Measures, by: str = "outlet", of: str = "side", *, asserted_only: bool = False
) -> pd.DataFrame:
    """Who speaks first, and how far into the article each is first heard.

    Returns
    -------
    DataFrame, sorted by falling articles_all, group, falling first, name

    =======================  =========================================================
    group                    value of `by`
    speaker, side or role    who; "no statement" for articles in which nobody speaks
    first, articles_all      k of n articles in which he, she or it is the first to speak
    first_share              k / n; the shares of a group add up to 1
    first_share_low, _high   exact interval (Clopper–Pearson, 95 %), from 10 articles
    articles                 in which he, she or it speaks at all
    heard_share              how much of the article stands before his, her or its first
                             statement: the median over those articles
    =======================  =========================================================
    """
    groups, rows = said_in(measures, by, of, asserted_only)
    words = groups.measures.articles.set_index("id")["words"]
    rows = rows.drop_duplicates(["article", "who"])
    heard = rows["start_word"] / words.reindex(rows["article"]).clip(lower=1).to_numpy()
    rows = rows.assign(heard=heard, first=~rows["article"].duplicated())
    frames = []
    for group in groups:
        own = rows[rows["group"] == group.name].groupby("who")
        frame = own.agg(
            first=("first", "sum"), articles=("article", "size"), heard_share=("heard", "median")
        ).reset_index(names=of)
        silent = group.n - int(frame["first"].sum())
        if silent:
            frame.loc[len(frame)] = [NO_STATEMENT, silent, silent, np.nan]
        frame.insert(0, _group_column(by, OF), group.name)
        frames.append(frame.assign(articles_all=group.n))
    table = pd.concat(frames, ignore_index=True).astype({"first": "int64", "articles": "int64"})
    k, n = table["first"].to_numpy(), table["articles_all"].to_numpy()
    enough = n >= Evidence.WORDS
    table["first_share"] = k / n
    table["first_share_low"] = np.where(enough, 1 - inference.upper_bound(n - k, n), np.nan)
    table["first_share_high"] = np.where(enough, inference.upper_bound(k, n), np.nan)
    columns = [table.columns[0], of, "first", "articles_all", "first_share"]
    columns += ["first_share_low", "first_share_high", "articles", "heard_share"]
    keys = ["articles_all", columns[0], "first", of]
    table = ordered(table[columns], keys, ["articles_all", "first"])
    notes = [note("sourcing.heard"), groups.too_few]
    return _noted(table, groups, notes)


# ---------------------------------------------------------------- cue verbs


def cues(measures: Measures, of: str = "side", *, asserted_only: bool = False) -> pd.DataFrame:
    """Which verbs introduce whose statements, all articles together.

    Verbs are listed one by one. The class is the one of the list of attribution verbs: a grouping
    for the eye, by which nothing is counted, since published classifications conflict.

    Returns
    -------
    DataFrame, sorted by falling total, cue, falling statements, name

    ======================  ==========================================================
    cue                     the verb's base form; "according to"; "no verb" for a colon or
                            comma; other cues as they are written
    class                   of the verb, empty where not listed
    speaker, side or role   who is introduced
    statements, of_all      k of n introduced statements of the side; share: k / n
    total                   statements with this cue, of all sides
    articles                in which the side is introduced so
    forms                   as found, the commonest first, with their number
    ======================  ==========================================================

    Statements that continue an introduced one have no cue of their own and are left out.
    """
    groups, rows = said_in(measures, "outlet", of, asserted_only)
    continued = rows["rule"].str.startswith("continued")
    rows = rows[~continued]
    other = rows["cue"].where(rows["cue"].str.contains(r"[^\W\d_]"), NO_VERB)
    rows = rows.assign(verb=rows["lemma"].where(rows["lemma"] != "", other))
    table = rows.groupby(["verb", "class", "who"]).agg(
        statements=("statements", "sum"), articles=("article", "nunique"), forms=("cue", _forms)
    )
    table = table.reset_index()
    table["of_all"] = table.groupby("who")["statements"].transform("sum")
    table["share"] = table["statements"] / table["of_all"]
    table["total"] = table.groupby("verb")["statements"].transform("sum")
    table = table.rename(columns={"verb": "cue", "who": of})
    columns = ["cue", "class", of, "statements", "of_all", "share", "total", "articles", "forms"]
    table = ordered(table[columns], ["total", "cue", "statements", of], ["total", "statements"])
    notes = [note("sourcing.continued", n=int(continued.sum())), note("sourcing.class")]
    return _noted(table, groups, notes)


def _forms(found: pd.Series) -> str:
    times = found.value_counts().rename_axis("form").reset_index(name="times")
    first = ordered(times, ["times", "form"], ["times"])
    listed = [f"{f} {n}" for f, n in zip(first["form"], first["times"], strict=True)]
    return ", ".join(listed[:4]) + (", …" if len(listed) > 4 else "")


# ---------------------------------------------------------------- diversity of sources


def diversity(measures: Measures, by: str = "outlet", *, plan: Plan = PLAN) -> pd.DataFrame:
    r"""How many different sources are heard, how official, and how evenly the sides.

    Sources are speakers who are named or described; other media and statements without a speaker
    are left out. Numbers of speakers are compared in five articles, since more articles have more
    speakers: :math:`\sum_s 1 - \binom{n-k_s}{5} / \binom{n}{5}` (rarefaction, Hurlbert 1971),
    :math:`k_s` of n articles having s. Evenness is Shannon's entropy
    :math:`-\sum_s p_s \log_2 p_s` of the listed sides' statements: 0 where one side has all of
    them, 1 for two sides that have half each, 2 for four.

    Returns
    -------
    DataFrame, sorted by falling articles, group

    ===============================  =================================================
    group                            value of `by`
    articles, statements             n, and their statements with a source
    speakers                         different ones
    speakers_in_five, …_low, …_high  expected in five of the group's articles
    officials, officials_share, …    statements by heads of state or government,
                                     ministers, legislators, diplomats, officials, police
                                     and their spokespersons (those with a side), of
                                     statements with a source
    listed                           statements of listed sides
    entropy, entropy_low, …_high     in bits
    ===============================  =================================================

    Ends of 95 % intervals, from ten articles: of the officials' share as in `shares`; of the
    others by the jackknife over articles (Efron & Stein 1981), with t on n − 1.
    """
    groups, rows = said_in(measures, by, "speaker")
    known = (rows["speaker"] != "") & (rows["role"] != MEDIA)
    rows = rows[known].reset_index(drop=True)
    sided, roles = ~rows["side"].isin(["", MEDIA]), read_list(_OFFICIALS)
    official = rows["role"].isin(roles["roles"]) | (sided & rows["role"].isin(roles["with_a_side"]))
    speakers, officials, sides = (
        groups.count(table, column, pd.Index(sorted(set(table[column]))), "statements")
        for table, column in (
            (rows, "speaker"),
            (rows[official].assign(official="yes"), "official"),
            (rows[sided], "side"),
        )
    )
    records = []
    for group in groups:
        heard, of_sides = speakers.groups[group.name], sides.groups[group.name]
        own = sp.csr_array(officials.groups[group.name].matrix.sum(axis=1).reshape(-1, 1))
        whole = np.asarray(heard.matrix.sum(axis=1)).ravel()
        low, high = _ratio_interval(own, whole, _resampled(group, plan), group.n)
        total, n_official = int(whole.sum()), int(own.sum())
        records.append(
            {
                _group_column(by, ("articles", "statements")): group.name,
                "articles": group.n,
                "statements": total,
                "speakers": int((heard.count > 0).sum()),
                **_jackknifed("speakers_in_five", *_in_five(heard.matrix)),
                "officials": n_official,
                "officials_share": n_official / total if total else np.nan,
                "officials_share_low": low[0],
                "officials_share_high": high[0],
                "listed": int(of_sides.matrix.sum()),
                **_jackknifed("entropy", *_entropies(of_sides.matrix)),
            }
        )
    table = pd.DataFrame(records)
    table = ordered(table, ["articles", table.columns[0]], ["articles"])
    return _noted(table, groups, [groups.too_few])


def _jackknifed(name: str, whole: float, without: np.ndarray) -> dict[str, float]:
    """Value of all articles, and its interval from the values without each of them."""
    n = len(without)
    low = high = np.nan
    if permitted(n) is Evidence.WORDS and np.isfinite(whole):
        mean = without.mean()
        middle = n * whole - (n - 1) * mean  # less its bias
        variance = (n - 1) / n * ((without - mean) ** 2).sum()
        (low,), (high,) = inference.interval(np.array([middle]), (np.array([variance]), n))
    return {name: whole, f"{name}_low": max(low, 0.0), f"{name}_high": high}


def _in_five(heard: sp.csr_array) -> tuple[float, np.ndarray]:
    """Speakers expected in five articles, and the same without each article."""
    n, present = heard.shape[0], (heard > 0).astype(np.float64)
    k = np.asarray(present.sum(axis=0)).ravel()

    def expected(times: np.ndarray, articles: int) -> np.ndarray:
        """Chance that five of the articles hold one of these."""
        if articles < FEW:
            return np.full(len(times), np.nan)
        drawn = np.arange(FEW)[:, None]
        none = np.maximum(articles - times - drawn, 0) / (articles - drawn)
        return np.asarray(1 - none.prod(axis=0))

    fewer = expected(k - 1, n - 1) - expected(k, n - 1)
    without = expected(k, n - 1).sum() + present @ np.where(k > 0, fewer, 0.0)
    return float(expected(k, n).sum()), np.asarray(without)


def _entropies(sides: sp.csr_array) -> tuple[float, np.ndarray]:
    """Entropy of the sides in bits, and the same without each article."""
    counts = sides.toarray()
    total = counts.sum(axis=0)
    left = np.vstack([total, total - counts]).astype(np.float64)
    sums = left.sum(axis=1, keepdims=True)
    share = np.divide(left, sums, out=np.zeros_like(left), where=sums > 0)
    entropy = special.entr(share).sum(axis=1) / np.log(2)
    return (float(entropy[0]) if total.sum() else np.nan), entropy[1:]
