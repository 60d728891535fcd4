"""What the numbers allow to be said, each with its evidence, how sure it is, and its rivals.

A rule takes a `Study` and gives one `Claim`. The page that shows the evidence calls the same rule
for its headline, so that no finding says what its page does not. No sentence speaks of a difference
without a test that n allows, or else it carries the badge *described*. To add one, write a function
that gives a `Claim` and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from analysis.compare import framing
from analysis.compare.ground.groups import REST
from analysis.compare.ground.inference import ALPHA, Evidence
from analysis.compare.ground.statements import UNATTRIBUTED
from analysis.compare.kinds import FUNCTION, STYLE, TOPIC
from analysis.compare.telling import sets_of, speakers_by_group
from analysis.measure.measures import Measures
from analysis.report.claims import Badge, Claim
from analysis.report.plots import bars
from analysis.report.plots.style import Picture, figure
from analysis.report.show import Said, say
from analysis.report.study import FEW, Study

PAGES = {
    "corpus": "00-corpus.html",
    "story": "01-story.html",
    "words": "02-vocabulary.html",
    "voices": "03-voices.html",
    "names": "04-names-and-themes.html",
    "themes": "04-names-and-themes.html",
    "alike": "05-similarity.html",
    "copy": "05-similarity.html",
}
_STARTS = 4
_MOST = 6  # findings on the index
_RARE = 10  # times as often as the rarest name
_ENOUGH = 10  # mentions of a referent
_MENTIONS = ["mentions", "narrator", "articles"]
_NOBODY = ("", UNATTRIBUTED)
_FINDING = ["term", "target", "reference"]


def _claim(kind: str, headline: Any, line: Any, sure: Badge = "described", **more: Any) -> Claim:
    link = more.pop("link", f"{PAGES[kind]}#found-{kind}")
    return Claim(kind, headline, line, sure, link=link, **more)


def findings(study: Study) -> list[Claim]:
    """What is worth a place on the index: the story first, then tested before described.

    At most one of a kind; what is confounded comes last, and nothing that only says that there is
    nothing to compare.
    """
    rules = [r for r in RULES if not (r is voices and study.one_story)]  # the story says it
    found = [claim for rule in rules if (claim := rule(study)) is not None and claim.picture]
    rank = {"tested": 0, "described": 1, "confounded": 2}
    order = sorted(found, key=lambda c: (c.kind != "story" or c.sure == "confounded", rank[c.sure]))
    return order[:_MOST]


def starting_terms(study: Study) -> list[tuple[str, list[tuple[str, str]]]]:
    """By group of four articles or more, the terms it uses more than the rest, by log-odds.

    Only terms whose evidence carries no mark. (term, spelling) each; groups by name.
    """
    table = study.words
    if "target" not in table:
        return []
    kept = table[(table["more_used_by"] == table["target"]) & (table["evidence"] == "")]
    top = kept[kept["articles_target"] >= FEW].groupby("target", sort=True).head(_STARTS)
    return [
        (str(name), list(rows[["term", "spelling"]].itertuples(index=False, name=None)))
        for name, rows in top.groupby("target", sort=True)
    ]


def rivals_of(study: Study, *groups: str) -> list[str]:
    """What speaks against reading a difference of these groups as their own."""
    table = study.rivals
    if "difference" not in table:
        return []
    named = table["difference"].map(lambda text: any(group and group in text for group in groups))
    return [f"{r.difference} {r.caution}" for r in table[named].head(2).itertuples()]


# ---------------------------------------------------------------- the corpus


def the_corpus(study: Study) -> Claim:
    """How much there is, and how much of it can be tested."""
    n, groups = len(study.measures.articles), len(study.sizes)
    others = study.sizes.sum() - study.sizes
    tested = int(((study.sizes >= Evidence.WORDS) & (others >= Evidence.WORDS)).sum())
    dates = sorted(date[:10] for date in study.measures.articles["date"] if date)
    period = f", {dates[0]} to {dates[-1]}" if dates else ""
    return _claim(
        "corpus",
        say(
            "{n} of {groups:,} {by}; the words of {tested} can be tested",
            n=counted(n, "article"),
            groups=groups,
            by=plural(study.by, groups),
            tested=tested or "none",
        ),
        say(
            "A word is tested from {least} articles on either side; from {few} on, what was named "
            "beforehand. {words:,} words{period}.",
            least=int(Evidence.WORDS),
            few=int(Evidence.NAMED_TERMS),
            words=int(study.measures.articles["words"].sum()),
            period=period,
        ),
    )


def counted(n: int, what: str) -> str:
    """A number and what it counts: 1 article, 2 articles.

    >>> counted(1, "article"), counted(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{n:,} {what if n == 1 else f'{what}s'}"


def voice(speaker: str) -> str:
    """A speaker as a sentence has it: who is not named by a name stands in quotation marks."""
    return speaker if speaker[:1].isupper() else f"“{speaker}”"


def plural(by: str, n: int = 2) -> str:
    """What is compared, as so many are called."""
    return by if n == 1 else f"{by}s" if by.isalpha() and not by.endswith("y") else f"{by} (values)"


def what_it_cannot_tell(study: Study) -> Claim | None:
    """The first thing, other than coverage, in which the groups differ."""
    table = study.rivals
    if "difference" not in table or table.empty:
        return None
    row = table.iloc[0]
    return Claim(
        "rivals",
        say("{difference}", difference=str(row["difference"]).rstrip(".")),
        say(
            "{caution} {n} of this kind {stand} against reading any other as the {of} own.",
            caution=row["caution"],
            n=counted(len(table), "difference"),
            stand="stands" if len(table) == 1 else "stand",
            of="outlets’" if study.by == "outlet" else "groups’",
        ),
        link=f"{PAGES['corpus']}#found-rivals",
    )


# ---------------------------------------------------------------- the story


def the_story(study: Study) -> Claim | None:
    """Whom each outlet of the focus story lets speak most."""
    focus = study.focus
    outlets = sorted(set(focus.labels(study.by)) - {""})
    n = len(focus.articles)
    if len(outlets) < 2 or (n == len(study.measures.articles) and not study.one_story):
        return None
    heard = most_heard(focus, study.by)
    named = heard[heard["speaker"] != ""]
    ranked = named.sort_values(["share", "group"], ascending=[False, True])
    period = _period(focus)
    line = say(
        "{n} articles of {outlets}{period}. {heard}",
        n=n,
        outlets=listed(outlets),
        period=period,
        heard=" ".join(
            f"{r.group}: {voice(r.speaker)}, {100 * r.share:.0f} % of the {r.words_all:,} words of "
            "others."
            for r in ranked.head(4).itertuples()
        ),
    )
    return _claim(
        "story",
        _story_headline(ranked, n, study.has_rules),
        line,
        rivals=_dates_apart(focus, study.by),
        picture=lambda: _picture_of_heard(named),
    )


def _story_headline(ranked: pd.DataFrame, n: int, measured: bool) -> Said:
    """The first two groups that let different people speak most, or that all let the same."""
    apart = [(r.group, r.speaker) for r in ranked.itertuples()]
    different = next(
        ((a, b) for i, a in enumerate(apart) for b in apart[i + 1 :] if a[1] != b[1]), None
    )
    if different:
        (one, who), (other, whom) = different
        return say(
            "On the same story {one} lets {who} speak most, {other} {whom}",
            one=one,
            who=voice(who),
            other=other,
            whom=voice(whom),
        )
    if apart:
        return say("On the same story all let {who} speak most", who=voice(apart[0][1]))
    if not measured:
        return say("{n} articles tell one story; whom they quote is not measured", n=n)
    return say("{n} articles tell one story, and quote nobody by name", n=n)


def _picture_of_heard(heard: pd.DataFrame) -> Picture:
    """The speaker heard most in each group, as `most_heard` gives them."""
    table = heard.assign(who=heard["group"] + ": " + heard["speaker"])[["who", "share"]]
    unit = "share of the words of statements"
    return figure(bars.by_group(table, "share", unit=unit, percent=True), "Who is heard most.")


def no_story(study: Study) -> Claim:
    """Why there is no story that several outlets tell."""
    return _claim(
        "story",
        say("No story here is told by two {by} or more", by=plural(study.by)),
        say("The page shows all there is instead: {n}.", n=counted(_n(study), "article")),
    )


def most_heard(measures: Measures, by: str) -> pd.DataFrame:
    """The speaker with most words in each group: group, speaker, words, words_all, share, articles.

    Groups with most words of statements first; where all speakers are unnamed, speaker is empty.
    """
    table = speakers_by_group(measures, by)
    total = table.groupby("group")["words"].sum()
    top = table[~table["speaker"].isin(_NOBODY)].drop_duplicates("group")
    top = top.assign(words_all=top["group"].map(total))
    top["share"] = top["words"] / top["words_all"]
    top = top.sort_values(["words_all", "group"], ascending=[False, True], ignore_index=True)
    return top[["group", "speaker", "side", "words", "words_all", "share", "articles"]]


def _period(measures: Measures) -> str:
    dates = sorted(date[:10] for date in measures.articles["date"] if date)
    if not dates:
        return ", undated"
    return f", {dates[0]}" + (f" to {dates[-1]}" if dates[0] != dates[-1] else "")


def _dates_apart(measures: Measures, by: str) -> list[str]:
    """Where groups wrote on different days, that they knew different things."""
    days = measures.articles.assign(group=measures.labels(by).to_numpy())
    days = days[days["date"] != ""].groupby("group")["date"].agg(["min", "max"])
    days = days.apply(lambda column: column.str.slice(0, 10))
    if len(days) < 2 or (days["min"].nunique() == 1 and days["max"].nunique() == 1):
        return []
    early, late = days["min"].idxmin(), days["max"].idxmax()
    if early == late:
        return []
    return [
        f"Date: {early} wrote on {days.loc[early, 'min']}, {late} on {days.loc[late, 'max']}; what "
        "was known may have changed between them."
    ]


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names as a sentence has them, six at most."""
    shown = list(names[:most])
    more = len(names) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "nobody"


# ---------------------------------------------------------------- words


def words(study: Study) -> Claim:
    """The word that sets a group apart most surely, topic words left aside."""
    table = study.words
    if "q" not in table:
        return _claim("words", say("There is nothing to compare words with"), _one_group(study))
    tested = int(table["p"].notna().sum())
    firm = table[(table["q"] < ALPHA) & (table["evidence"] == "") & (table["more_used_by"] != "")]
    free = firm[~firm["kind"].isin((TOPIC, FUNCTION, STYLE))]
    if free.empty:
        return _no_word(study, table, firm, tested)
    row = _surest(free, study.explained)
    up, down = ("target", "reference") if row["log_ratio"] > 0 else ("reference", "target")
    side = {REST: f"the other {plural(study.by)}"}
    more, less = (side.get(row[end], row[end]) for end in (up, down))
    return _claim(
        "words",
        say(
            "{more} uses “{word}” {times} times as often as {less}"
            if row[f"articles_{down}"]
            else "{more} uses “{word}”, {less} never",
            more=more,
            word=row["spelling"],
            times=_ratio(row[f"per_1000_{up}"], row[f"per_1000_{down}"]),
            less=less,
        ),
        say(
            "{high:.2f} against {low:.2f} in 1,000 words; in {k} of {n} articles against {l} of "
            "{m}. {passed} {pass_}, of {tested:,} tests.",
            high=row[f"per_1000_{up}"],
            low=row[f"per_1000_{down}"],
            k=row[f"articles_{up}"],
            n=row[f"articles_{up}_all"],
            l=row[f"articles_{down}"],
            m=row[f"articles_{down}_all"],
            passed=counted(passed := table.loc[table["q"] < ALPHA, "term"].nunique(), "word"),
            pass_="passes" if passed == 1 else "pass",
            tested=tested,
        ),
        "tested" if row["sure"] else "confounded",
        detail=_q(row["q"]) if row["sure"] else f"by {row['confounded']}",
        rivals=[*_also(row["also_explained_by"]), *rivals_of(study, row[up])],
        picture=lambda: figure(
            bars.by_group(
                _rates(study, row["term"]), "per_1000", n="n", k="k", unit="uses per 1,000 words"
            ),
            f"“{row['spelling']}” by {study.by}.",
        ),
    )


def _ratio(high: float, low: float) -> str:
    """How many times as high one rate is as another; nothing where the other is none."""
    return f"{high / low:.1f}" if low else ""


def _surest(passing: pd.DataFrame, explained: pd.DataFrame) -> pd.Series:
    """The word with most evidence, of those that nothing else explains where there are such."""
    why = explained.set_index(_FINDING)[["confounded", "also_explained_by"]]
    known = passing.join(why, on=_FINDING).fillna({"confounded": "", "also_explained_by": ""})
    ranked = known.assign(sure=known["confounded"] == "", z=known["log_odds_z"].abs())
    return ranked.sort_values(["sure", "z", "term"], ascending=[False, False, True]).iloc[0]


def _no_word(study: Study, table: pd.DataFrame, firm: pd.DataFrame, tested: int) -> Claim:
    if not tested:
        return _claim(
            "words",
            say("Too few articles to test single words of any {by}", by=study.by),
            _needs(study, Evidence.WORDS),
        )
    passed = listed([str(s) for s in firm["spelling"].unique()])
    return _claim(
        "words",
        say("No {by}’s words differ beyond chance, topic and house style", by=study.by)
        if len(firm)
        else say("No {by}’s words differ beyond chance", by=study.by),
        say(
            "{tested:,} tests{topical}.",
            tested=tested,
            topical=f"; what passes is of topic, grammar or house style: {passed}"
            * bool(len(firm)),
        ),
        "tested",
    )


def _needs(study: Study, least: Evidence) -> Said:
    """How many articles a test needs, beside how many there are."""
    if len(study.sizes) < 2:
        return _one_group(study)
    return say(
        "A test needs {need} articles on either side; the most here are {most}.",
        need=int(least),
        most=int(study.sizes.max()) if len(study.sizes) else 0,
    )


def _one_group(study: Study) -> Said:
    """Why nothing is compared: all articles are of one group, or of none."""
    return say(
        "All {n} are of one {by}: {of}. Another column may part them.",
        n=counted(_n(study), "article"),
        by=study.by,
        of=listed([str(name) for name in study.sizes.index]),
    )


def _q(value: float) -> str:
    return "q < .001" if value < 0.001 else f"q = {value:.3f}"


def _also(aspects: str) -> list[str]:
    """The aspects within which the difference was not found again."""
    return [f"It was not found again when this was held still: {aspects}."] if aspects else []


def _rates(study: Study, term: str) -> pd.DataFrame:
    """A tested term's rate in every group."""
    own = study.words[study.words["term"] == term]
    return pd.DataFrame(
        {
            "group": own["target"],
            "per_1000": own["per_1000_target"],
            "k": own["articles_target"],
            "n": own["articles_target_all"],
        }
    )


# ---------------------------------------------------------------- voices


def voices(study: Study) -> Claim:
    """Who is heard most, in how many articles of the group with most articles."""
    heard = most_heard(study.measures, study.by)
    firm = heard[heard["group"].isin(study.firm)]
    if not study.has_rules:
        return _unmeasured("voices", "Who speaks")
    if firm.empty:
        return _claim(
            "voices",
            say("Nobody is quoted by name here"),
            say("No statement with a named speaker was found in {n} articles.", n=_n(study)),
        )
    row = firm.iloc[0]
    return _claim(
        "voices",
        _voices_headline(firm, study.by),
        say(
            "{of}In {group} it is {who}: {share:.0f} % of {all:,} words of statements, in {k} of "
            "{articles}.",
            of=f"Of those with {FEW} articles or more. "
            * bool(len(study.sizes) > 1 and study.sizes.max() >= FEW),
            group=row["group"],
            who=voice(row["speaker"]),
            share=100 * row["share"],
            all=row["words_all"],
            k=row["articles"],
            articles=counted(study.sizes[row["group"]], "article"),
        ),
        rivals=rivals_of(study, row["group"]),
        picture=lambda: _picture_of_heard(firm),
    )


def _voices_headline(heard: pd.DataFrame, by: str) -> Said:
    """Who is heard most in most groups, or that each lets somebody else speak."""
    common = heard["speaker"].value_counts().rename_axis("speaker").reset_index()
    common = common.sort_values(["count", "speaker"], ascending=[False, True]).iloc[0]
    if len(heard) == 1:
        row = heard.iloc[0]
        return say("{who} is heard most in {group}", who=voice(row["speaker"]), group=row["group"])
    if common["count"] > 1:
        return say(
            "{who} is heard most in {k} of {n} {by}",
            who=voice(common["speaker"]),
            k=common["count"],
            n=len(heard),
            by=plural(by, len(heard)),
        )
    return say("Each {by} lets somebody else speak most", by=by)


def _unmeasured(kind: str, what: str) -> Claim:
    """A page whose rules its articles' language does not have."""
    return _claim(
        kind,
        say("{what} is not measured in this language", what=what),
        say("There are rules and lists for other languages only; see the notes."),
    )


def _n(study: Study) -> int:
    return len(study.measures.articles)


# ---------------------------------------------------------------- names and themes


def names(study: Study) -> Claim:
    """Which names of the most contested referent are used, and which hardly."""
    table = study.names
    if not study.has_rules:
        return _unmeasured("names", "What is called by which name")
    if not contested(study):
        return _claim(
            "names",
            say("No contested name was looked for, or none was found"),
            say("Which names compete is said by a corpus’s own list; see the docs."),
        )
    table = table[~table["house_style"]]
    used = _used(table)
    chosen = contested(study)
    own = used[used["set"] == chosen].sort_values(
        ["mentions", "label"], ascending=[False, True], ignore_index=True
    )
    total = int(own["mentions"].sum())
    return _claim(
        "names",
        _names_headline(own, total),
        say(
            "Names for {set}: {n:,} mentions, {own:,} of them in the outlets’ own words.",
            set=chosen,
            n=total,
            own=int(own["narrator"].sum()),
        ),
        detail=_checked(table[table["set"] == chosen]),
        rivals=["A name shows which word was at hand, and not who is right."],
        picture=lambda: figure(
            bars.by_voice(names_by_voice(study, chosen), unit="mentions"), f"Names for {chosen}."
        ),
    )


def _names_headline(own: pd.DataFrame, total: int) -> Said:
    """The commonest name beside one that is hardly used, or the names that compete."""
    top, least = own.iloc[0], own.iloc[-1]
    if top["mentions"] >= _RARE * least["mentions"]:
        return say(
            "The articles say {top} {times}, {least} {rarely}",
            top=top["label"],
            times=_times(top["mentions"]),
            least=least["label"],
            rarely=_times(least["mentions"]),
        )
    return say(
        "{names} compete: {top} leads with {k:,} of {n:,} mentions",
        names=listed(own["label"].tolist(), 3).capitalize(),
        top=top["label"],
        k=top["mentions"],
        n=total,
    )


def _used(table: pd.DataFrame) -> pd.DataFrame:
    """Names with their mentions, of all groups together; house style set aside."""
    by_label = table[~table["house_style"]].groupby(["set", "label"], sort=False)[_MENTIONS].sum()
    return by_label[by_label["mentions"] > 0].reset_index()


def contested(study: Study) -> str:
    """The first set of the list, in its own order, of which several names are used often enough.

    Empty where no name was found.
    """
    if "mentions" not in study.names or (used := _used(study.names)).empty:
        return ""
    of = used.groupby("set", sort=False).agg(n=("mentions", "sum"), names=("label", "nunique"))
    of = of.reindex([name for name in sets_of(study.measures, "naming") if name in of.index])
    enough = of[(of["names"] > 1) & (of["n"] >= _ENOUGH)]
    return str((enough if len(enough) else of.sort_values("n", ascending=False)).index[0])


def _checked(rows: pd.DataFrame) -> str:
    """How often the hits behind a claim are right, where they were read in their sentences."""
    row = rows.iloc[0]
    if row["shown"] == "not checked":
        return "hits not checked on these articles"
    return f"{row['precision']:.0%} of {row['coded']:.0f} hits read are right"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n:,} times"


def names_by_voice(study: Study, of_set: str) -> pd.DataFrame:
    """The names of one referent, with their mentions by voice and the articles that hold them."""
    table = study.hits
    if "set" not in table:
        return table.head(0)
    own = table[(table["set"] == of_set) & (table["kind"] == "name")]
    voices_ = ["narrator", "reported", "quoted", "articles"]
    return own.groupby("entry")[voices_].sum().reset_index().assign(of=_n(study))


def themes(study: Study) -> Claim:
    """The theme that differs most surely between groups, or that none does."""
    table = study.themes
    if not study.has_rules:
        return _unmeasured("themes", "What it is about")
    if "q" not in table:
        return _claim(
            "themes",
            say("No theme can be compared here"),
            say("{why}", why=" ".join(table.attrs.get("notes", [])) or "No list of themes."),
        )
    tested = framing.differences(table)
    passed = tested[(tested["q"] < ALPHA) & (tested["hangs_on"] == "")]
    return _no_theme(study, tested) if passed.empty else _theme(study, passed.iloc[0])


def _no_theme(study: Study, tested: pd.DataFrame) -> Claim:
    """Why no theme is said to differ: too few articles, or nothing beyond chance."""
    if tested.empty:
        return _claim(
            "themes",
            say("Too few articles to test the themes of any {by}", by=study.by)
            if len(study.sizes) > 1
            else say("There is nothing to compare themes with"),
            _needs(study, Evidence.NAMED_TERMS),
        )
    return _claim(
        "themes",
        say("No {by}’s themes differ beyond chance", by=study.by),
        say(
            "{n} comparisons of {themes} themes could be tested; {chance} have p < .05, where "
            "chance alone gives about {expected:.0f}.",
            n=len(tested),
            themes=study.themes["entry"].nunique(),
            chance=int((tested["p"] < ALPHA).sum()),
            expected=ALPHA * len(tested),
        ),
        "tested",
    )


def _theme(study: Study, row: pd.Series) -> Claim:
    """What a theme that passed says of its group, which the row names first."""
    table, group = study.themes, row.index[0]
    of_theme = table[table["entry"] == row["entry"]]
    checked = (of_theme["shown"] == "share").all()
    rate, rest = row["per_1000"], row["per_1000_rest"]
    more = rate > rest
    how = (
        "{group} uses words of “{theme}” {times} times {as_often} the other {others}"
        if min(rate, rest) > 0
        else "{group} uses words of “{theme}”, the other {others} never"
        if more
        else "{group} never uses words of “{theme}”, the other {others} do"
    )
    return _claim(
        "themes",
        say(
            how,
            group=row[group],
            times=_ratio(max(rate, rest), min(rate, rest)),
            as_often="as often as" if more else "less often than",
            theme=row["entry"],
            others=plural(study.by),
        ),
        say(
            "{rate:.2f} against {rest:.2f} in 1,000 words; in {k} of {n} articles. Words of a "
            "theme are no frame.",
            rate=rate,
            rest=rest,
            k=row["articles"],
            n=row["articles_all"],
        ),
        "tested" if checked else "described",
        detail=_q(row["q"]) if checked else _checked(of_theme),
        rivals=rivals_of(study, row[group]),
        picture=lambda: figure(
            bars.by_group(
                of_theme[[group, "per_1000", "articles", "articles_all"]],
                "per_1000",
                n="articles_all",
                k="articles",
                unit="uses per 1,000 words",
            ),
            f"“{row['entry']}” by {study.by}.",
        ),
    )


# ---------------------------------------------------------------- likeness and copy


def alike(study: Study) -> Claim:
    """The two groups of four articles or more whose articles are most alike, and why."""
    table = study.alike
    across = table[table["a"] != table["b"]] if "cosine" in table else table
    if "cosine" not in table or across.empty:
        return _claim(
            "alike",
            say("There is nothing to compare articles with"),
            _one_group(study),
        )
    several = across[(across["articles_a"] >= FEW) & (across["articles_b"] >= FEW)]
    shown = several if len(several) else across
    ranked = shown.sort_values(["cosine", "a", "b"], ascending=[False, True, True])
    row = ranked.iloc[0]
    tested = across[across["p_adjusted"].notna()]
    apart = tested[tested["p_adjusted"] < ALPHA]
    why = _why_alike(study, *sorted((row["a"], row["b"])))
    return _claim(
        "alike",
        _alike_headline(row, len(shown)),
        say(
            "Mean cosine {cosine:.2f} over {pairs}. Pairs of {by}{few}: {n}; can be tested: "
            "{tested}; told apart: {apart}.{why}",
            by=plural(study.by),
            cosine=row["cosine"],
            pairs=f"{row['pairs']:,} {'pair' if row['pairs'] == 1 else 'pairs'} of articles",
            n=len(shown),
            few=f" with {FEW} articles or more" * bool(len(several)),
            apart=len(apart),
            tested=len(tested),
            why=why,
        ),
        rivals=rivals_of(study, row["a"], row["b"]),
        picture=lambda: figure(
            bars.by_group(
                ranked.head(8).assign(pair=lambda t: t["a"] + " – " + t["b"])[["pair", "cosine"]],
                "cosine",
                unit="mean cosine of their articles",
            ),
            "The pairs most alike.",
        ),
    )


def _alike_headline(row: pd.Series, pairs: int) -> Any:
    """Which two are most alike; of only two, whether they can be told apart."""
    names = {"a": row["a"], "b": row["b"]}
    if pairs > 1:
        return say("Articles of {a} and {b} are most alike", **names)
    if pd.isna(row["p_adjusted"]):
        return say("How alike {a} and {b} are is counted, not tested", **names)
    apart = row["p_adjusted"] < ALPHA
    if apart:
        return say("Articles of {a} and {b} can be told apart by their words", **names)
    return say("Articles of {a} and {b} are not told apart by their words", **names)


def _why_alike(study: Study, one: str, other: str) -> str:
    """What the two articles most alike of these groups share; nothing where they are not known."""
    nearest = study.nearest
    pair = nearest[(nearest["group_a"] == one) & (nearest["group_b"] == other)]
    if pair.empty:
        return ""
    row = pair.iloc[0]
    shared = study.shared_words(study.measures, row["a"], row["b"])
    return f" Their closest two share {listed(shared)}." if shared else ""


def copy(study: Study) -> Claim:
    """How many articles share copy with one of another outlet."""
    pairs = study.copy
    n = _n(study)
    across = pairs[pairs["outlet_a"] != pairs["outlet_b"]] if "outlet_a" in pairs else pairs.head(0)
    sharing = set(across["a"]) | set(across["b"]) if len(across) else set()
    if not sharing:
        return _claim(
            "copy",
            say("No two outlets print the same copy here"),
            say("Own words of {n:,} articles, five words in a row, within 14 days.", n=n),
        )
    row = across.sort_values(["containment", "a", "b"], ascending=[False, True, True]).iloc[0]
    return _claim(
        "copy",
        say(
            "{k} of {n:,} articles share copy with another outlet’s",
            k=len(sharing),
            n=n,
        ),
        say(
            "Most: {a} and {b}, {share:.0f} % of the shorter article’s own five-word runs. Copy "
            "that was rewritten is not seen.",
            a=row["outlet_a"],
            b=row["outlet_b"],
            share=100 * row["containment"],
        ),
        picture=lambda: figure(
            bars.by_group(
                across.head(8).assign(pair=lambda t: t["outlet_a"] + " – " + t["outlet_b"])[
                    ["pair", "containment"]
                ],
                "containment",
                unit="share of the shorter article’s five-word runs",
                percent=True,
            ),
            "Pairs of articles that share most copy.",
        ),
    )


Rule = Callable[[Study], Claim | None]
RULES: tuple[Rule, ...] = (the_story, words, voices, names, themes, alike, copy)
