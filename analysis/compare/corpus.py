"""What there is to compare, and what its numbers allow (METHODS §0)."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.compare.ground.inference import Evidence, ordered, permitted, with_notes
from analysis.measure.measures import Measures

PERMITS = {
    Evidence.NONE: "nothing: no article to compare with",
    Evidence.DESCRIPTIVE: "description: counts, rates, log ratio; no p-value, no interval",
    Evidence.NAMED_TERMS: "the same, and exact tests of terms named beforehand",
    Evidence.WORDS: "tests of every word with false-discovery control, intervals",
}
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
            note = f"No article here has {column} = {named}: these are all articles."
            return dataclasses.replace(measures, notes=(*measures.notes, note))
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
    articles = f"{len(table)} article{'s' * (len(table) != 1)}"
    notes = [f"{articles}, {table['words'].sum():,} words of lead and body."]
    return with_notes(out, notes, measures)


def lengths(measures: Measures, by: str = "outlet") -> pd.DataFrame:
    """Words of every article: group, id, date, words; groups with most articles first."""
    table = measures.articles[["id", "date", "words"]].copy()
    table.insert(0, by, measures.labels(by).to_numpy())
    table["articles"] = table.groupby(by)["id"].transform("size")
    out = ordered(table, ["articles", by, "words", "id"], ["articles"])
    return with_notes(out.drop(columns="articles"), [], measures)


def agencies(measures: Measures, by: str = "outlet") -> pd.DataFrame:
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
    notes = ["An agency is listed where the article credits it; copy without credit is not seen."]
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
    rows = [
        {
            by: name,
            "articles": int(n),
            "others": int(sizes.sum() - n),
            "permits": PERMITS[permitted(min(int(n), int(sizes.sum() - n)))],
        }
        for name, n in sizes.items()
    ]
    out = ordered(pd.DataFrame(rows), ["articles", by], ["articles"])
    notes = [
        "The article is the unit of evidence: of two groups the smaller decides. "
        "The levels: "
        + "; ".join(
            f"from {level:d} article{'s' * (level > 1)} {PERMITS[level]}"
            for level in list(Evidence)[1:]
        )
        + ".",
    ]
    return with_notes(out, notes, measures)


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
    rows = [*_dates(table), *_lengths(table), *_agency(table)]
    for tag in [c for c in table.columns if c not in {*_UNTAGGED, by, "group", "outlet"}]:
        if table[tag].dtype == "str":
            rows += _tag(table, tag)
    out = pd.DataFrame(rows, columns=["aspect", "difference", "caution"])
    return with_notes(out, [f"Groups compared: {by}, {groups.nunique()} of them."], measures)


def _dates(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    rows = []
    undated = table["date"].eq("").groupby(table["group"]).mean()
    if undated.max() > 0:
        names = [g for g, share in undated.items() if share == 1]
        some = [g for g, share in undated.items() if 0 < share < 1]
        n = int(table["date"].eq("").sum())
        parts = [f"none of {_names(names)}"] * bool(names) + [f"some of {_names(some)}"] * bool(
            some
        )
        text = f"{n} of {len(table)} articles have no date: {'; '.join(parts)} dated."
        rows.append(("date", text, "For these, timing cannot be told from outlet."))
    dated = table[table["date"] != ""]
    middle = pd.to_datetime(dated["date"]).groupby(dated["group"]).median().sort_values()
    if len(middle) > 1 and (gap := (middle.iloc[-1] - middle.iloc[0]).days) >= 1:
        early, late = middle.index[0], middle.index[-1]
        text = (
            f"The median article of {early} is of {middle.iloc[0]:%Y-%m-%d}, that of {late} of "
            f"{middle.iloc[-1]:%Y-%m-%d}: {gap} day{'s' if gap != 1 else ''} apart."
        )
        rows.append(("date", text, "What was known and at issue may have changed between them."))
    return rows


def _lengths(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    middle = table.groupby("group")["words"].median().sort_values(kind="stable")
    short, long = middle.index[0], middle.index[-1]
    if middle.iloc[-1] < 1.5 * max(middle.iloc[0], 1):
        return []
    text = (
        f"Median length runs from {middle.iloc[0]:,.0f} words ({short}) to "
        f"{middle.iloc[-1]:,.0f} ({long})."
    )
    return [("length", text, "Longer pieces hold more background; compare rates and leads.")]


def _agency(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Where half of a group's articles credit an agency, its words are not its own alone."""
    named = (table["agency"] != "").groupby(table["group"]).agg(["sum", "size"])
    most = named[named["sum"] >= named["size"] / 2]
    if most.empty or len(most) == len(named):
        return []
    parts = [
        f"{credited} of {n} of {group}" for group, credited, n in most.itertuples() if credited > 0
    ]
    others = named.drop(most.index)
    text = (
        f"Articles that credit a news agency: {_names(parts)}; elsewhere {others['sum'].sum()} of "
        f"{others['size'].sum()}."
    )
    return [("agency", text, "What they share with others may be the agency's wording.")]


def _tag(table: pd.DataFrame, tag: str) -> list[tuple[str, str, str]]:
    """A tag with few values that no two groups share alike is a rival explanation."""
    values = table.groupby("group")[tag].agg(lambda v: tuple(sorted(set(v))))
    distinct = table[tag].nunique()
    if not 1 < distinct <= 10 or values.nunique() == 1:
        return []
    pure = values[values.map(len) == 1].map(lambda v: v[0])
    parts = [
        f"{value}: only {tag} of {_names(list(pure.index[pure == value]))}"
        for value in sorted(set(pure) - {""})
    ]
    if not parts:
        return []
    return [(tag, f"{'; '.join(parts)}.", f"Outlet and {tag} cannot be told apart there.")]


def _names(names: list[str], most: int = 4) -> str:
    listed = ", ".join(names[:most])
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")
