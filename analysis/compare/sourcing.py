"""Who is given the word, how much, and how introduced (docs/methods.md).

A statement is one attribution: a speaker, a cue, and what is said. Shares are given three ways,
of statements, of their words and of their words inside quotation marks, because the three
disagree: who is quoted at length need not be quoted often. Every table says how well statements
are found in hand-coded news (`accuracy`), since no share is better than that.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import special

from analysis.compare.ground import inference
from analysis.compare.ground.asked import of_all_voices, of_measures
from analysis.compare.ground.groups import Groups, Side, grouped
from analysis.compare.ground.inference import PLAN, Evidence, Plan, ordered, permitted, with_notes
from analysis.compare.quality import accuracy_note, between
from analysis.data import DATA, read_list
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.notes import note

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
    groups, rows = said_in(measures, by, of)
    who = pd.Index(sorted(set(rows["who"])), dtype="str")
    amounts = [groups.count(rows, "who", who, amount) for amount in AMOUNTS]
    frames = []
    for sides in zip(*amounts, strict=True):
        columns: dict[str, Any] = {of: who}
        for amount, group in zip(AMOUNTS, sides, strict=True):
            columns |= _shared(group, amount, plan)
        group = sides[0]
        k = group.articles
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


def _shared(group: Side, amount: str, plan: Plan, part: int | None = None) -> dict[str, Any]:
    """Amount, total, share of it and interval of everybody, or of one.

    95 % interval on the logit; empty where the share is 0 or 1, since then nothing varies.
    """
    matrix, n = group.matrix, group.n
    whole = np.asarray(matrix.sum(axis=1), np.float64).ravel()
    total = int(whole.sum())
    matrix = matrix if part is None else matrix[:, [part]]
    count = np.asarray(matrix.sum(axis=0)).ravel()
    share = count / total if total else np.full(len(count), np.nan)
    low = high = np.full(len(count), np.nan)
    if permitted(n) is Evidence.WORDS and plan.bootstraps and total:
        weights = inference.resampled(group.code, group.ids, plan.bootstraps, plan.seed)
        drawn = whole @ weights
        weights = weights[:, drawn > 0] / drawn[drawn > 0]
        variance = inference.spread(matrix, weights, total, n / (n - 1), of_whole=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            logits = inference.interval(special.logit(share), (variance, n))
        inner = (share > 0) & (share < 1)
        low, high = (np.where(inner, special.expit(end), np.nan) for end in logits)
    ends = {f"{amount}_share_low": low, f"{amount}_share_high": high}
    return {amount: count, f"{amount}_all": total, f"{amount}_share": share} | ends


def _side_of(rows: pd.DataFrame) -> dict[str, str]:
    """The side that most of a speaker's statements have, ties to the first by name."""
    times = rows.groupby(["who", "side"])["statements"].sum().reset_index()
    first = ordered(times, ["who", "statements", "side"], ["statements"]).drop_duplicates("who")
    return dict(zip(first["who"], first["side"], strict=True))


# ---------------------------------------------------------------- order of appearance


def first_voices(measures: Measures, by: str = "outlet", of: str = "side") -> pd.DataFrame:
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
    groups, rows = said_in(measures, by, of)
    words = groups.measures.articles.set_index("id")["words"]
    rows = rows.drop_duplicates(["article", "who"])
    heard = rows["start_word"] / words.reindex(rows["article"]).clip(lower=1).to_numpy()
    rows = rows.assign(heard_share=heard, first=~rows["article"].duplicated())
    silent = pd.DataFrame({"article": sorted({*groups.of_article} - {*rows["article"]})})
    silent = silent.assign(group=silent["article"].map(groups.of_article), who=NO_STATEMENT)
    rows = pd.concat([rows, silent.assign(first=True)], ignore_index=True)
    group = _group_column(by, OF)
    spoken = rows.groupby(["group", "who"])
    k, names = spoken["first"].sum().astype("int64"), {g.name: g.n for g in groups}
    n = pd.Series(k.index.get_level_values("group").map(names), k.index)
    low, high = (np.where(n >= Evidence.WORDS, end, np.nan) for end in between(k, n))
    columns = {"first": k, "articles_all": n, "first_share": k / n}
    columns |= {"first_share_low": low, "first_share_high": high, "articles": spoken.size()}
    columns["heard_share"] = spoken["heard_share"].median()
    table = pd.DataFrame(columns).rename_axis([group, of]).reset_index()
    table = ordered(table, ["articles_all", group, "first", of], ["articles_all", "first"])
    return _noted(table, groups, [note("sourcing.heard"), groups.too_few])


# ---------------------------------------------------------------- cue verbs

_PLAIN = ("", "neutral")  # classes of what introduces and says no more


def cues(measures: Measures, of: str = "side") -> pd.DataFrame:
    """Which verbs introduce whose statements, all articles together.

    Verbs are listed one by one. The class is the one of the list of attribution verbs: a grouping
    for the eye, by which nothing is counted, since published classifications conflict.

    Returns
    -------
    DataFrame, verbs that do more than say first; then by falling total, cue, falling statements,
    name

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
    groups, rows = said_in(measures, "outlet", of)
    continued = rows["rule"].str.startswith("continued")
    rows = rows[~continued]
    other = rows["cue"].where(rows["cue"].str.contains(r"[^\W\d_]"), NO_VERB)
    rows = rows.assign(verb=rows["lemma"].where(rows["lemma"] != "", other))
    table = rows.groupby(["verb", "class", "who"]).agg(
        statements=("statements", "sum"), articles=("article", "nunique"), forms=("cue", _forms)
    )
    table = table.rename_axis(["cue", "class", of]).reset_index()
    table["of_all"] = table.groupby(of)["statements"].transform("sum")
    table["share"] = table["statements"] / table["of_all"]
    table["total"] = table.groupby("cue")["statements"].transform("sum")
    columns = ["cue", "class", of, "statements", "of_all", "share", "total", "articles", "forms"]
    table = ordered(table[columns], ["total", "cue", "statements", of], ["total", "statements"])
    table = table.iloc[np.argsort(table["class"].isin(_PLAIN), kind="stable")]
    table = table.reset_index(drop=True)
    notes = [note("sourcing.continued", n=int(continued.sum())), note("sourcing.class")]
    return _noted(table, groups, notes)


def _forms(found: pd.Series) -> str:
    times = sorted(found.value_counts().items(), key=lambda form: (-form[1], form[0]))
    listed = [f"{form} {n}" for form, n in times]
    return ", ".join(listed[:4]) + (", …" if len(listed) > 4 else "")


# ---------------------------------------------------------------- diversity of sources


def source_diversity(measures: Measures, by: str = "outlet", *, plan: Plan = PLAN) -> pd.DataFrame:
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
    rows = rows.assign(official=official)
    speakers, officials, sides = (
        groups.count(table, column, pd.Index(sorted({*table[column], *also})), "statements")
        for table, column, also in (
            (rows, "speaker", ()),
            (rows, "official", (False, True)),
            (rows[sided], "side", ()),
        )
    )
    records = []
    for heard, of_officials, of_sides in zip(speakers, officials, sides, strict=True):
        share = _shared(of_officials, "officials", plan, part=1)
        ends = {name: share[name][0] for name in list(share) if name != "officials_all"}
        records.append(
            {
                _group_column(by, ("articles", "statements")): heard.name,
                "articles": heard.n,
                "statements": share["officials_all"],
                "speakers": int((heard.count > 0).sum()),
                **_jackknifed("speakers_in_five", *_in_five(heard.matrix)),
                **ends,
                "listed": int(of_sides.count.sum()),
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


# ---------------------------------------------------------------- statements in groups

OF = ("speaker", "side", "role")
UNATTRIBUTED, MEDIA = "unattributed", "media"
NOBODY = ("", UNATTRIBUTED)
NEAR = 2  # so many may be heard most; where more are near, nobody leads
UNLISTED = {"side": "no side", "role": "no role"}
TEXT = ("article", "speaker", "side", "role", "cue", "lemma", "class", "kind", "rule", "modality")


def said_in(measures: Measures, by: str, of: str) -> tuple[Groups, pd.DataFrame]:
    """The articles in groups, and their statements, of speakers, sides or roles.

    All text is str; with the columns group, statements (1) and who: the speaker, side or role
    asked for; those without one have a name of their own. Media that are cited and have no side
    are a side of their own: they are nobody's source.

    Raises
    ------
    AnalysisError
        Where words of one voice are selected, since a statement is in several.
    """
    if of not in OF:
        raise unknown("kind of speaker", of, OF)
    of_all_voices(measures, "speakers-of-a-voice")
    groups = grouped(measures, by)
    rows = measures.statements.astype(dict.fromkeys(TEXT, "str"))
    rows["side"] = rows["side"].mask((rows["role"] == MEDIA) & (rows["side"] == ""), MEDIA)
    rows = rows.assign(group=rows["article"].map(groups.of_article), statements=1)
    rows = rows[rows["group"].notna()].sort_values(["article", "order"], ignore_index=True)
    notes = [_modality_note(rows)]
    rows = rows.assign(who=_who(rows, of))
    silent = [g.name for g in groups if not rows["group"].eq(g.name).any()]
    if silent:
        notes.append(note("sourcing.silent", names=", ".join(silent)))
    notes.append(_unlisted_note(rows, of))
    return replace(groups, notes=(*groups.notes, *(n for n in notes if n))), rows


def _who(rows: pd.DataFrame, of: str) -> pd.Series:
    """The speaker, side or role of each statement."""
    named = rows[of].mask(rows[of] == "", UNLISTED.get(of, UNATTRIBUTED))
    return named.mask(rows["speaker"] == "", UNATTRIBUTED)


def _modality_note(rows: pd.DataFrame) -> str:
    counts = rows.loc[rows["modality"] != "", "modality"].value_counts()
    found = " and ".join(f"{counts[m]} {m}" for m in sorted(counts.index))
    name = "sourcing.modality" if found else "sourcing.no_modality"
    return note(name, n=len(rows), found=found)


def _unlisted_note(rows: pd.DataFrame, of: str) -> str:
    times = rows["who"].value_counts()
    name, media = UNLISTED.get(of, ""), int(times.get(MEDIA, 0))
    return (
        note("sourcing.unattributed", n=int(times.get(UNATTRIBUTED, 0)), of=len(rows))
        + note("sourcing.unlisted", name, name=name, of=of, n=int(times.get(name, 0)))
        + note("sourcing.media", name and media, n=media)
        + "."
    )


def speakers_by_group(
    measures: Measures, by: str = "outlet", of: Sequence[str] = ("speaker", "side")
) -> pd.DataFrame:
    """Who is heard in each group: counts of statements.

    Parameters
    ----------
    of
        What is counted: by speaker alone, one who stands for two sides is one.

    Returns
    -------
    DataFrame, sorted by group, falling words, speaker
        group, speaker and side as asked for, statements, words, longest (words of the longest one),
        marked_words (inside quotation marks), articles.
    """
    said = measures.statements.astype({"article": "str", "speaker": "str", "side": "str"})
    # Copies and editions count once.
    said = said.assign(group=said["article"].map(grouped(measures, by).of_article))
    table = said.groupby(["group", *of]).agg(
        statements=("words", "size"),
        words=("words", "sum"),
        longest=("words", "max"),
        marked_words=("marked_words", "sum"),
        articles=("article", "nunique"),
    )
    return ordered(table.reset_index(), ["group", "words", *of], ["words"])


def most_heard(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Who is heard most in each group, and whom one statement keeps from it.

    The first of a group has most words in statements. Whoever has as many as the first without the
    longest of his or her statements stands beside the first: their order hangs on one statement.

    Returns
    -------
    DataFrame, groups with most words of statements first, then by falling words, speaker
        as from `speakers_by_group`, and words_all (of the group's statements, also of those that
        name nobody), share (words / words_all).
    """
    table = speakers_by_group(measures, by, ["speaker"])
    table["words_all"] = table.groupby("group")["words"].transform("sum")
    named = table[~table["speaker"].isin(NOBODY)]
    first = named.drop_duplicates("group").set_index("group")
    least = named["group"].map(first["words"] - first["longest"]).astype("float64")
    close = named[named["words"] >= least]
    close = close.assign(share=close["words"] / close["words_all"])
    return ordered(close, ["words_all", "group", "words", "speaker"], ["words_all", "words"])
