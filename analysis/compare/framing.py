"""Which vocabulary of frames and which names outlets use, in whose voice, and on what it hangs.

What is counted are words of lists anyone can read (`analysis.measure.lexicon`): indicators, not
frames. The lists are written before looking at a corpus, so their entries are terms named
beforehand and may be tested from 4 articles in each group (docs/methods.md). The article is the
unit.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import quality
from analysis.compare.coding import described_lexicons
from analysis.compare.ground import inference, scores
from analysis.compare.ground.asked import of_measures
from analysis.compare.ground.groups import Contrast, Groups, grouped, inferred
from analysis.compare.ground.inference import PLAN, REST, Evidence, Names, Plan
from analysis.compare.stories import strata_of
from analysis.errors import unknown
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES
from analysis.notes import note

FEWEST_MENTIONS = 5
KEY = ["lexicon", "set", "entry"]
_SHOWN_WORDS = 5
_LEVELS = {"few": (Evidence.NONE, Evidence.DESCRIPTIVE), "exact": (Evidence.NAMED_TERMS,)}
_ALONE = dict.fromkeys(("share_rest", "share_p"), np.nan)
_NOT_COMPARED: dict[str, Any] = dict.fromkeys(
    "per_1000_rest log_ratio log_ratio_low log_ratio_high loo_low loo_high p".split(), np.nan
)
_NOT_COMPARED |= dict.fromkeys(("more_used_by", "hangs_on", "evidence"), "") | _ALONE
_NO_NAME = pd.DataFrame(columns=["share", "share_low", "share_high", *_ALONE], dtype="float64")
_NO_NAME.insert(0, "articles_naming", pd.Series(dtype="int64"))


# ---------------------------------------------------------------- hits in groups


@dataclass(frozen=True)
class Hits:
    """Articles in groups, with their hits.

    Attributes
    ----------
    entries : one row an entry, in the order in which they stand in the lexicons: lexicon, set,
        entry, house_style
    words : one row for the words found of an entry: of_entry (its row), found
    rows : the hits, of articles in the groups: article, lexicon, set, entry, found,
        voice, side, count, negated, distanced, of_entry, of_word, group
    by_entry, by_word : each group's matrix is articles × entries (words found); its tokens are
        words
    """

    entries: pd.DataFrame
    words: pd.DataFrame
    rows: pd.DataFrame
    by_entry: Groups
    by_word: Groups

    @property
    def of_entry(self) -> np.ndarray:
        """Row of the entry of the words found."""
        return self.words["of_entry"].to_numpy(np.int64)

    @property
    def cells(self) -> pd.MultiIndex:
        """Each group with each entry."""
        every = [self.by_entry.names, self.entries.index]
        return pd.MultiIndex.from_product(every, names=["group", "of_entry"])

    def of_group(self, values: str) -> np.ndarray:
        """Articles (n) or words (size) of the group of each cell."""
        return np.repeat([getattr(g, values) for g in self.by_entry], len(self.entries))

    def added(self, column: str, *others: str) -> pd.DataFrame:
        """In each cell `column` by voice, and the sums of other columns."""
        parts = {v: self.rows[column].where(self.rows["voice"] == v, 0) for v in VOICES}
        sums = self.rows.assign(**parts).groupby(self.cells.names)[[*parts, *others]].sum()
        return sums.reindex(self.cells, fill_value=0)

    def times(self, column: str) -> pd.Series:
        """How often each cell has which words, where it has them."""
        times = self.rows.groupby([*self.cells.names, "found"])[column].sum()
        return times[times > 0]

    def table(self, cells: pd.DataFrame, by: str) -> pd.DataFrame:
        """One row a cell, the group and the entry in front."""
        entries = self.entries[KEY].loc[self.cells.get_level_values("of_entry")]
        table = pd.concat([entries.reset_index(drop=True), cells.reset_index(drop=True)], axis=1)
        table.insert(0, by if by not in table else "group", self.cells.get_level_values("group"))
        return table


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
        groups = replace(groups, notes=(*groups.notes, note("framing.without", kind=kind)))
    rows = _hits(measures, entries)
    mentions = rows["count"] - rows["negated"] * (kind == "naming")
    rows = rows.assign(group=rows["article"].map(groups.of_article), mentions=mentions)
    rows = rows[rows["group"].notna()].reset_index(drop=True)
    words = rows[["of_entry", "found"]].drop_duplicates()
    words = words.sort_values(["of_entry", "found"], ignore_index=True)
    rows = rows.merge(words.reset_index(names="of_word"), on=["of_entry", "found"])
    by_entry = groups.count(rows, "of_entry", entries.index, "mentions")
    return Hits(entries, words, rows, by_entry, groups.count(rows, "of_word", words.index))


def _hits(measures: Measures, entries: pd.DataFrame) -> pd.DataFrame:
    """The hits of some entries, all text as str, with the row of the entry."""
    text = ("article", *KEY, "found", "zone", "voice", "side")
    rows = measures.indicators.astype(dict.fromkeys(text, "str"))
    return rows.merge(entries[KEY].reset_index(names="of_entry"), on=KEY)


def _entries(measures: Measures, kind: str, wanted: Names) -> pd.DataFrame:
    """One row an entry of the lexicons of a kind: lexicon, set, entry, house_style."""
    rows = [
        (name, of_set, entry, one["house_style"])
        for name, described in sorted(described_lexicons(measures).items())
        for of_set, one in described["sets"].items()
        if one["kind"] == kind
        for entry in one["labels"]
    ]
    entries = pd.DataFrame(rows, columns=[*KEY, "house_style"])
    entries = entries.astype({**dict.fromkeys(KEY, "str"), "house_style": "bool"})
    of_kind = entries["lexicon"].unique().tolist()
    names = of_kind if wanted is None else [wanted] if isinstance(wanted, str) else wanted
    for name in names:
        if name not in of_kind:
            raise unknown(f"lexicon of {kind}", name, of_kind)
    return entries[entries["lexicon"].isin(names)].reset_index(drop=True)


# ---------------------------------------------------------------- indicators


@of_measures
def indicators(
    measures: Measures, by: str = "outlet", *, lexicon: Names = None, plan: Plan = PLAN
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
    share                   k / n; share_low, share_high: its 95 % interval (Clopper–Pearson;
                            of fewer than 10 articles the upper bound alone)
    share_rest              mean of the other groups' shares
    share_p, share_q        the same of the shares, one family of their own
    hits, words             occurrences, in so many words
    per_1000                1000 · hits / words
    narrator, reported,     hits by voice
    quoted
    negated, distanced      hits under a negation; so-called or in scare quotes. They are
                            counted: the theme is spoken of
    carried_by              the words found most often, with their number
    per_1000_rest           rate of the other groups, weighted equally
    log_ratio               log₂ of the ratio of the rates, ½ added to each count
    log_ratio_low, _high    its 95 % bootstrap interval over articles (from 10 articles)
    loo_low, loo_high       its range when any one article is left out (below 10)
    p, q                    permutation of articles, studentised difference of rates,
                            two-sided (from 4 articles); q within the groups that differ
                            (`analysis.compare.ground.inference.families`)
    more_used_by            the group, "rest" (with two groups the other), or empty
    hangs_on                the one word or phrase without which the log ratio is less than half as
                            large or points the other way; empty where no single one
    evidence                "one article" or "few articles" (2–3) where the side that uses it
                            more has it in no more
    precision, …_low,       share of hits that are right, of so many coded in their sentences
    …_high, coded           (`analysis.compare.quality.hits`), and its interval
    shown                   "share"; "words" where precision is below .7 or fewer than 20 hits
                            were coded: then only the words in their sentences tell something,
                            and nothing is tested;
                            "not checked" where none was coded: then rates describe, no more
    ======================  ==========================================================

    Raises
    ------
    AnalysisError
        Where a column, group or lexicon does not exist.
    """
    hits = hits_of(measures, "indicators", by, lexicon)
    groups, every = hits.by_entry, np.arange(len(hits.entries))
    sides = [(g, groups.rest(g.name)) for g in groups]
    contrasts = [Contrast(*pair, every) for pair in sides if pair[1].members]
    strata = strata_of(measures, plan.strata)
    compared = {g: pd.DataFrame(_NOT_COMPARED, hits.entries.index) for g in groups.names}
    shares = _shares_against(contrasts, plan, strata)
    for c, tested in zip(contrasts, inferred(contrasts, True, plan, strata), strict=True):
        columns = _against(hits, c, tested) | shares[c.target.name]
        compared[c.target.name] = pd.DataFrame(columns, hits.entries.index)
    against = pd.concat(compared, names=hits.cells.names)
    table = hits.table(_described(hits).join(against), by)
    table, checked = _with_precision(table, measures, "p", "share_p")
    table = _adjusted(table, "p", "share_p", contrast=table.columns[0])
    table = inference.ordered(table, [*KEY, "per_1000", table.columns[0]], ["per_1000"])
    uneven = [c.target.name for c in contrasts if c.uneven]
    notes = [
        checked,
        note("framing.lists"),
        note("framing.one_group", len(groups.names) < 2),
        note("any.rest", len(groups.names) > 2, rest=REST),
        *_test_notes(groups, int(table["p"].notna().sum()), plan),
        note("any.uneven", uneven, names=", ".join(uneven)),
    ]
    return inference.with_notes(table, [*groups.notes, *notes], measures)


def _adjusted(table: pd.DataFrame, *columns: str, contrast: str = "") -> pd.DataFrame:
    """With a q beside each p, in families by the contrast that a row is of."""
    for column in columns:
        p = table[column].to_numpy(np.float64)
        q = inference.families(p, table[contrast].to_numpy()) if contrast else inference.adjusted(p)
        table.insert(table.columns.get_loc(column) + 1, column.replace("p", "q"), q)
    return table


def _with_precision(
    table: pd.DataFrame, measures: Measures, *tested: str
) -> tuple[pd.DataFrame, str]:
    """What `analysis.compare.quality.hits` says of each row; and a note.

    Adds precision, precision_low, precision_high, coded and shown: "share"; "words" where hits were
    coded and too few of them, or too few are right; "not checked" where none was coded. What is
    shown as words is not tested: the columns `tested` are emptied.
    """
    known = quality.hits(measures)
    columns = ["precision", "precision_low", "precision_high", "coded", "shown"]
    of = known.set_index(KEY)[columns].astype("object")

    def coded(entry: pd.Series | str) -> pd.DataFrame:
        keys = table[KEY[:2]].assign(entry=entry)
        return of.reindex(pd.MultiIndex.from_frame(keys)).reset_index(drop=True)

    of_set = coded("")
    found = coded(table["entry"]).fillna(of_set) if "entry" in table else of_set
    said = found["shown"].map({True: "share", False: "words"}).fillna("not checked")
    for column in columns[:-1]:
        table[column] = found[column].to_numpy(np.float64)
    table = table.assign(shown=said.to_numpy())
    table.loc[table["shown"] == "words", list(tested)] = np.nan
    return table, str(known.attrs["notes"][-1]) if "notes" in known.attrs else ""


def _described(hits: Hits) -> pd.DataFrame:
    """What the hits of each group are, entry by entry."""
    articles, n = hits.by_entry.held.ravel(), hits.of_group("n")
    found, words = hits.by_entry.counts.ravel(), hits.of_group("size")
    known = {"articles": articles, "articles_all": n, **_share(articles, n)}
    known |= {"hits": found, "words": words, "per_1000": 1000 * found / words}
    table = pd.DataFrame(known, hits.cells).join(hits.added("count", "negated", "distanced"))
    return table.assign(carried_by=_carriers(hits).reindex(hits.cells, fill_value=""))


def _carriers(hits: Hits) -> pd.Series:
    """The words found most often in each cell, with their number."""
    keys = hits.cells.names
    table = hits.times("count").reset_index(name="times")
    table = inference.ordered(table, [*keys, "times", "found"], ["times"])
    text = table["found"] + " " + table["times"].astype("str")
    return text.groupby([table[key] for key in keys]).agg(_first_of)


def _first_of(texts: pd.Series) -> str:
    shown = ", ".join(texts.head(_SHOWN_WORDS))
    return f"{shown}, …" if len(texts) > _SHOWN_WORDS else shown


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


def _share(k: np.ndarray, n: int | np.ndarray) -> dict[str, Any]:
    """The share k of n articles and its interval, from below only where n allows it."""
    n = np.broadcast_to(n, k.shape)
    low, high = quality.between(k, n)
    return {
        "share": np.where(n > 0, k / np.maximum(n, 1), np.nan),
        "share_low": np.where(n >= Evidence.WORDS, low, np.nan),
        "share_high": np.where(n > 0, high, np.nan),
    }


def _shares_against(
    contrasts: list[Contrast], plan: Plan, strata: pd.Series | None
) -> dict[str, dict[str, Any]]:
    """By target: the others' share of articles that hold each thing, and p of the difference."""

    of_shares = [c.among(c.target.of.present()) for c in contrasts]
    tested = inferred(of_shares, True, replace(plan, bootstraps=0), strata)
    return {
        c.target.name: {
            "share_rest": c.reference.rate[c.listed],
            "share_p": np.where((c.target.count + c.reference.count)[c.listed], one["p"], np.nan),
        }
        for c, one in zip(of_shares, tested, strict=True)
    }


def _hangs_on(hits: Hits, name: str, log_ratio: np.ndarray) -> np.ndarray:
    """Leave one term out: the words without which least is left of each log ratio, if < half."""
    left = []
    for side in (hits.by_word.named(name), hits.by_word.rest(name)):
        whole = np.bincount(hits.of_entry, side.weighted_count, len(hits.entries))
        # What is left is a difference of floats: where nothing is left it must be exactly 0.
        less = whole[hits.of_entry] - side.weighted_count
        left.append(scores.smoothed(np.where(less < 1e-9, 0, less), side.weighted_size))
    whole_ratio = log_ratio[hits.of_entry]
    kept = (left[0] - left[1]) * np.sign(whole_ratio)
    table = hits.words.assign(kept=kept)[kept < np.abs(whole_ratio) / 2]
    first = inference.ordered(table, ["of_entry", "kept", "found"], []).drop_duplicates("of_entry")
    of_entry = first.set_index("of_entry")["found"]
    return of_entry.reindex(hits.entries.index, fill_value="").to_numpy(object)


def _test_notes(groups: Groups, tested: int, plan: Plan) -> list[str]:
    """What was tested, and which groups are too small for a test or an interval."""
    if len(groups.names) < 2:
        return []
    total = len(groups.ids)
    level = {g.name: inference.permitted(min(g.n, total - g.n)) for g in groups}
    of_level = {
        kind: ", ".join(sorted(name for name, may in level.items() if may in which))
        for kind, which in _LEVELS.items()
    }
    notes = [note(f"framing.{kind}", names, names=names) for kind, names in of_level.items()]
    return [note("framing.p", tested, plan=plan, tested=tested), *notes]


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `indicators` that were tested, the least likely by chance first.

    Returns
    -------
    DataFrame, sorted by q, p, falling absolute log ratio, entry, group
        The group, set, entry, articles, articles_all, per_1000, per_1000_rest, log_ratio and its
        interval, p, q, more_used_by, hangs_on. Empty where n allows no test.
    """
    by = table.columns[0]
    shown = [by, "set", "entry", "articles", "articles_all", "per_1000", "per_1000_rest"]
    shown += ["log_ratio", "log_ratio_low", "log_ratio_high", "p", "q", "more_used_by", "hangs_on"]
    known = table.reindex(columns=shown).dropna(subset=["p"])
    known = known.assign(size=known["log_ratio"].abs())
    known = inference.ordered(known, ["q", "p", "size", "entry", by], ["size"])[shown]
    notes = [note("framing.untested", known.empty), note("framing.hangs_on")]
    return inference.with_notes(known, notes, table.attrs.get("notes", []))


# ---------------------------------------------------------------- naming


@of_measures
def naming(
    measures: Measures, by: str = "outlet", *, lexicon: Names = None, plan: Plan = PLAN
) -> pd.DataFrame:
    """Which of the competing names of a referent each group uses.

    A negated mention ("no giveaway") names nothing: it is not counted, but shown.

    Parameters
    ----------
    by, lexicon, plan
        As in `indicators`.

    Returns
    -------
    DataFrame, sorted by lexicon, set, group, falling mentions, label

    ======================  ==========================================================
    group                   value of `by`
    lexicon, set, label     the referent, and one of its names
    mentions, of_set        mentions of this name, of so many of all names of the set
    share                   mentions / of_set; empty below five of_set, and where `shown` is
                            "words"
    articles, articles_all  k of n articles that use the name
    articles_naming         articles that name the referent at all, by whatever name
    of_articles             articles / articles_naming; of_articles_low, of_articles_high: its
                            95 % interval (Clopper–Pearson; of fewer than 10 articles the upper
                            bound alone)
    of_articles_rest        mean of the other groups' shares, among articles that name it
    of_articles_p, _q       permutation of these articles on the difference of the shares,
                            studentised, two-sided (from 4 articles a side); q within the
                            groups that differ, of sets that are no house style
    narrator, reported,     mentions by voice
    quoted
    distanced               mentions so-called or in scare quotes
    negated                 negated mentions, which are not counted
    house_style             the set is of spellings: no stance
    hangs_on                the one word or phrase that gives more than half of the mentions, where
                            the name has several
    precision …, shown      as in `indicators`, of the set as a whole
    ======================  ==========================================================
    """
    hits = hits_of(measures, "naming", by, lexicon)
    known = {"mentions": hits.by_entry.counts.ravel(), "articles": hits.by_entry.held.ravel()}
    table = pd.DataFrame(known | {"articles_all": hits.of_group("n")}, hits.cells)
    table = table.join(hits.added("mentions", "distanced", "negated"))
    table["house_style"] = np.tile(hits.entries["house_style"], len(hits.by_entry.names))
    table["hangs_on"] = _main_word(hits).reindex(hits.cells, fill_value="")
    table = table.join(_among_naming(hits, plan, strata_of(measures, plan.strata)))
    table = hits.table(table, by).rename(columns={"entry": "label"})
    table, checked = _with_precision(table, measures, "of_articles_p")
    table = _adjusted(table, "of_articles_p", contrast=by)
    of_set = table.groupby(["lexicon", "set", by])["mentions"].transform("sum")
    enough = (of_set >= FEWEST_MENTIONS) & (table["shown"] != "words")
    share = (table["mentions"] / of_set).where(enough)
    table.insert(table.columns.get_loc("mentions") + 1, "of_set", of_set)
    table.insert(table.columns.get_loc("of_set") + 1, "share", share)
    table = inference.ordered(table, ["lexicon", "set", by, "mentions", "label"], ["mentions"])
    notes = [
        checked,
        note("framing.share", least=FEWEST_MENTIONS),
        note("framing.negated", n=int(table["negated"].sum())),
        note("framing.house_style", table["house_style"].any()),
    ]
    return inference.with_notes(table, [*hits.by_entry.notes, *notes], measures)


def _among_naming(hits: Hits, plan: Plan, strata: pd.Series | None) -> pd.DataFrame:
    """In each cell the share of articles with the name, among those that name the referent."""
    groups, frames = hits.by_entry, {name: [_NO_NAME] for name in hits.by_entry.names}
    for _, entries in hits.entries.groupby(["lexicon", "set"]):
        at = entries.index.to_numpy()
        naming = groups.only(np.flatnonzero(groups.matrix[:, at].sum(axis=1))).present()
        sides = [(own, naming.rest(own.name)) for own in naming if own.n]
        contrasts = [Contrast(*pair, at) for pair in sides if pair[1].members]
        tested = replace(plan, permutations=0) if entries["house_style"].any() else plan
        against = _shares_against(contrasts, tested, strata)
        for own in naming:
            columns = {"articles_naming": own.n, **_share(own.articles[at], own.n)}
            columns |= against.get(own.name, _ALONE)
            frames[own.name].append(pd.DataFrame(columns, index=at))
    among = pd.concat({name: pd.concat(of) for name, of in frames.items()}, names=hits.cells.names)
    return among.rename(columns=lambda column: column.replace("share", "of_articles"))


def _main_word(hits: Hits) -> pd.Series:
    """The words that give more than half of each name's mentions, where it has several."""
    times = hits.times("mentions")
    of_name = times.groupby(hits.cells.names)
    main = (times > of_name.transform("sum") / 2) & (of_name.transform("size") > 1)
    return times[main].reset_index("found")["found"]


# ---------------------------------------------------------------- where they stand

_PARTS = {"headline": 0, "lead": 0, "body": 1}
_FLIPS_AT_ONCE = 100


def prominence(
    measures: Measures,
    by: str = "outlet",
    *,
    kind: str = "indicators",
    lexicon: Names = None,
    plan: Plan = PLAN,
) -> pd.DataFrame:
    r"""Whether headline and lead hold more of an indicator (or name) than the body of the articles.

    .. math:: D_a = 1000 (t_a / w^t_a - b_a / w^b_a)

    with the hits t in headline and lead and b in the body of article a, and the words w there. The
    test compares each article with itself: under the null hypothesis the sign of :math:`D_a` is
    chance, so it is changed at random. Articles without one of the parts are left out, and copies,
    which are found within the groups of `by`. Negated mentions of names are not counted.

    Parameters
    ----------
    kind
        "indicators" or "naming".

    Returns
    -------
    DataFrame, sorted by lexicon, set, q, p, entry

    ========================  ===========================================================
    lexicon, set, entry       the indicator, or name; no rows where none of them was found
    articles, articles_all    articles with a hit, of so many that have both parts
    hits_top, hits_body       hits in headline and lead, and in the body
    per_1000_top, …_body      of the words there, all articles together
    ratio                     of the two rates, half a hit added to each; above 1: more on top
    p, q                      of the sum of D, two-sided (from 10 articles with a hit on); q
                              adjusted over all rows (Benjamini–Hochberg)
    precision …, shown        as in `indicators`; what is shown as words is not tested
    ========================  ===========================================================
    """
    entries, groups = _entries(measures, kind, lexicon), grouped(measures, by)
    words = measures.words.groupby(["article", "zone"], observed=True)["count"].sum().unstack()
    words = words.rename(index=str).reindex(sorted(groups.of_article)).fillna(0)
    words = words.T.groupby(_PARTS).sum().T.reindex(columns=(0, 1), fill_value=0)
    size = words[(words > 0).all(axis=1)]
    rows = _hits(measures, entries)
    rows = rows[rows["article"].isin(size.index) & rows["zone"].isin(_PARTS)]
    places = (rows["zone"].map(_PARTS), size.index.get_indexer(rows["article"]), rows["of_entry"])
    counts = np.zeros((2, len(size), len(entries)))
    np.add.at(counts, places, rows["count"] - rows["negated"] * (kind == "naming"))
    rates, total = counts.sum(axis=1), size.sum().clip(lower=1).to_numpy()
    held = (counts.sum(axis=0) > 0).sum(axis=0)
    share = counts / size.to_numpy().T[:, :, None]
    p = _sign_flips(1000 * (share[0] - share[1]), plan)
    table = entries[KEY].assign(
        articles=held,
        articles_all=len(size),
        hits_top=rates[0].astype("int64"),
        hits_body=rates[1].astype("int64"),
        per_1000_top=1000 * rates[0] / total[0],
        per_1000_body=1000 * rates[1] / total[1],
        ratio=2 ** (scores.smoothed(rates[0], total[0]) - scores.smoothed(rates[1], total[1])),
        p=np.where(held >= Evidence.WORDS, p, np.nan),
    )
    table, checked = _with_precision(table if held.any() else table.head(0), measures, "p")
    table = inference.ordered(_adjusted(table, "p"), ["lexicon", "set", "q", "p", "entry"], [])
    notes = [
        checked,
        note("framing.prominence", n=len(size), plan=plan),
        note("framing.without", entries.empty, kind=kind),
    ]
    return inference.with_notes(table, [*groups.notes, *notes], measures)


def _sign_flips(difference: np.ndarray, plan: Plan) -> np.ndarray:
    """Two-sided p of the sum of each column when signs of rows are changed at random."""
    difference = difference[difference.any(axis=1)]
    rng = inference.generator("prominence", seed=plan.seed)
    least = np.abs(difference.sum(axis=0)) - 1e-9
    reached = np.ones(difference.shape[1])
    for start in range(0, plan.permutations, _FLIPS_AT_ONCE):
        size = (min(_FLIPS_AT_ONCE, plan.permutations - start), len(difference))
        reached += (np.abs(rng.choice([-1.0, 1.0], size=size) @ difference) >= least).sum(axis=0)
    return np.asarray(reached / (1 + plan.permutations))


# ---------------------------------------------------------------- what pages of every group ask


def sets_of(measures: Measures, kind: str) -> list[str]:
    """The sets of the word lists of a kind ("naming", "indicators"), in the order of the lists."""
    lists = described_lexicons(measures).values()
    return [name for one in lists for name, of in one["sets"].items() if of["kind"] == kind]


def hits_by_group(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """How often each group uses each name and theme of the word lists, in whose voice.

    Returns
    -------
    DataFrame, sorted by kind, set, entry, group
        group, kind ("name" where labels compete, else "theme"), set, entry, narrator, reported,
        quoted, articles.
    """
    text = ("set", "entry", "voice", "article")
    hits = measures.indicators.astype(dict.fromkeys(text, "str"))
    kind = np.where(hits["set"].isin(sets_of(measures, "naming")), "name", "theme")
    # Copies and editions count once.
    hits = hits.assign(group=hits["article"].map(grouped(measures, by).of_article), kind=kind)
    keys = ["group", "kind", "set", "entry"]
    table = hits.pivot_table("count", keys, "voice", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=list(VOICES), fill_value=0).rename_axis(columns=None)
    table["articles"] = hits.groupby(keys)["article"].nunique()
    return inference.ordered(table.reset_index(), ["kind", "set", "entry", "group"], [])
