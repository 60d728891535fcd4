"""What the numbers allow to be said, each with its evidence, how sure it is, and its rivals.

A rule takes a `Study` and gives one `Claim`, in the words of ``templates/sentences.toml``. The page
that shows the evidence calls the same rule for its headline, so that no finding says what its page
does not. No sentence speaks of a difference without a test that n allows, or else it carries the
badge *described*. To add one, write a function that gives a `Claim` and name it in `RULES`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import robustness
from analysis.compare.corpus import imbalances
from analysis.compare.framing import sets_of
from analysis.compare.ground.inference import ALPHA, REST, Evidence
from analysis.compare.sourcing import NEAR, most_heard
from analysis.compare.stories import quality_note
from analysis.compare.vocabulary import ASIDE, TOPIC
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES
from analysis.notes import note
from analysis.report.claims import Claim, claim, listed, plural
from analysis.report.plots import bars
from analysis.report.plots.style import Picture, figure
from analysis.report.show import printed_p, say
from analysis.report.study import FEW, Study, telling

_STARTS = 4
_MOST = 6  # findings on the index
_BARS = 12  # of a small picture
_PRINTED = 0.005  # two cosines nearer than this may be printed alike
_RARE = 10  # times as often as the rarest name
_ENOUGH = 10  # mentions of a referent
_MENTIONS = ["mentions", "narrator", "articles"]
_ALIKE = "The pairs most alike."
_FINDING = ["term", "target", "reference"]


def findings(study: Study) -> list[Claim]:
    """What is worth a place on the index: the story first, then tested before described.

    At most one of a kind; what is confounded comes last, and nothing that only says that there is
    nothing to compare.
    """
    rules = [r for r in RULES.values() if not (r is voices and study.one_story)]
    found = [claim for rule in rules if (claim := rule(study)) is not None and claim.picture]
    rank = {"tested": 0, "described": 1, "confounded": 2}
    order = sorted(found, key=lambda c: (c.kind != "story" or c.sure == "confounded", rank[c.sure]))
    return order[:_MOST]


def starting_terms(study: Study) -> list[tuple[str, list[tuple[str, str]]]]:
    """By group of four articles or more, the terms it uses more than the rest, by log-odds.

    Only terms whose evidence carries no mark, function words and house style left out.
    (term, spelling) each; groups by name.
    """
    table = study.words
    kept = table[(table["more_used_by"] == table["target"]) & (table["evidence"] == "")]
    kept = telling(kept)
    top = kept[kept["articles_target"] >= FEW].groupby("target", sort=True).head(_STARTS)
    return [
        (str(name), list(rows[["term", "spelling"]].itertuples(index=False, name=None)))
        for name, rows in top.groupby("target", sort=True)
    ]


def rivals_of(study: Study, *groups: str) -> list[str]:
    """What speaks against reading a difference of these groups as their own.

    In what several of them differ from each other, or one of them, or of the rest, from all.
    """
    named = [group for group in dict.fromkeys(groups) if group in study.sizes.index]
    table = study.rivals
    if len(named) > 1 and REST not in groups:
        chosen = {study.by: named}
        table = study.kept(
            f"rivals {named}", lambda: imbalances(study.measures.select(**chosen), study.by)
        )
    else:
        told = table["difference"].map(lambda text: any(group in text for group in named))
        table = table[told.astype(bool)]
    return [f"{r.difference} {r.caution}" for r in table.head(2).itertuples()]


def _bars(
    title: str, table: pd.DataFrame, value: str, *named: str, **look: Any
) -> Callable[[], Picture]:
    """Bars by group; of very many those named, and the longest of enough articles."""
    if (every := len(table)) > _BARS:
        firm = table[look["n"]] >= FEW if "n" in look else table[value].notna()
        order = np.lexsort((-table[value], ~firm, ~table.iloc[:, 0].isin(named)))
        table = table.iloc[order[:_BARS]]
        title = f"{title} Shown: {_BARS} of {every}."
    return lambda: figure(bars.by_group(table, value, **look), title)


def _rates(title: str, table: pd.DataFrame, *named: str) -> Callable[[], Picture]:
    """Rates by group, with k of n articles."""
    look = {"k": "articles", "n": "articles_all", "unit": "uses per 1,000 words"}
    return _bars(title, table, "per_1000", *named, **look)


# ---------------------------------------------------------------- the corpus


def the_corpus(study: Study) -> Claim:
    """How much there is, and how much of it can be tested."""
    sizes, groups = study.sizes, len(study.sizes)
    enough = (sizes >= Evidence.WORDS) & (sizes.sum() - sizes >= Evidence.WORDS)
    told = {"groups": groups, "by": plural(study.by, groups), "tested": enough.sum() or "none"}
    told |= {"words": study.measures.articles["words"].sum(), "period": _period(study.measures, "")}
    return claim("corpus.found", study, told)


def what_it_cannot_tell(study: Study) -> Claim | None:
    """The first thing, other than coverage, in which the groups differ."""
    table = study.rivals
    if table.empty:
        return None
    row, n = table.iloc[0], len(table)
    told = {"difference": str(row["difference"]).rstrip("."), "r": row, "n": n}
    told |= {"stand": "stands" if n == 1 else "stand"}
    told |= {"of": "outlets’" if study.by == "outlet" else "groups’"}
    return claim("rivals.found", study, told)


# ---------------------------------------------------------------- the story


def the_story(study: Study) -> Claim | None:
    """Whom each outlet of the focus story lets speak most."""
    focus = study.focus
    outlets = sorted(set(focus.labels(study.by)) - {""})
    n = len(focus.articles)
    if len(outlets) < 2 or (n == len(study.measures.articles) and not study.one_story):
        return None
    told = {"n": n, "outlets": listed(outlets), "period": _period(focus)}
    rivals = rivals_of(replace(study, measures=focus, _key=f"{study._key} focus"), *outlets)
    if not study.measures.description.focus:
        known = "dated" if (focus.articles["date"] != "").all() else "undated"
        rivals.insert(0, quality_note(study.measures, f"put_together_{known}"))
    heard = most_heard(focus, study.by)
    return _heard("story", study, heard, told, rivals, len(outlets))


def _heard(
    kind: str,
    study: Study,
    heard: pd.DataFrame,
    told: dict[str, Any],
    rivals: list[str],
    asked: int,
) -> Claim:
    """Whom two groups let speak most that share nobody, or all; or that single statements decide.

    Names one or two of a group; `asked` is the number of groups, also of those that name nobody.
    """
    heard = heard.sort_values(["share", "group"], ascending=[False, True])
    least = 2 if kind == "voices" and study.sizes.max() >= FEW else 1
    firm = sorted(_leaders(heard, least), key=lambda row: len(row["speakers"]))
    apart = (two for two in combinations(firm, 2) if not _meet(*(row["speakers"] for row in two)))
    pair = next(apart, firm[:1])
    told_of = [row["group"] for row in pair]
    near = heard.groupby("group", sort=False).head(NEAR)
    near = near.sort_values("group", key=lambda group: ~group.isin(told_of), kind="stable")
    shown = near.assign(who=near["group"] + ": " + near["speaker"])
    named = shown.loc[shown["group"].isin(told_of), "who"]
    look = {"unit": "share of the words of statements", "percent": True}
    groups = heard["group"].unique()
    same = len(firm) == len(groups) and len({row["who"] for row in firm}) == 1
    hangs = "one" if kind == "voices" and len(study.sizes) == 1 else "hangs"
    none = hangs if len(heard) else "nobody" if study.has_rules else "unmeasured"
    told |= {"heard": _in_words(near), "let": _let(groups, asked)}
    return claim(
        f"{kind}.{'different' if len(pair) > 1 else 'same' if same else none}",
        study,
        told | ({"one": pair[0], "other": pair[-1]} if pair else {}),
        rivals=rivals,
        picture=_bars("Who is heard most.", shown[["who", "share"]], "share", *named, **look)
        if len(heard)
        else None,
        figure=", ".join(_percent(row["share"]) for row in pair if len(pair) > 1 or same),
    )


def _let(groups: Sequence[str], asked: int) -> str:
    return (
        "all let" if len(groups) == asked > 2 else f"{listed(groups)} let{'s' * (len(groups) == 1)}"
    )


def _meet(some: list[str], others: list[str]) -> bool:
    """Whether two groups may hear one person most: "Renn" may be "Ida Renn"."""
    pairs = [(one, other) for one in some for other in others]
    return any(a == b or a == b.rpartition(" ")[2] or b == a.rpartition(" ")[2] for a, b in pairs)


def _leaders(heard: pd.DataFrame, least: int) -> list[dict[str, Any]]:
    """Whom each group hears most, one or two; not of groups in which more are as near.

    Each is heard in so many articles at least: one article does not speak for an outlet.
    """
    enough = heard["articles"].groupby(heard["group"]).transform("min") >= least
    by_group = [own for _, own in heard[enough].groupby("group", sort=False) if len(own) <= NEAR]
    named = [(own.iloc[0], own["speaker"].tolist()) for own in by_group]
    return [{**first, "speakers": names, "who": listed(names)} for first, names in named]


def _in_words(near: pd.DataFrame) -> str:
    """Who is heard most in the first four groups, with shares of all words of statements."""
    told = [say("{r.speaker!v} {r.share:.0%}", r=r).plain() for r in near.itertuples()]
    by_group = near.assign(told=told).groupby(["group", "words_all"], sort=False)["told"]
    said = [f"{group} {listed([*names])} (of {n:,} words)" for (group, n), names in by_group]
    return f"Of the words of others: {'; '.join(said[:_STARTS])}." * bool(said)


def no_story(study: Study) -> Claim:
    """Why there is no story that several outlets tell."""
    return claim("story.none", study)


def _period(measures: Measures, undated: str = ", undated") -> str:
    dates = sorted(date[:10] for date in measures.articles["date"] if date)
    return f", {' to '.join(dict.fromkeys([dates[0], dates[-1]]))}" if dates else undated


# ---------------------------------------------------------------- words


def words(study: Study) -> Claim:
    """The word that sets a group apart most surely, topic words left aside."""
    table = study.words
    tested = int(table["p"].notna().sum())
    passing = table["q"] < ALPHA
    firm = table[passing & (table["evidence"] == "") & (table["more_used_by"] != "")]
    free = firm[~firm["kind"].isin((TOPIC, *ASIDE))]
    if not tested:
        return _too_few("words", study)
    if free.empty:
        passed = listed([*map(str, firm["spelling"].unique())])
        case = "topical" if len(firm) else "chance"
        return claim(f"words.{case}", study, {"tested": tested, "passed": passed}, "tested")
    row = _surest(free, study.explained)
    up, down = ("target", "reference") if row["log_ratio"] > 0 else ("reference", "target")
    side = {REST: f"the other {plural(study.by)}"}
    more = side.get(row[up], row[up])
    high, low = _of(row, up), _of(row, down)
    passed = table.loc[passing, "term"].nunique()
    own = table[table["term"] == row["term"]].drop_duplicates("target")
    rates = own[["target", "per_1000_target", "articles_target", "articles_target_all"]]
    rates.columns = [study.by, "per_1000", "articles", "articles_all"]
    told = {"r": row, "tested": tested, "up": high, "down": low, "passed": passed}
    told |= {"more": more[:1].upper() + more[1:] if row[up] == REST else more}
    told |= {"uses": "use" if row[up] == REST else "uses", "less": side.get(row[down], row[down])}
    told |= {"times": _ratio(high["per_1000"], low["per_1000"])}
    told |= {"pass": "passes" if passed == 1 else "pass"}
    rivals = [*held_still(row), *rivals_of(study, row[up], row[down])]
    return claim(
        "words.found" if low["articles"] else "words.never",
        study,
        told,
        "tested" if row["sure"] else "confounded",
        _q(row["q"]) if row["sure"] else f"by {row['confounded']}",
        rivals,
        _rates(f"“{row['spelling']}” by {study.by}.", rates, row[up], row[down]),
        _q(row["q"]),
    )


def pictured(study: Study) -> dict[str, tuple[str, str, str]]:
    """What the page of words pictures: two sides and a word to mark, the headline's first."""
    row = words(study).headline.values.get("r")
    first = [] if row is None else [(row["target"], row["reference"], row["term"])]
    shown: dict[str, tuple[str, str, str]] = {}
    for one, other, term in first + [(g, study.others(g), "") for g in study.set_apart]:
        name = f"{one} and {'the others' if other == REST else other}"
        shown.setdefault(name, (one, other, term))
    return shown


def _of(row: pd.Series, side: str) -> dict[str, Any]:
    """A side's rate, the articles that hold the word, and all."""
    found = row[[f"per_1000_{side}", f"articles_{side}", f"articles_{side}_all"]]
    return dict(zip(("per_1000", "articles", "all"), found, strict=True))


def _surest(passing: pd.DataFrame, explained: pd.DataFrame) -> pd.Series:
    """The word with most evidence, of those that nothing else explains where there are such."""
    why = explained.set_index(_FINDING)[["confounded", *robustness.ASPECTS]].astype("object")
    known = passing.join(why, on=_FINDING).fillna(dict.fromkeys(why.columns, ""))
    ranked = known.assign(sure=known["confounded"] == "", z=known["log_odds_z"].abs())
    return ranked.sort_values(["sure", "z", "term"], ascending=[False, False, True]).iloc[0]


def held_still(row: pd.Series) -> Iterator[str]:
    """With what held still it was asked again in vain, and with what it could not be asked."""
    for name, verdict in (("not_again", robustness.FAILS), ("untold", robustness.UNKNOWN)):
        if aspects := [aspect for aspect in robustness.ASPECTS if row[aspect] == verdict]:
            yield note(f"robustness.{name}", aspects=listed(aspects))


def _ratio(high: float, low: float) -> str:
    """How many times as high one rate is as another; nothing where the other is none."""
    return f"{high / low:.1f}" if low else ""


def _too_few(kind: str, study: Study) -> Claim:
    """How many articles a test needs, beside how many there are; or that there is one group."""
    return claim(f"{kind}.{'nothing' if len(study.sizes) < 2 else 'few'}", study)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _q(value: float, name: str = "q") -> str:
    printed = printed_p(value)
    return f"{name} < {printed[1:]}" if printed[0] == "<" else f"{name} = {printed}"


# ---------------------------------------------------------------- voices


def voices(study: Study) -> Claim:
    """Whom the groups of four articles or more let speak most."""
    heard = most_heard(study.measures, study.by)
    firm = heard[heard["group"].isin(study.firm)]
    few = study.sizes.min() < FEW <= study.sizes.max()
    few_out = f" {plural(study.by).capitalize()} with fewer than {FEW} articles are left out."
    told = {"firm": few_out * bool(few)}
    rivals = rivals_of(study, *study.firm)
    return _heard("voices", study, firm, told, rivals, len(study.sizes))


# ---------------------------------------------------------------- names and themes


def names(study: Study) -> Claim:
    """Which names of the most contested referent are used, and which hardly."""
    if not study.has_rules:
        return claim("names.unmeasured", study)
    chosen = contested(study)
    if not chosen:
        found = len(study.names) and study.names["mentions"].any()
        return claim(f"names.{'words_alone' if found else 'none'}", study)
    used = _used(study.names)
    table = study.names[~study.names["house_style"] & (study.names["set"] == chosen)]
    own = used[used["set"] == chosen].sort_values(["mentions", "label"], ascending=[False, True])
    top, least = own.iloc[0], own.iloc[-1]
    rare = top["mentions"] >= _RARE * least["mentions"]
    also = own.iloc[1:3].query("mentions >= @top.mentions / 2" if rare else "mentions > 0")
    never = sorted({*table["label"]} - {*own["label"]})
    told = {"top": top, "least": least, "set": chosen, "n": own["mentions"].sum()}
    told |= {"own": own["narrator"].sum()}
    said = (say(", {r.label} {r.mentions:time}", r=r).plain() for r in also.itertuples())
    told |= {"also": "".join(said)}
    told |= {"never": f" Listed, and not found: {listed(never)}." * bool(never)}
    return claim(
        f"names.{'rare' if rare else 'compete'}",
        study,
        told,
        detail=_checked(table),
        rivals=["A name shows which word was at hand, and not who is right."],
        picture=lambda: figure(
            bars.by_voice(names_by_voice(study, chosen), unit="mentions"), f"Names for {chosen}."
        ),
        figure=f"{top['mentions']:,} : {least['mentions']:,}",
    )


def _used(table: pd.DataFrame) -> pd.DataFrame:
    """Names with their mentions, of all groups together; house style, and what is shown as words
    alone, set aside."""
    by_label = (
        table[~table["house_style"] & (table["shown"] != "words")]
        .groupby(["set", "label"], sort=False)[_MENTIONS]
        .sum()
    )
    return by_label[by_label["mentions"] > 0].reset_index()


def contested(study: Study) -> str:
    """The first set of the list, in its own order, of which several names are used often enough.

    Empty where no name was found.
    """
    if (used := _used(study.names)).empty:
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
    return f"{_percent(row['precision'])} of {row['coded']:.0f} hits read are right"


def names_by_voice(study: Study, of_set: str) -> pd.DataFrame:
    """The names of one referent, with their mentions by voice and the articles that hold them."""
    table = study.names
    own = table[(table["set"] == of_set) & (table["mentions"] > 0)]
    summed = own.groupby("label")[[*VOICES, "articles"]].sum().reset_index()
    return summed.rename(columns={"label": "entry"}).assign(of=study.counted["n_articles"].sum())


def themes_that_differ(study: Study) -> pd.DataFrame:
    """The differences that passed and do not hang on one word, the surest first."""
    tested = study.differences
    return tested[(tested["q"] < ALPHA) & (tested["hangs_on"] == "")] if len(tested) else tested


def themes(study: Study) -> Claim:
    """The theme that differs most surely between groups, or that none does."""
    table = study.themes
    if not study.has_rules:
        return claim("themes.unmeasured", study)
    if table.empty:
        return claim(
            "themes.none",
            study,
            {"why": " ".join(table.attrs.get("notes", [])) or "No list of themes."},
        )
    tested = study.differences
    passed = themes_that_differ(study)
    if tested.empty:
        return _too_few("themes", study)
    if passed.empty:
        told: dict[str, Any] = {
            "n": len(tested),
            "themes": len(tested[["set", "entry"]].drop_duplicates()),
        }
        told |= {"chance": (tested["p"] < ALPHA).sum(), "expected": ALPHA * len(tested)}
        unread = table[(table["shown"] == "not checked") & table["entry"].isin(tested["entry"])]
        caution = _checked(unread) if len(unread) else ""
        return claim("themes.chance", study, told, "described" if caution else "tested", caution)
    row = passed.iloc[0]
    of_theme = table[(table["set"] == row["set"]) & (table["entry"] == row["entry"])]
    group = row.index[0]
    checked = (of_theme["shown"] == "share").all()
    times = _ratio(*sorted(row[["per_1000", "per_1000_rest"]], reverse=True))
    case = "more" if row["per_1000"] > row["per_1000_rest"] else "less"
    rates = of_theme[[group, "per_1000", "articles", "articles_all"]]
    return claim(
        f"themes.{case}" if times else f"themes.never_{case}",
        study,
        {"r": row, "group": row[group], "times": times},
        "tested" if checked else "described",
        _q(row["q"]) if checked else _checked(of_theme),
        rivals_of(study, row[group]),
        _rates(f"“{row['entry']}” by {study.by}.", rates, row[group]),
        _q(row["q"]),
    )


# ---------------------------------------------------------------- likeness and copy


def alike(study: Study) -> Claim:
    """The two groups of four articles or more whose articles are most alike, and why."""
    across = study.across
    if across.empty:
        return claim("alike.nothing", study)
    several = across[(across["articles_a"] >= FEW) & (across["articles_b"] >= FEW)]
    shown = several if len(several) else across
    ranked = shown.sort_values(["cosine", "a", "b"], ascending=[False, True, True])
    row, tested = ranked.iloc[0], across["p_adjusted"].dropna()
    p = row["p_adjusted"]
    alone = "counted" if pd.isna(p) else "apart" if p < ALPHA else "same"
    # As near as the first one's mean may be off, where that is known, or else as the figure shows.
    close = ranked["cosine"] > row["cosine"] - max(_PRINTED, row["off"])
    case = ("close" if close.sum() > 1 else "most") if len(shown) > 1 else alone
    sure = _q(p, "p") if case in ("apart", "same") else ""
    look = {"unit": "mean cosine of their articles"}
    told = {"r": row, "n": len(shown), "tested": len(tested), "apart": (tested < ALPHA).sum()}
    told |= {"close": close.sum() - 1}
    told |= {"pairs": f"{row['pairs']:,} {'pair' if row['pairs'] == 1 else 'pairs'} of articles"}
    told |= {"few": f" with {FEW} articles or more" * bool(len(several))}
    told |= {"why": _why_alike(study, *sorted((row["a"], row["b"])))}
    return claim(
        f"alike.{case}",
        study,
        told,
        "tested" if sure else "described",
        sure,
        rivals_of(study, row["a"], row["b"]),
        None if case == "counted" else _bars(_ALIKE, _pairs(study, ranked), "cosine", **look),
        sure or f"{row['cosine']:.2f}",
    )


def _pairs(study: Study, ranked: pd.DataFrame) -> pd.DataFrame:
    """The pairs most alike by name; of a single one also how alike the articles within each are."""
    both = study.alike[["a", "b"]].isin([*ranked[["a", "b"]].iloc[0]]).all(axis=1)
    table = ranked.head(8) if len(ranked) > 1 else study.alike[both]
    two = (table["a"] + " – " + table["b"]).where(table["a"] != table["b"], "within " + table["a"])
    return table.assign(pair=two)[["pair", "cosine"]]


def _why_alike(study: Study, one: str, other: str) -> str:
    """What the two articles most alike of these groups share; nothing where they are not known."""
    nearest = study.nearest
    pair = nearest[(nearest["group_a"] == one) & (nearest["group_b"] == other)]
    if pair.empty:
        return ""
    shared = study.shared_words(study.measures, pair["a"].iloc[0], pair["b"].iloc[0])
    return f" Their closest two share {listed(shared)}." if shared else ""


def copy(study: Study) -> Claim:
    """How many articles share copy with one of another outlet."""
    across = study.copy[study.copy["outlet_a"] != study.copy["outlet_b"]]
    if across.empty:
        return claim("copy.none", study)
    most = across.sort_values(["containment", "a", "b"], ascending=[False, True, True]).iloc[0]
    named = across.assign(pair=across["outlet_a"] + " – " + across["outlet_b"])
    named = named.head(8)[["pair", "containment"]]
    look = {"unit": "share of the shorter article’s five-word runs", "percent": True}
    picture = _bars("Pairs of articles that share most copy.", named, "containment", **look)
    told = {"r": most, "k": len({*across["a"], *across["b"]})}
    return claim("copy.found", study, told, picture=picture, figure=_percent(most["containment"]))


Rule = Callable[[Study], Claim | None]
_ORDER: tuple[Rule, ...] = (words, voices, names, themes, alike, copy)
RULES: dict[str, Rule] = {"story": the_story} | {rule.__name__: rule for rule in _ORDER}
