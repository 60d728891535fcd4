"""What there is to compare, and what its numbers allow (docs/methods.md)."""

import dataclasses
import json
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.ground.inference import Evidence, ordered, permitted, with_notes
from analysis.compare.stories import stories
from analysis.errors import counted
from analysis.measure.measures import Measures
from analysis.notes import note, some

_SHOWN = 4
_UNTAGGED = {"id", "date", "title", "url", "agency", "text_sha256"}


def focus(measures: Measures, **filters: str | list[str]) -> Measures:
    """The articles that a question is about, where the corpus has such; else all of them.

    For notebooks that run on any corpus and look at one part of some first: as `Measures.select`,
    but a column or value that the corpus does not have selects everything, and the notes say so.
    """
    columns = {*measures.articles.columns, *measures.outlets.columns}
    for column, value in filters.items():
        values = [value] if isinstance(value, str) else value
        if column not in columns or not measures.labels(column).isin(values).any():
            named = " or ".join(values)
            why = note("corpus.no_focus", column=column, value=named)
            return dataclasses.replace(measures, notes=(*measures.notes, why))
    return measures.select(**filters)


def overview(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Size and period of each group.

    Returns
    -------
    DataFrame
        One row per group, most articles first: the group; articles; words (tokens of lead and
        body) and median_words per article; quoted_share (of words inside quotation marks);
        credited (articles that credit a news agency); dated (articles with a date), first_date
        and last_date (ISO, empty where none is known).
    """
    table = measures.articles.assign(group=measures.labels(by).to_numpy())
    table["known"] = table["date"].where(table["date"] != "")
    grouped = table.groupby("group", sort=True)
    out = pd.DataFrame(
        {
            "articles": grouped.size(),
            "words": grouped["words"].sum(),
            "median_words": grouped["words"].median(),
            "quoted_share": grouped["quoted_words"].sum() / grouped["words"].sum(),
            "credited": grouped["agency"].agg(lambda a: int((a != "").sum())),
            "dated": grouped["known"].count(),
            "first_date": grouped["known"].min().fillna(""),
            "last_date": grouped["known"].max().fillna(""),
        }
    )
    out = ordered(out.rename_axis(by).reset_index(), ["articles", by], ["articles"])
    notes = [note("corpus.size", n=len(table), words=table["words"].sum())]
    return with_notes(out, notes, measures)


def lengths(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Words of every article: group, id, date, words; groups with most articles first."""
    table = measures.articles[["id", "date", "words"]].copy()
    table.insert(0, by, measures.labels(by).to_numpy())
    table["articles"] = table.groupby(by)["id"].transform("size")
    out = ordered(table, ["articles", by, "words", "id"], ["articles"])
    return with_notes(out.drop(columns="articles"), [], measures)


def agencies_credited(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """News agencies credited: agency, group, articles (k) of n_articles, share (k / n)."""
    table = measures.articles[["id", "agency"]].copy()
    table[by] = measures.labels(by).to_numpy()
    n = table.groupby(by)["id"].size()
    table["agency"] = table["agency"].str.split(", ")
    named = table.explode("agency")
    named = named[named["agency"] != ""]
    out = named.groupby(["agency", by])["id"].nunique().rename("articles").reset_index()
    out["n_articles"] = out[by].map(n).astype("int64")
    out["share"] = out["articles"] / out["n_articles"]
    notes = [note("corpus.credit")]
    out = ordered(out, ["articles", "agency", by], ["articles"])
    return with_notes(out, notes, measures)


def allowed(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """What may be said of each group against all others together.

    Returns
    -------
    DataFrame
        One row per group, most articles first: the group; articles; others (articles of all
        other groups); permits, in words.
    """
    sizes = measures.labels(by).value_counts()
    out = sizes.rename_axis(by).reset_index(name="articles")
    out["others"] = len(measures.articles) - out["articles"]
    of_both = out[["articles", "others"]].min(axis=1)
    out["permits"] = [_permits(permitted(n)) for n in of_both]
    out = ordered(out, ["articles", by], ["articles"])
    levels = "; ".join(
        f"from {level:d} article{'s' * (level > 1)} {_permits(level)}"
        for level in list(Evidence)[1:]
    )
    return with_notes(out, [note("corpus.levels", levels=levels)], measures)


def _permits(level: Evidence) -> str:
    return note(f"permits.{level:d}")


def imbalances(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Where groups differ in something else than their coverage: date, length, origin, tags.

    Returns
    -------
    DataFrame
        aspect, difference (in words, with its figures), caution. Empty where nothing differs.
    """
    groups = measures.labels(by)
    if groups.nunique() < 2:
        return with_notes(pd.DataFrame(columns=["aspect", "difference", "caution"]), [], measures)
    table = measures.articles.assign(group=groups.to_numpy())
    found = [*_dates(table), *_lengths(table), *_agency(table)]
    for tag in [c for c in table.columns if c not in {*_UNTAGGED, by, "group", "outlet"}]:
        if table[tag].dtype == "str":
            found += _tag(table, tag)
    rows = [
        (aspect, note(f"corpus.{name}", **told), note(f"corpus.{name}_caution", by=by, **told))
        for aspect, name, told in found
    ]
    out = pd.DataFrame(rows, columns=["aspect", "difference", "caution"])
    return with_notes(out, [note("corpus.compared", by=by, n=groups.nunique())], measures)


_Difference = tuple[str, str, dict[str, Any]]  # aspect, sentence of it, and its figures


def _dates(table: pd.DataFrame) -> list[_Difference]:
    rows: list[_Difference] = []
    undated = table["date"].eq("").groupby(table["group"]).mean()
    if undated.max() > 0:
        names = [g for g, share in undated.items() if share == 1]
        partly = [g for g, share in undated.items() if 0 < share < 1]
        n = int(table["date"].eq("").sum())
        which = [f"all of {some(names, _SHOWN)}"] * bool(names)
        which += [f"some of {some(partly, _SHOWN)}"] * bool(partly)
        told = {"n": n, "of": len(table), "which": "; ".join(which)}
        rows.append(("date", "undated", told))
    dated = table[table["date"] != ""]
    middle = pd.to_datetime(dated["date"]).groupby(dated["group"]).median().sort_values()
    if len(middle) > 1 and (gap := (middle.iloc[-1] - middle.iloc[0]).days) >= 1:
        ends = {"early": middle.index[0], "late": middle.index[-1], "days": gap, "n": gap}
        ends |= {"first": middle.iloc[0], "last": middle.iloc[-1]}
        rows.append(("date", "median_day", ends))
    return rows


def _lengths(table: pd.DataFrame) -> list[_Difference]:
    middle = table.groupby("group")["words"].median().sort_values(kind="stable")
    short, long = middle.index[0], middle.index[-1]
    if middle.iloc[-1] < 1.5 * max(middle.iloc[0], 1):
        return []
    ends = {"least": middle.iloc[0], "most": middle.iloc[-1], "short": short, "long": long}
    return [("length", "length", ends)]


def _agency(table: pd.DataFrame) -> list[_Difference]:
    """Where half of a group's articles credit an agency, its words are not its own alone."""
    named = (table["agency"] != "").groupby(table["group"]).agg(["sum", "size"])
    most = named[named["sum"] >= named["size"] / 2]
    if most.empty or len(most) == len(named):
        return []
    parts = [
        f"{credited} of {n} of {group}" for group, credited, n in most.itertuples() if credited > 0
    ]
    others = named.drop(most.index)
    elsewhere = {"others": others["sum"].sum(), "of": others["size"].sum()}
    return [("agency", "agency", {"most": some(parts, _SHOWN), **elsewhere})]


def _tag(table: pd.DataFrame, tag: str) -> list[_Difference]:
    """A tag with few values that no two groups share alike is a rival explanation."""
    values = table.groupby("group")[tag].agg(lambda v: tuple(sorted(set(v))))
    distinct = table[tag].nunique()
    if not 1 < distinct <= 10 or values.nunique() == 1:
        return []
    pure = values[values.map(len) == 1].map(lambda v: v[0])
    parts = [
        f"{value} in all articles of {some(pure.index[pure == value], _SHOWN)}"
        for value in sorted(set(pure) - {""} - set.intersection(*map(set, values)))
    ]
    unknown = int((table[tag] == "").sum())
    parts += [f"not known of {unknown} of {len(table)} articles"] * bool(parts and unknown)
    return [(tag, "tag", {"parts": "; ".join(parts), "tag": tag})] if parts else []


# ---------------------------------------------------------------- a draft of a description

_NAMED = 12  # terms, outlets and stories that are listed


def describe(measures: Measures) -> str:
    """A commented draft of `corpus.toml` (`analysis.description`) for these articles.

    Returns
    -------
    str
        TOML that can be read as it is: every line but the title is a comment, and each says what
        was found: outlets, period, languages, the largest stories, the terms written with a
        capital letter that most articles have (from which to choose the topic).
    """
    articles = measures.articles
    days = articles.loc[articles["date"] != "", "date"].str[:10]
    period = f"{days.min()} to {days.max()}" if len(days) else "no dates"
    names = _capitalised(measures)
    half = names[names["articles"] >= len(articles) / 2]["spelling"].head(3).tolist()
    return note(
        "draft.text",
        articles=len(articles),
        n_outlets=articles["outlet"].nunique(),
        period=period,
        languages=_counted(articles["language"].replace("", "not told")),
        title=_quoted(measures.package.get("title", "A corpus of news articles")),
        names=_in_a_comment(names),
        topic=", ".join(map(_quoted, half)),
        stories="\n".join(_stories(measures)),
        outlets=_counted(articles["outlet"]),
        commonest=_quoted(str(articles["outlet"].mode()[0])),
    )


def _capitalised(measures: Measures) -> pd.DataFrame:
    """Terms that are mostly written with a capital letter, those of most articles first."""
    written = measures.spellings[measures.spellings["spelling"].str[:1].str.isupper()]
    matrix, terms = measures.counts()
    articles = np.bincount(matrix.indices, minlength=len(terms))
    table = pd.DataFrame({"term": terms.astype("str"), "articles": articles})
    table = written.astype("str").merge(table, on="term")
    table = table[table["spelling"].str.len() > 1]
    return table.sort_values(["articles", "term"], ascending=[False, True], ignore_index=True)


def _in_a_comment(names: pd.DataFrame) -> str:
    rows = names.head(_NAMED).itertuples()
    return ", ".join(_plain(f"{row.spelling} {row.articles}") for row in rows) or "none"


def _counted(values: pd.Series) -> str:
    counts = values.value_counts()
    order = sorted(counts.index, key=lambda value: (-counts[value], value))
    return some((_plain(f"{value} {counts[value]}") for value in order), _NAMED)


def _stories(measures: Measures) -> list[str]:
    table = stories(measures)
    several = table[table["outlets"] > 1].drop_duplicates("story").head(3)
    sizes = zip(several["size"], several["outlets"], strict=True)
    told = [f"# {counted(size, 'article')} of {outlets} outlets" for size, outlets in sizes]
    return told or ["# none of several outlets"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """A text that stays in its comment: without line ends and control characters."""
    return "".join(c if c.isprintable() else " " for c in text)
