"""Tables as pages show them: which rows and columns, under which names.

Nothing is computed here that `compare` does not compute; every function gives an empty table where
a corpus has nothing of the kind, and the notes say why.
"""

from __future__ import annotations

import pandas as pd

from analysis.compare import framing, quality, similarity, sourcing, usage, vocabulary
from analysis.compare.ground.groups import REST
from analysis.compare.ground.inference import ALPHA, DESCRIBED, Evidence
from analysis.errors import AnalysisError
from analysis.measure.evidence import evidence as evidence_of
from analysis.measure.schema import VOICES
from analysis.report import findings
from analysis.report.study import FEW, Study

_LISTED = 12  # themes or names of a chooser


def _empty(table: pd.DataFrame, *needed: str) -> bool:
    return table.empty or not {*needed} <= {*table.columns}


def _with_notes(table: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    table.attrs["notes"] = list(of.attrs.get("notes", []))
    return table.reset_index(drop=True)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"nothing": pd.Series([], dtype="str")})


# ---------------------------------------------------------------- corpus


def removed(study: Study) -> pd.DataFrame:
    """What was taken out of articles, by outlet and kind."""
    table = study.measures.removed.drop(columns="sha256", errors="ignore")
    if "article" not in table:
        return table
    outlet = study.whole.articles.set_index("id")["outlet"]
    table = table.assign(outlet=outlet.reindex(table["article"]).to_numpy(object))
    by_kind = table.groupby(["outlet", "kind"])[["lines", "words"]].sum()
    by_kind["articles"] = table.groupby(["outlet", "kind"])["article"].nunique()
    return by_kind.reset_index().sort_values(["words", "outlet"], ascending=[False, True])


def off_topic(study: Study) -> pd.DataFrame:
    """Articles that hold too few of the topic's words, and were set aside."""
    named = {"topic_uses": "uses of the topic's words"}
    return study.whole.off_topic.drop(columns="id").rename(columns=named)


def detectable(study: Study) -> pd.DataFrame:
    """The smallest difference that each tested comparison would have shown."""
    table = study.detectable
    if _empty(table, "smallest_ratio"):
        return _nothing()
    others = table["reference"].where(table["reference"] != REST, "the others")
    return _with_notes(
        pd.DataFrame(
            {
                "compared": table["target"] + " and " + others,
                "its articles": table["articles_target"],
                "the other's": table["articles_reference"],
                "times as often, at least": table["smallest_ratio"],
                "share found at twice": table["found_2"],
                "share found at 3 times": table["found_3"],
                "share found at 4 times": table["found_4"],
            }
        ),
        table,
    )


# ---------------------------------------------------------------- words


def passing(study: Study) -> pd.DataFrame:
    """All words that passed a test: who uses each more, rates, articles, q."""
    table = study.words
    if _empty(table, "q"):
        return _nothing()
    own = table[table["q"] < ALPHA]
    shown = pd.DataFrame(
        {
            "word": own["spelling"],
            "term": own["term"],
            "used more by": own["more_used_by"].where(own["more_used_by"] != REST, "the others"),
            "compared": own["target"]
            + " and "
            + own["reference"].where(own["reference"] != REST, "the others"),
            "times": _times(own),
            "in articles": _of(own, "target"),
            "of the others": _of(own, "reference"),
            "q": own["q"],
            "remark": own["evidence"],
        }
    )
    order = shown.assign(z=own["log_odds_z"].abs()).sort_values("z", ascending=False).index
    return _with_notes(shown.loc[order].drop(columns="term"), table)


def _times(table: pd.DataFrame) -> pd.Series:
    """How many times as high the higher of two rates is; blank where the other side has none."""
    rates = table[["per_1000_target", "per_1000_reference"]]
    return rates.max(axis=1) / rates.min(axis=1).where(lambda low: low > 0)


def _of(table: pd.DataFrame, side: str) -> pd.Series:
    return (
        table[f"articles_{side}"].astype(str) + " of " + table[f"articles_{side}_all"].astype(str)
    )


def two(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """One contrast of a keyness table, its columns named after its sides."""
    first, second = study.pair
    own = table[table["evidence"] == ""] if "evidence" in table else table
    if _empty(own, "spelling"):
        return _nothing()
    return _with_notes(
        pd.DataFrame(
            {
                "word": own["spelling"],
                f"{first} per 1,000": own["per_1000_target"],
                f"{first}, articles": _of(own, "target"),
                f"{second} per 1,000": own["per_1000_reference"],
                f"{second}, articles": _of(own, "reference"),
                "times": _times(own),
                "used more by": own["more_used_by"],
                "q": own["q"],
            }
        ),
        table,
    )


def in_voice(study: Study, voice: str) -> pd.DataFrame:
    """The two groups' words in one voice alone, described."""
    first, second = study.pair
    chosen = study.measures.select(voice=voice)
    return two(
        study,
        study.kept(
            f"{first} and {second}, {voice}",
            lambda: vocabulary.keyness(chosen, study.by, first, second, plan=DESCRIBED),
        ),
    )


def contrasts(study: Study) -> pd.DataFrame:
    """Every comparison of the plan, one row each."""
    if _empty(study.words, "q"):
        return _nothing()
    table = vocabulary.summary(study.words)
    table["reference"] = table["reference"].where(table["reference"] != REST, "the others")
    return table.rename(
        columns={
            **{"target": "first", "reference": "second", "terms": "words listed"},
            **{"articles_target": "its articles", "articles_reference": "the other's articles"},
            **{"words_target": "first's words", "words_reference": "second's words"},
        }
    )


def silences(study: Study) -> pd.DataFrame:
    """Words that most groups use and one of ten articles or more does not."""
    table = study.kept("silences", lambda: usage.silence(study.measures, study.by))
    if _empty(table, "group"):
        return _nothing()
    own = table[table["n_articles"] >= int(Evidence.WORDS)]
    return _with_notes(
        pd.DataFrame(
            {
                "word": own["spelling"],
                "not used by": own["group"],
                "its articles": own["n_articles"],
                "of its articles at most": own["upper_bound"].map("{:.0%}".format),
                "articles of others with it": own["articles_elsewhere"],
                "others' articles": own["n_elsewhere"],
            }
        ),
        table,
    )


def locked(study: Study) -> pd.DataFrame:
    """The words that the two groups use most nearly alike."""
    first, second = study.pair
    table = study.against(first, second) if first else _nothing()
    if "log_ratio_low" not in table:
        return _nothing()
    alike = usage.locked(table)["term"]
    return two(study, table.set_index("term", drop=False).loc[alike])


# ---------------------------------------------------------------- voices


def speakers(study: Study) -> pd.DataFrame:
    """Who is heard, by group: all speakers that are named."""
    table = study.speakers
    if _empty(table, "speaker"):
        return _nothing()
    own = table[~table["speaker"].isin(["", "unattributed"])]
    own = own.rename(columns={"group": study.by, "marked_words": "quoted words"})
    return own.sort_values(["words", "speaker"], ascending=[False, True], ignore_index=True)


def sources(study: Study) -> pd.DataFrame:
    """How many different sources are heard, how official, how evenly the sides."""
    table = study.spoken("sources", lambda: sourcing.diversity(study.measures, study.by))
    columns = ["articles", "statements", "speakers", "speakers_in_five", "officials_share"]
    if _empty(table, *columns, "entropy"):
        return _nothing()
    named = {"speakers_in_five": "in five articles", "officials_share": "share of officials"}
    named |= {"entropy": "evenness of sides, bits", "speakers": "sources"}
    return _with_notes(table[[table.columns[0], *columns, "entropy"]].rename(columns=named), table)


def first_voices(study: Study) -> pd.DataFrame:
    """Which side is heard first, in how many articles of each group."""
    table = study.first
    columns = [study.by, "side", "first", "articles_all", "first_share"]
    if _empty(table, *columns):
        return _nothing()
    named = {"first": "heard first in", "first_share": "share of articles"}
    return _with_notes(table[columns].rename(columns=named), table)


def cues(study: Study) -> pd.DataFrame:
    """Verbs that introduce statements, by side."""
    table = study.cues
    columns = ["cue", "class", "side", "statements", "share", "articles", "forms"]
    if _empty(table, *columns):
        return _nothing()
    named = {"cue": "verb", "class": "kind of verb", "share": "share of the side's statements"}
    return _with_notes(table[columns].rename(columns=named), table)


def accuracy(study: Study) -> pd.DataFrame:
    """How well statements are found in hand-coded news, where rules were used here at all."""
    if not study.has_rules:
        return _nothing()
    table = (
        quality.accuracy().set_index("part").drop(columns=["n_gold", "n_found"], errors="ignore")
    )
    table.columns = table.columns.str.replace("_", " ")
    return table.T.rename_axis("figure")


def missed(study: Study) -> pd.DataFrame:
    """Which quotations of the hand-coded news are missed."""
    return quality.missed() if study.has_rules else _nothing()


# ---------------------------------------------------------------- names and themes


def name_sets(study: Study, most: int = _LISTED) -> list[str]:
    """What has competing names here: the page's own finding first, then most mentioned."""
    named = _most(study, "name", "set", most)
    return sorted(named, key=lambda name: name != findings.contested(study))


def theme_names(study: Study, most: int = 8) -> list[str]:
    """The themes with most words here."""
    return _most(study, "theme", "entry", most)


def _most(study: Study, kind: str, column: str, most: int) -> list[str]:
    table = study.hits
    if _empty(table, "kind"):
        return []
    own = table[table["kind"] == kind]
    if "q" in study.themes and kind == "theme" and "lexicon" in study.themes:
        own = own[own["entry"].isin(study.themes["entry"])]
    total = own[list(VOICES)].sum(axis=1).groupby(own[column]).sum().reset_index(name="n")
    order = total.sort_values(["n", column], ascending=[False, True])
    return order.loc[order["n"] > 0, column].head(most).tolist()


def name_labels(study: Study) -> list[str]:
    """The names of the set that is most contested."""
    sets = name_sets(study)
    table = study.hits
    return (
        table.loc[table["set"].isin(sets[:1]), "entry"].drop_duplicates().tolist() if sets else []
    )


def theme_rates(study: Study, theme: str) -> pd.DataFrame:
    """A theme's words per 1,000 by group and voice, with k of n articles."""
    own = study.hits[study.hits["entry"] == theme]
    own = own.groupby("group")[[*VOICES, "articles"]].sum().reset_index()
    labels = study.measures.labels(study.by)
    words = study.measures.articles.set_index("id")["words"].groupby(labels).sum()
    for voice in VOICES:
        own[voice] = 1000 * own[voice] / own["group"].map(words)
    return own.assign(of=own["group"].map(study.sizes))


def names_used(study: Study) -> pd.DataFrame:
    """Names by group and voice."""
    table = study.names
    if _empty(table, "mentions"):
        return _nothing()
    own = table[table["mentions"] > 0]
    own = own.assign(found=own["articles"].astype(str) + " of " + own["articles_all"].astype(str))
    columns = ["set", study.by, "label", "mentions", "share", *VOICES, "found"]
    named = {"set": "names for", "label": "name", "share": "share of mentions", "narrator": "own"}
    named |= {"found": "in articles"}
    return _with_notes(own[columns].rename(columns=named), table)


def theme_tests(study: Study) -> pd.DataFrame:
    """Themes by group that could be tested."""
    if _empty(study.themes, "q"):
        return _nothing()
    table = framing.differences(study.themes)
    columns = [study.by, "entry", "articles", "articles_all", "per_1000", "per_1000_rest", "p", "q"]
    named = {"per_1000_rest": "the others, per 1,000", "hangs_on": "hangs on one word"}
    return _with_notes(table[[*columns, "hangs_on"]].rename(columns=named), study.themes)


def list_quality(study: Study) -> pd.DataFrame:
    """How often each list picks the right one of two hand-coded articles."""
    return quality.frames(study.measures)


def evidence(study: Study, entry: str) -> pd.DataFrame:
    """The articles behind the hits of a name or theme; with the texts at hand, sentences."""
    texts = study.texts if len(study.texts) else None
    table = evidence_of(study.measures, entry, texts)
    named = study.called.reindex(table["article"]).to_numpy(object)
    shown = pd.DataFrame({"article": named, "outlet": table["outlet"], "date": table["date"]})
    shown["uses"] = table["count"]
    shown = shown.assign(own=table["narrator"], reported=table["reported"], quoted=table["quoted"])
    shown["url"] = table["url"]
    if "passages" in table:
        shown["passages"] = table["passages"]
    return _with_notes(shown, table)


# ---------------------------------------------------------------- likeness


def order(study: Study) -> list[str]:
    """Groups of four articles or more (else of two), those alike beside each other."""
    sizes = study.sizes
    firm = sizes.index[sizes >= FEW].tolist()  # a pair of articles is nobody's darkest square
    several = firm if len(firm) > 1 else sizes.index[sizes > 1].tolist()
    if len(several) < 2:
        return sorted(sizes.index)
    try:
        tree = similarity.clusters(study.measures, study.by)
    except AnalysisError:
        return sorted(several)
    return [name for name in tree.attrs["order"] if name in several]


def closest_pairs(study: Study) -> pd.DataFrame:
    """The two articles most alike of every two groups, named, with the words they share."""
    table = study.nearest
    if _empty(table, "cosine"):
        return _nothing()
    own = table.head(_LISTED)
    return _with_notes(
        pd.DataFrame(
            {
                "article": study.called.reindex(own["a"]).to_numpy(object),
                "of": own["group_a"],
                "most like": study.called.reindex(own["b"]).to_numpy(object),
                "of ": own["group_b"],
                "cosine": own["cosine"],
                "because of": [
                    _shared(study, *ids) for ids in own[["a", "b"]].itertuples(index=False)
                ],
            }
        ),
        table,
    )


def _shared(study: Study, a: str, b: str) -> str:
    return ", ".join(study.shared_words(study.measures, a, b))


def copies(study: Study) -> pd.DataFrame:
    """Pairs of articles that share copy, named."""
    table = study.copy
    if _empty(table, "containment"):
        return _nothing()
    return _with_notes(
        pd.DataFrame(
            {
                "article": study.called.reindex(table["a"]).to_numpy(object),
                "of": table["outlet_a"],
                "shares copy with": study.called.reindex(table["b"]).to_numpy(object),
                "of ": table["outlet_b"],
                "share": table["containment"],
                "longest run of words": table["longest"],
                "level": table["level"],
            }
        ),
        table,
    )


def stories(study: Study) -> pd.DataFrame:
    """Stories that two outlets or more tell, with their outlets, days and telling words."""
    table = study.stories
    if _empty(table, "outlets"):
        return _nothing()
    own = table[table["outlets"] > 1]
    rows = [_story(study, name, part) for name, part in own.groupby("story", sort=False)]
    return _with_notes(pd.DataFrame(rows), table) if rows else _nothing()


def _story(study: Study, name: object, part: pd.DataFrame) -> dict[str, object]:
    dates = sorted(date[:10] for date in part["date"] if date)
    return {
        "story": name,
        "articles": len(part),
        "outlets": ", ".join(sorted(set(part["outlet"]))),
        "from": dates[0] if dates else "",
        "to": dates[-1] if dates else "",
        "undated": int((~part["dated"]).sum()),
        "such as": study.called.get(part["article"].iloc[0], ""),
    }


def outlet_tests(study: Study) -> pd.DataFrame:
    """Mean cosine across two outlets, against their own baseline; tested where n allows."""
    table = study.alike
    if _empty(table, "cosine"):
        return _nothing()
    own = table[table["a"] != table["b"]]
    columns = ["a", "b", "articles_a", "articles_b", "cosine", "baseline", "difference", "low"]
    columns += ["high", "r2", "p_adjusted"]
    named = {"a": study.by, "b": "and", "articles_a": "its articles", "articles_b": "the other's"}
    named |= {"r2": "R²", "p_adjusted": "p, adjusted"}
    return _with_notes(own[columns].rename(columns=named), table)
