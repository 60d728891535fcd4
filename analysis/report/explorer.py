"""What the pages know on which a reader asks: any term, any two groups, all articles.

Nothing is computed here: the tables are those of `analysis.compare`, written so that they take
little room, and drawn in the browser by the scripts in `templates/`.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import usage
from analysis.compare.ground.vectors import nearest_of_all, vectors
from analysis.compare.similarity import called, nearest_pairs, telling_words
from analysis.compare.vocabulary import ASIDE, kinds_of
from analysis.errors import counted
from analysis.measure.evidence import at_hand, in_context
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES
from analysis.report.addresses import web_address
from analysis.report.show import squeezed
from analysis.report.study import Study

ROOM = 4_200_000
_FOR_TEXT, _FOR_INTERVALS = 0.5, 0.12  # of that, besides
MOST_USES, MOST_HEARD = 150_000, 20_000  # rows of words and of speakers, of all groups
MOST = 5_000  # articles that the page of all articles holds
_BYTES = {"place": 9, "term": 12, "interval": 16}
_LINE_BYTES = 16
_ATTEMPTS = [(40, 1), (20, 1), (10, 1), (5, 1), (5, 2), (5, 3), (5, 5), (5, 10), (3, 20), (0, 1)]
_ABSENT = -1
_AMOUNTS = ["count", "reported", "quoted", "articles"]
_NUMBERS = ["group", "dp", "low", "high"]
_FACTS = ["id", "outlet", "date", "name", "url", "words", "told", "aside"]
_ROW = ["id", "at", "date", "name", "link", "words", "story", "told", "near", "strip", "aside"]
_NEAREST = 3


def _compared(measures: Measures, by: str) -> tuple[dict[str, Any], pd.Index]:
    """The groups, as both pages of terms name them; and in the order of their numbers."""
    groups = usage.presence(measures, by)
    named = {"groups": "group", "sizes": "n_articles", "tokens": "tokens"}
    lists = {key: groups[column].tolist() for key, column in named.items()}
    return {"by": by} | lists, pd.Index(groups["group"])


def _with_voices(table: pd.DataFrame) -> pd.DataFrame:
    """A table of uses with what is neither the narrator's nor quoted: reported."""
    return table.assign(reported=table["count"] - table["narrator"] - table["quoted"])


def _flat(table: pd.DataFrame, columns: list[str], known: pd.Index) -> list[list[int]]:
    """By term, in the order of `known`, its rows one after the other."""
    at = known.get_indexer(table["term"])
    order = np.argsort(at, kind="stable")
    values = table[columns].to_numpy(np.int64)[order]
    ends = np.searchsorted(at[order], np.arange(1, len(known)))
    return [part.ravel().tolist() for part in np.split(values, ends)]


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    """Rows of plain values, ready for JSON."""
    rows: list[list[Any]] = table.to_numpy(object).tolist()
    return rows


# ---------------------------------------------------------------- any term


def explorer_data(
    measures: Measures,
    by: str = "outlet",
    *,
    articles: pd.DataFrame | None = None,
    room: int = ROOM,
) -> dict[str, Any]:
    """What the explorer knows, ready for JSON.

    Parameters
    ----------
    by
        What terms are compared by.
    articles
        Articles with their text, where that is at hand: gives sentences and collocates.
    room
        Bytes that terms and places may take, about; sentences may take half as many,
        intervals an eighth. Where all terms need more, those in fewest articles are left out, or
        have no interval; where their sentences do, fewer of each are shown. The page says so.
    """
    places = _with_voices(usage.by_article(measures, by))
    of = places.groupby("term").agg(k=("article", "size"), groups=("group", "nunique"))
    least = _fewest_articles(of["k"], _BYTES["place"] * of["k"] + _BYTES["term"], room)
    firm = _fewest_articles(of["k"], _BYTES["interval"] * of["groups"], _FOR_INTERVALS * room)
    used = usage.uses(measures, by, least=max(least, firm))
    known = of.index[of["k"] >= least]
    named, groups = _compared(measures, by)
    places = places[places["term"].isin(known)]
    listed = measures.articles[measures.articles["id"].isin(places["article"])]
    listed = listed.sort_values("id", ignore_index=True)
    at = pd.Index(listed["id"])
    written = enumerate(zip(known, measures.spelling(known), strict=True))
    facts = {
        "group": groups.get_indexer(measures.labels(by).reindex(at)),
        "date": listed["date"],
        "title": called(measures).reindex(at).to_numpy(object),
        "url": listed["url"].map(web_address),
        "outlet": listed["outlet"] if by != "outlet" else "",
        "words": listed["words"],
    }
    places = places.assign(article=at.get_indexer(places["article"]))
    places = places.sort_values(["term", "article"], kind="stable")
    steps = places.groupby("term", sort=False)["article"].diff().fillna(places["article"])
    data: dict[str, Any] = named | {
        "articles": _rows(pd.DataFrame(facts)),
        "terms": known.tolist(),
        "spellings": {str(i): spelling for i, (term, spelling) in written if spelling != term},
        "uses": _uses(used, groups, known),
        # Each article as its distance from the one before it, which takes half the room.
        "places": _flat(places.assign(step=steps), ["step", *_AMOUNTS[:3]], known),
        "notes": used.attrs["notes"],
        "limit": f"Listed are words in {least} articles or more." if least > 1 else "",
        "texts": 0,
    }
    if articles is None:
        return data
    said = _in_context(at_hand(measures, articles), at, known, int(_FOR_TEXT * room))
    rare = (of["k"].reindex(known) < firm).to_numpy()
    return data | said | {"near": [[] if r else n for r, n in zip(rare, said["near"], strict=True)]}


def _fewest_articles(k: pd.Series, size: pd.Series, room: float) -> int:
    """The least number of articles a term must be in, for such terms to stay within the room."""
    by_k = size.groupby(k).sum().sort_index(ascending=False).cumsum()
    fitting = by_k.index[by_k <= room]
    return int(fitting.min()) if len(fitting) else int(k.max())


def _uses(used: pd.DataFrame, groups: pd.Index, known: pd.Index) -> list[list[int]]:
    """By term, group, DP in thousandths and interval per million words, where there is any."""
    dp = used["dp"].where(used["n_articles"] > 1)
    table = used.assign(group=groups.get_indexer(used["group"]), dp=dp)
    table = table.dropna(subset=_NUMBERS[1:], how="all")
    fine = (1000 * table[_NUMBERS[1:]]).round().fillna(_ABSENT)
    return _flat(table.assign(**fine), _NUMBERS, known)


def _in_context(texts: pd.DataFrame, at: pd.Index, known: pd.Index, room: int) -> dict[str, Any]:
    """Sentences, where in them each term stands, and what stands beside it."""
    texts = texts[texts["id"].isin(at)]
    lines, found = in_context(texts, known[known.str.contains(" ")])
    near = usage.collocates(found)
    near = near[near["term"].isin(known) & near["collocate"].isin(known)]
    near = near.assign(collocate=known.get_indexer(near["collocate"]))
    found = found[found["term"].isin(known)]
    article = at.get_indexer(lines["article"])
    found = found.assign(article=article[found["sentence"]], quoted=found["quoted"].astype(int))
    found, shown, least = _fitting(found, lines["text"].str.len().to_numpy(), room)
    kept = np.unique(found["sentence"])
    sentences = lines["text"].to_numpy(object)[kept]
    found["sentence"] = np.searchsorted(kept, found["sentence"])
    for column in ("start", "end"):
        found[column] = _in_utf16(sentences[found["sentence"]], found[column])
    return {
        "texts": len(texts),
        "lines_shown": shown,
        "lines_from": least,
        "sentences": _rows(pd.DataFrame({"article": article[kept], "text": sentences})),
        "lines": _flat(found, ["sentence", "start", "end", "quoted"], known),
        "near": _flat(near, ["collocate", "together", "sentences"], known),
    }


def _fitting(found: pd.DataFrame, lengths: np.ndarray, room: int) -> tuple[pd.DataFrame, int, int]:
    """As many occurrences as there is room for, one of each article before a second of any.

    Fewer lines a term are tried first, then only terms that more articles hold. With them: lines
    a term at most, and articles a term must be in.
    """
    found = found.assign(turn=found.groupby(["term", "article"]).cumcount())
    found = found.sort_values(["term", "turn"], kind="stable")
    line = found.groupby("term").cumcount().to_numpy()
    held = found.groupby("term")["article"].transform("nunique").to_numpy()
    for shown, least in _ATTEMPTS:
        kept = found[(line < shown) & (held >= least)]
        size = lengths[np.unique(kept["sentence"])].sum() + _LINE_BYTES * len(kept)
        if size <= room:
            break
    return kept, shown, least


def _in_utf16(texts: Iterable[str], positions: Iterable[int]) -> list[int]:
    """Code points → the positions that a browser counts in."""
    return [
        at if text.isascii() else len(text[:at].encode("utf-16-le")) // 2
        for text, at in zip(texts, positions, strict=True)
    ]


# ---------------------------------------------------------------- any two groups


def pairs_data(study: Study) -> dict[str, Any]:
    """Counts of words, speakers, names and themes by group, and what was tested; ready for JSON.

    Returns
    -------
    dict
        groups, sizes, tokens; terms, spellings, aside (numbers of the terms that are function
        words or house style), uses (by term: group, count, reported, quoted,
        articles, flat); tested (by contrast: [target, reference, {term: q}]); speakers
        ([group, speaker, side, statements, words, quoted words, articles]), all_heard (whether
        none is left out); shares ([group, side, share of the words of statements]); hits ([group,
        kind of list, set, entry, narrator, reported, quoted, articles]); pairs ([group, group,
        cosine in hundredths, name, name]).
    """
    measures, by = study.measures, study.by
    used = _with_voices(usage.by_article(measures, by))
    used = used.assign(articles=1).groupby(["term", "group"])[_AMOUNTS].sum().reset_index()
    used = used[used["term"].isin(_most(used, "term", "articles", MOST_USES))]
    known = pd.Index(used["term"].unique())
    named, at = _compared(measures, by)
    pairs = nearest_pairs(measures, by)
    pairs = pairs.assign(
        cosine=(100 * pairs["cosine"]).round().astype(int),
        group_b=at.get_indexer(pairs["group_b"]),
        **{end: study.called.reindex(pairs[end]).array for end in ("a", "b")},
    )
    lists = measures.package.get("measured", {}).get("lexicons", {}).values()
    spelled = {n for one in lists for n, of in one["sets"].items() if of.get("house_style")}
    # Whoever is listed is listed of every group: who is absent from one is not heard in it.
    heard = study.speakers
    listed = heard["speaker"].isin(_most(heard, "speaker", "words", MOST_HEARD))

    def numbered(table: pd.DataFrame, *columns: str) -> list[list[Any]]:
        """These columns, the groups of the first one by number; no group not compared."""
        if table.empty:
            return []
        group = at.get_indexer(table[columns[0]])
        return _rows(table.assign(**{columns[0]: group})[group >= 0][[*columns]])

    amounts = ("statements", "words", "marked_words", "articles")
    hits = study.rated[~study.rated["set"].isin(spelled)]
    return named | {
        "terms": known.tolist(),
        "aside": np.flatnonzero(np.isin(kinds_of(measures, known), ASIDE)).tolist(),
        "spellings": measures.spelling(known),
        "uses": _flat(
            used.assign(group=at.get_indexer(used["group"])), ["group", *_AMOUNTS], known
        ),
        "tested": _tested(study.words, at, known),
        "speakers": numbered(heard[listed], "group", "speaker", "side", *amounts),
        "all_heard": bool(listed.all()),
        "shares": numbered(study.sides, by, study.heard_as, "words_share"),
        "hits": numbered(hits, "group", "kind", "set", "entry", *VOICES, "articles"),
        "pairs": numbered(pairs, "group_a", "group_b", "cosine", "a", "b"),
    }


def _most(table: pd.DataFrame, name: str, weight: str, room: int) -> pd.Index:
    """The names there is room for, those of most weight first."""
    size = table.groupby(name)[weight].agg(["sum", "size"])
    size = size.sort_values("sum", ascending=False, kind="stable")
    return size.index[size["size"].cumsum() <= room]


def _tested(keys: pd.DataFrame, at: pd.Index, known: pd.Index) -> list[list[Any]]:
    """By contrast that was tested, the q of its terms that have one."""
    found: list[list[Any]] = []
    for names, own in keys.groupby(["target", "reference"], sort=True):
        own = own[own["p"].notna() & own["term"].isin(known)]
        if len(own) and {*names} <= {*at}:
            q = own["q"].astype(float).round(3).set_axis(known.get_indexer(own["term"])).dropna()
            found.append([*at.get_indexer(names).tolist(), q.rename(str).to_dict(), len(own)])
    return found


# ---------------------------------------------------------------- all articles


def articles_data(study: Study) -> dict[str, Any]:
    """All articles by outlet, date and id, also those that were set aside; ready for JSON.

    Returns
    -------
    dict
        outlets, stories (names), total, whole (where there are more than `MOST`: what a CSV file
        says of all, squeezed), and articles: rows of id, outlet, date, name, address,
        words, story, telling words, nearest ([row, cosine in
        hundredths]), strip ([first word, words, voice, speaker]; voice 1 reported, 2 quoted), why
        it was set aside.
    """
    listed = study.whole.articles.sort_values(["outlet", "date", "id"], ignore_index=True)
    v = vectors(study.measures)
    told = telling_words(v).groupby("article")["spelling"].agg(", ".join)
    apart = ~listed["id"].isin(study.measures.articles["id"])
    others = [called(study.whole.keep(listed.loc[apart, "id"]))] if apart.any() else []
    listed["name"] = pd.concat([study.called, *others]).reindex(listed["id"]).to_numpy(object)
    other = listed["language"].where(apart, "")
    uses = [f"set aside: {counted(n, 'use')} of the topic’s words" for n in listed["topic_uses"]]
    aside = ("set aside: language " + other).where(other != "", "")
    listed["aside"] = aside.where(listed["on_topic"], uses)
    listed["told"] = told.reindex(listed["id"]).fillna("").to_numpy(object)
    total, whole = len(listed), {}
    outlets = sorted(set(listed["outlet"]))
    if total > MOST:  # evenly spread, so that all outlets and days are there
        whole = {"whole": squeezed(_rows(listed[_FACTS].astype(object)))}
        listed = listed.iloc[np.linspace(0, total - 1, MOST).astype(int)].reset_index(drop=True)
    at = pd.Index(listed["id"])
    near = nearest_of_all(v, _NEAREST)
    near = near[near["a"].isin(at) & near["b"].isin(at)]
    near = near.assign(b=at.get_indexer(near["b"]), cosine=(100 * near["cosine"]).round())
    said = study.whole.statements.astype({"speaker": "str", "article": "str", "kind": "str"})
    said = said[said["article"].isin(at)].sort_values(["article", "start_word"], kind="stable")
    said = said.assign(voice=np.where(said["kind"] == "indirect", 1, 2))
    own = study.stories[study.stories["article"].isin(at) & (study.stories["size"] > 1)]
    numbers = {story: i for i, story in enumerate(own["story"].unique())}
    story = pd.Series(own["story"].map(numbers).to_numpy(), own["article"].to_numpy())
    parts = {
        "near": _by_article(near, "a", ["b", "cosine"]),
        "strip": _by_article(said, "article", ["start_word", "words", "voice", "speaker"]),
    }
    rows = listed.assign(
        at=listed["outlet"].map(outlets.index),
        link=listed["url"].map(web_address),
        story=story.reindex(at).fillna(_ABSENT).astype(int).to_numpy(),
        **{name: [of.get(i, []) for i in at] for name, of in parts.items()},
    )
    names = [f"story {name}" for name in numbers]
    told_of = {"outlets": outlets, "stories": names, "total": total}
    return told_of | {"articles": _rows(rows[_ROW])} | whole


def _by_article(table: pd.DataFrame, article: str, columns: list[str]) -> dict[str, list[Any]]:
    """The rows of each article, in their order; numbers as whole ones."""
    rows = table[columns].astype({c: int for c in columns if c != "speaker"})
    parts = rows.groupby(table[article].to_numpy(object), sort=False)
    return {str(name): _rows(part) for name, part in parts}
