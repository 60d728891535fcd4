"""Tables as pages show them: which rows, and under which names their columns.

The columns stand in ``templates/tables.toml``. Nothing is computed here that `compare` does not
compute; every function gives an empty table where a corpus has nothing of the kind, and the notes
say why.
"""

import numpy as np
import pandas as pd

from analysis.compare import quality, reuse, similarity, sourcing, usage
from analysis.compare.ground.inference import ALPHA, DESCRIBED, REST
from analysis.compare.sourcing import NOBODY, UNLISTED
from analysis.errors import AnalysisError
from analysis.measure.evidence import evidence as evidence_of
from analysis.measure.schema import VOICES
from analysis.measure.tokens import fold
from analysis.report import findings
from analysis.report.study import COLUMNS, FEW, READ, Study, nothing, telling

_WORDS = 6  # words or sides of a chooser
_SENTENCES = 5  # of an article stand behind a theme
_LISTED = 12  # themes or names of a chooser


def shaped(name: str, study: Study, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The columns that ``templates/tables.toml`` lists under this name; the notes stay.

    The rows are the study's table of this name, unless others are given. Without a row: an empty
    table.
    """
    rows = getattr(study, name) if rows is None else rows
    told = {"by": study.by, "first": study.pair[0], "second": study.pair[1]}
    told["kind"] = study.speakers_as
    notes = list(rows.attrs.get("notes", []))
    if rows.empty:
        return nothing(*notes)
    named = rows.replace({side: {REST: "the others"} for side in ("reference", "more_used_by")})
    made = {}
    for head, text in COLUMNS[name].items():
        column = text.replace("{by}", study.by).replace("{kind}", study.speakers_as)
        cells = named[column] if "{" not in column else named.apply(column.format_map, axis=1)
        if "%" in column:  # where a share is not known, nothing
            cells = cells.str.replace("nan%", "").str.replace("%", " %")
        made[head.format(**told)] = cells.to_numpy()
    shown = pd.DataFrame(made)
    shown.attrs["notes"] = notes
    return shown


# ---------------------------------------------------------------- corpus


def removed(study: Study) -> pd.DataFrame:
    """What was taken out of articles, by outlet and kind."""
    table = study.measures.removed
    if "article" not in table:
        return nothing()
    outlet = study.whole.articles.set_index("id")["outlet"]
    table = table.assign(outlet=outlet.reindex(table["article"]).to_numpy(object))
    summed = {name: (name, "sum") for name in ("lines", "words")}
    groups = table.groupby(["outlet", "kind"])
    by_kind = groups.agg(**summed, articles=("article", "nunique")).reset_index()
    return by_kind.sort_values(["words", "outlet"], ascending=[False, True])


def off_topic(study: Study) -> pd.DataFrame:
    """Articles that hold too few of the topic's words, and were set aside."""
    named = {"topic_uses": "uses of the topic's words"}
    return study.whole.off_topic.drop(columns="id").rename(columns=named)


# ---------------------------------------------------------------- words


def _times(table: pd.DataFrame) -> pd.DataFrame:
    """How many times as high the higher of two rates is; blank where the other side has none."""
    rates = table[["per_1000_target", "per_1000_reference"]]
    low = rates.min(axis=1)
    return table.assign(times=rates.max(axis=1) / low.where(low > 0))


def passing(study: Study) -> pd.DataFrame:
    """All words that passed a test: who uses each more, rates, articles, q."""
    table = study.words[study.words["q"] < ALPHA]
    table = table.sort_values("log_odds_z", key=abs, ascending=False)
    return shaped("passing", study, _times(table))


def two(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """One contrast of a keyness table, its columns named after its sides."""
    firm = table[table["evidence"] == ""]
    return shaped("two", study, _times(firm if len(firm) else table))


def in_voice(study: Study, voice: str) -> pd.DataFrame:
    """The two groups' telling words in one voice alone, described."""
    chosen = study.described(*study.pair, voice, lambda m: m.select(voice=voice))
    return two(study, telling(chosen))


def without_copies(study: Study) -> pd.DataFrame:
    """The two groups' telling words where articles that share copy with another are left out."""
    return two(study, telling(study.described(*study.pair, "without copy", reuse.independent)))


def timed(study: Study) -> list[str]:
    """Words whose weeks are pictured: what passed, and what sets groups apart; none undated."""
    passed = telling(passing(study))
    told = [spelling for _, terms in findings.starting_terms(study) for _, spelling in terms]
    words = dict.fromkeys([*passed.get("word", ()), *told])
    return list(words)[:_WORDS] if study.weeks.nunique() > 1 else []


def weekly(study: Study, word: str) -> pd.DataFrame:
    """A word per 1,000 words of each week and voice, with k of n articles; dated ones only."""
    weeks, own = study.weeks, study.measures.terms
    own = own[own["term"] == fold(word)].astype({"article": "str"})
    used = own.pivot_table(index="article", columns="voice", values="count", aggfunc="sum")
    used = used.reindex(weeks.index, columns=list(VOICES)).fillna(0)
    sizes = study.measures.articles.set_index("id")["words"].reindex(weeks.index)
    rates = 1000 * used.groupby(weeks).sum().div(sizes.groupby(weeks).sum(), axis=0)
    held = (used.sum(axis=1) > 0).groupby(weeks).sum()
    table = rates.assign(articles=held, of=weeks.value_counts()).rename_axis("week").reset_index()
    table.attrs["unparted"] = not study.has_rules
    return table


def locked(study: Study) -> pd.DataFrame:
    """The words that the two groups use most nearly alike."""
    first, second = study.pair
    table = study.against(first, second) if first else study.words.head(0)
    if table.empty:
        return two(study, table)
    return two(study, table.set_index("term", drop=False).loc[usage.locked(table)["term"]])


# ---------------------------------------------------------------- voices


def speakers(study: Study) -> pd.DataFrame:
    """Who is heard, by group: all speakers that are named."""
    table = study.speakers[~study.speakers["speaker"].isin(NOBODY)]
    table = table.sort_values(["words", "speaker"], ascending=[False, True])
    return shaped("speakers", study, table)


def sides_in(study: Study, part: str) -> pd.DataFrame:
    """Shares of the sides in the articles of one stage or week, described."""
    return study.spoken(
        f"sides, {part}",
        lambda: sourcing.shares(
            study.measures.keep(study.parts[part]), study.by, study.heard_as, plan=DESCRIBED
        ),
    )


def heard_first(study: Study) -> list[str]:
    """The sides, or roles, that articles hear first, most often heard first."""
    if study.first.empty:
        return []
    often = study.first.groupby(study.speakers_as)["first"].sum().sort_index()
    unlisted = UNLISTED[study.speakers_as]  # it says least, and comes last
    return sorted(often[often > 0].nlargest(_WORDS).index, key=unlisted.__eq__)


def accuracy(study: Study) -> pd.DataFrame:
    """How well statements are found in hand-coded news, where rules were used here at all."""
    table = quality.accuracy().set_index("part")
    table = table.drop(columns=["n_gold", "n_found"], errors="ignore")
    table.columns = table.columns.str.replace("_", " ")
    return table.T.rename_axis("figure") if study.has_rules else pd.DataFrame({"figure": []})


# ---------------------------------------------------------------- names and themes


def name_sets(study: Study, most: int = _LISTED) -> list[str]:
    """What has competing names here: the page's own finding first, then most mentioned."""
    named = _most(study.rated, "name", "set", most)
    return sorted(named, key=lambda name: name != findings.contested(study))


def theme_names(study: Study, most: int = 8) -> list[str]:
    """Themes whose rates may be shown: the page's own finding first, then those with most words."""
    told = findings.themes_that_differ(study).head(1)
    first = {*told.merge(study.hits, on=["set", "entry"])["called"]} if len(told) else set()
    every = _most(study.rated, "theme", "called", len(study.rated))
    return sorted(every, key=lambda theme: theme not in first)[:most]


def told_by(study: Study) -> list[str]:
    """The names of the set most contested, and all themes: what has its articles and sentences."""
    named = study.hits[study.hits["set"].isin(name_sets(study)[:1])]
    themes = _most(study.hits, "theme", "called", len(study.hits))
    return [*_most(named, "name", "called", 8), *themes]


def _most(hits: pd.DataFrame, kind: str, column: str, most: int) -> list[str]:
    own = hits[hits["kind"] == kind]
    if own.empty:
        return []
    total = own[list(VOICES)].sum(axis=1).groupby(own[column]).sum().reset_index(name="n")
    order = total.sort_values(["n", column], ascending=[False, True])
    return order.loc[order["n"] > 0, column].head(most).tolist()


def theme_rates(study: Study, theme: str) -> pd.DataFrame:
    """A theme's words per 1,000 by group and voice, with k of n articles."""
    own = study.hits[study.hits["called"] == theme]
    own = own.groupby("group")[[*VOICES, "articles"]].sum()
    own = own.reindex(study.counted.index, fill_value=0).astype(float)  # who has none shows it
    own[list(VOICES)] = 1000 * own[list(VOICES)].div(study.counted["tokens"], axis=0)
    return own.assign(of=study.counted["n_articles"]).reset_index()


def listed(study: Study, name: str) -> pd.DataFrame:
    """Names or themes that are found, as ``templates/tables.toml`` lists them under this name.

    "names": by group and voice. "names_of_articles", "themes_of_articles": shares of articles
    beside those of mentions, or rates. "words_alone": themes of which no rate is shown.
    """
    if name.startswith("names"):
        table = study.names[study.names["mentions"] > 0]
        others = table["set"] != findings.contested(study)
        table = table.iloc[np.argsort(others, kind="stable")]
    else:
        table = study.themes[study.themes["hits"] > 0]
    alone = (table["shown"] == "words") == (name == "words_alone")
    return shaped(name, study, table if name == "names" else table[alone])


def hit_by_hit(study: Study) -> pd.DataFrame:
    """Every hit of articles that were read whole, and whether it is right."""
    table = study.hit_by_hit
    outlets = study.measures.labels("outlet").reindex(table["article"]).to_numpy(object)
    return shaped("hit_by_hit", study, table.assign(outlet=outlets))


def prominence(study: Study, kind: str) -> pd.DataFrame:
    """Whether headline and lead hold more of a theme ("indicators") or name ("naming")."""
    table = study.prominence(kind)
    return shaped("prominence", study, table[(table["articles"] > 0) & (table["shown"] != "words")])


def evidence(study: Study, entry: str) -> pd.DataFrame:
    """The articles behind the hits of a name or theme; with the texts at hand, sentences."""
    of_set, label = study.hits.loc[study.hits["called"] == entry, ["set", "entry"]].iloc[0]
    table = evidence_of(study.measures, label, study.sentences, of_set=of_set)
    shown = shaped("evidence", study, _named(study, table, article="article"))
    if "passages" not in table:
        return shown
    said = [
        [line.replace("narrator:", "own:", 1) for line in lines[: _SENTENCES * (at < READ)]]
        for at, lines in enumerate(table["passages"])
    ]
    return shown.assign(passages=said)


def _named(study: Study, table: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """With what articles are called, under new names of columns of ids."""
    called = {
        new: study.called.reindex(table[ids]).to_numpy(object) for new, ids in columns.items()
    }
    return table.assign(**called)


# ---------------------------------------------------------------- likeness


def tree(study: Study) -> pd.DataFrame:
    """How groups of four articles or more (else of two) join, and in ``attrs["order"]`` the order.

    No row below four groups: there a tree shows nothing that the cosines do not.
    """
    sizes = study.sizes
    firm = sizes.index[sizes >= FEW].tolist()  # a pair of articles is nobody's darkest square
    several = firm if len(firm) > 1 else sizes.index[sizes > 1].tolist()
    shown = sorted(several if len(several) > 1 else sizes.index)
    try:
        drawn = study.measures.select(**{study.by: shown}) if len(shown) > 3 else study.measures
        joined = similarity.clusters(drawn, study.by)
        joined.attrs["order"] = [name for name in joined.attrs["order"] if name in shown]
        return joined
    except AnalysisError:
        alone = pd.DataFrame({"step": [], "a": [], "b": [], "distance": []})
        alone.attrs["order"] = shown
        return alone


def closest_pairs(study: Study) -> pd.DataFrame:
    """The two articles most alike of every two groups, named, with the words they share."""
    table = _named(study, study.nearest.head(_LISTED), article_a="a", article_b="b")
    pairs = zip(table["a"], table["b"], strict=True) if len(table) else ()
    shared = [study.shared_words(study.measures, *ids) for ids in pairs]
    return shaped("pairs", study, table.assign(why=[", ".join(words) for words in shared]))


def copies(study: Study) -> pd.DataFrame:
    """Pairs of articles that share copy, named."""
    return shaped("copies", study, _named(study, study.copy, article_a="a", article_b="b"))


def stories(study: Study) -> pd.DataFrame:
    """Stories that two outlets or more tell, with their outlets, days and telling words."""
    table = study.stories
    own = table[table["outlets"] > 1]
    if own.empty:
        return shaped("stories", study, own)
    told = own.assign(day=own["date"].str.slice(0, 10).replace("", None))
    told["named"] = study.called.reindex(told["article"]).to_numpy(object)
    rows = told.groupby("story", sort=False).agg(
        articles=("article", "size"),
        names=("outlet", lambda names: ", ".join(sorted({*names}))),
        low=("day", "min"),
        high=("day", "max"),
        undated=("dated", lambda dated: int((~dated).sum())),
        named=("named", "first"),
    )
    rows = rows.reset_index().fillna({"low": "", "high": ""})
    rows.attrs["notes"] = list(table.attrs.get("notes", []))
    return shaped("stories", study, rows)
