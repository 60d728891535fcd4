r"""An outlet's furniture: lines that recur across its own articles, found, removed and listed.

A line is judged by its *shape*: case-folded, digits masked, and in a second form runs of
capitalised words masked too ("Photo: N/N"). Furniture gives itself away by recurrence (Yi, Liu & Li
2003, "Eliminating noisy information in web pages"), but news repeats itself for good reasons as
well: wire copy, updates of one story, background sentences, quotations. So recurrence is counted
over *stories* (articles that share 30 % of their running text count once), nothing with quotation
marks is taken for recurring, and a full sentence only goes where it stands at the edge of articles
and speaks of the page or names the outlet, or is short and opens them all: background that closes
story after story is content.

With n stories of an outlet, a line recurs if it is in at least

.. math:: m(n) = 1 + \lceil \sqrt{n} / 2 \rceil

of them: 2 of 2–4, 3 of 5–16, 6 of 100, 17 of 1,000. The bound grows slowly, since furniture changes
with section and year, and chance repeats of a whole line hardly grow at all.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import regex
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.data import word_list
from analysis.errors import counted
from analysis.gather.pages import line_kinds
from analysis.gather.schema import check_articles
from analysis.gather.text import ends_sentence

HEAD, TAIL = 3, 5  # paragraphs that are the edge of an article
AT_EDGE = 0.75  # share of a sentence's occurrences that must stand there
SAME_STORY = 0.3  # share of the shorter article's running text that two versions have in common
RUNNING = 12  # words from which a paragraph is running text
FRAGMENT = 25  # words of a line without a full stop, at most; longer ones are running text
CAPTION = 60  # words of a picture's caption, at most
CONSTANT = 8  # words of a sentence that must remain when its names are masked
OPENS = 10  # words of a sentence that may be a column's name where it opens story after story
NAME = 4  # words of a first line that may be its author's name
OPENING = 0.25  # share of articles that a label before the first sentence must open

COLUMNS = ["id", "line", "reason"]
REASONS = [f"recurring {what}" for what in ("line", "shape", "frame", "sentence")]  # in this order
COUNTED = ["article", "kind", "lines", "words"]

_CORE = re.compile(r"[^\W_](?:.*[^\W_])?", re.S)  # without the marks at both ends
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_NAMES = regex.compile(r"\b\p{Lu}[\p{L}.'’-]*(?:[ /,&]+\p{Lu}[\p{L}.'’-]*)*")
_QUOTED = re.compile(r"[\"“”„«»]|(?<!\w)['‘]\w")
_STARTS = regex.compile(r"[\p{P}\p{Lu}\p{Lo}]")  # a sentence, in any script
_DOUBLE = re.compile(r"[\"“”„«»]")
_DATELINE = re.compile(r"(?:[^\W\d_][^().!?\"“”]{0,60}?)?\s*\(([^()]{2,30})\)\s*(?:[-–—]+\s*)?")


@cache
def _wording() -> dict[str, re.Pattern[str]]:
    """What the lists say of wording: positions, photo credits, sentences about the page."""
    words = word_list("page_furniture")["words"]
    of, photo = (words[name].replace(" ", "|") for name in ("of", "photo"))
    agency = "(?:" + "|".join(word_list("agencies")["credit"]["pictures"]) + ")"
    named = rf"(?:[^()\[\]]{{2,60}}/ ?)?{agency}(?: ?/ ?{agency})*"
    patterns = {
        "position": rf"\b(\d{{1,4}})\s+(?:{of}|/)\s+(\d{{1,4}})\b",
        "credit": rf"(?: ?\((?:[\w ]{{1,20}} )?| ?\b)(?:{photo})s? ?: ?[^.!?]{{2,60}}$",
        "inside": rf" ?[(\[]{named}[)\]](?! ?[-–—])",  # a dash would make it a dateline
        "page": words["page"],
    }
    return {name: re.compile(pattern, re.I) for name, pattern in patterns.items()}


@dataclass(frozen=True)
class _Line:
    """One paragraph of one article, as the search for furniture sees it."""

    article: int
    opens: bool
    at_edge: bool
    text: str


def recurs(stories: int) -> int:
    """m(n): in how many of an outlet's n stories a line must stand to be called recurring.

    >>> [recurs(n) for n in (2, 4, 5, 16, 100, 1000)]
    [2, 2, 3, 3, 6, 17]
    """
    return 1 + math.ceil(math.sqrt(stories) / 2)


def remove_boilerplate(
    articles: pd.DataFrame, before: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Remove every outlet's recurring furniture, galleries and lines said twice.

    Removed are (``reason``): ``gallery`` captions counted "1 of 9, 2 of 9" in one paragraph;
    ``repeated block``: a paragraph that stands in the same article already; the kinds of
    ``data/languages/en/page_furniture.toml``; ``recurring line``, ``recurring shape``, ``recurring
    frame`` and ``recurring sentence`` (see the module); and in front of or behind a paragraph that
    stays: ``dateline`` of the outlet itself ("(TPN) --"), ``label``, ``photo credit``. An article
    that would be empty stays as it is.

    Parameters
    ----------
    articles
        An Articles table.
    before
        ``id, line, reason`` of what was removed before (`Gathered.removed`), to be counted as well.

    Returns
    -------
    articles : DataFrame
        The same rows and columns with cleaned ``text``; ``attrs["notes"]`` says what went, and
        ``attrs["removed"]`` counts it by article and kind, which `write_articles` keeps.
    removed : DataFrame
        ``id, line, reason``, by outlet and article in page order. It holds the pages' own words.
    """
    check_articles(articles)
    texts = dict(zip(articles["id"], articles["text"], strict=True))
    found: list[tuple[str, str, str]] = []
    for outlet, rows in articles.groupby("outlet", sort=True):
        ids = sorted(rows["id"])
        cleaned, gone = _clean_outlet(str(outlet), [texts[i].split("\n\n") for i in ids])
        for name, paragraphs, lines in zip(ids, cleaned, gone, strict=True):
            if not paragraphs:
                continue
            texts[name] = "\n\n".join(paragraphs)
            found += [(name, line, reason) for line, reason in lines]
    result = articles.assign(text=pd.Series(articles["id"].map(texts), dtype="str"))
    removed = pd.DataFrame(found, columns=COLUMNS, dtype="str")
    result.attrs = dict(articles.attrs)
    touched = removed["id"].nunique()
    size = removed["line"].str.len().sum()
    note = (
        f"Boilerplate: {counted(len(found), 'passage')} ({size} characters) removed from "
        f"{touched} of {len(articles)} articles; a line recurs in 1 + √n/2 of n stories."
    )
    result.attrs["notes"] = [*articles.attrs.get("notes", []), note]
    everything = removed if before is None else pd.concat([before[COLUMNS], removed])
    result.attrs["removed"] = _counted(everything, articles.attrs.get("removed", []))
    return result, removed


def _counted(removed: pd.DataFrame, earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was removed by article and kind, in lines and words: none of the words themselves."""
    now = removed.assign(lines=1, words=removed["line"].str.split().str.len())
    now = now.rename(columns={"id": "article", "reason": "kind"})
    table = pd.concat([pd.DataFrame(earlier, columns=COUNTED), now[COUNTED]])
    counts = table.groupby(["article", "kind"], as_index=False)[["lines", "words"]].sum()
    return counts.astype({"lines": "int64", "words": "int64"}).to_dict("records")


def _clean_outlet(
    outlet: str, articles: list[list[str]]
) -> tuple[list[list[str]], list[list[tuple[str, str]]]]:
    """Cleaned paragraphs of every article of one outlet, and what was removed from each."""
    cleaned: list[list[str]] = []
    gone: list[list[tuple[str, str]]] = []
    for paragraphs in articles:
        kept, lines = _clean_alone(paragraphs)
        cleaned.append(kept)
        gone.append(lines)
    reasons = _recurring(cleaned, outlet)
    for paragraphs, lines in zip(cleaned, gone, strict=True):
        named = {p: "outlet's name" for p in paragraphs[:HEAD] if _names_outlet(p, outlet)}
        lines += [(p, why) for p in paragraphs if (why := reasons.get(p) or named.get(p))]
        paragraphs[:] = [p for p in paragraphs if p not in reasons and p not in named]
    _strip_openings(outlet, cleaned, gone)
    return cleaned, gone


def _names_outlet(line: str, outlet: str) -> bool:
    """A line of the outlet's name and little else: "Special for …"."""
    rest = line.casefold().replace(outlet.casefold(), " ", 1)
    return rest != line.casefold() and len(rest.split()) <= 3 and not ends_sentence(line)


# What one article shows by itself.


def _clean_alone(paragraphs: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    kept: list[str] = []
    gone: list[tuple[str, str]] = []
    seen: set[str] = set()
    n = len(paragraphs)
    zones = [["head"] * (k < HEAD) + ["tail"] * (k >= n - TAIL) for k in range(n)]
    for paragraph, kind in zip(paragraphs, line_kinds(paragraphs, zones), strict=True):
        again = paragraph in seen and len(paragraph.split()) >= 4
        reason = "gallery" if _is_gallery(paragraph) else "repeated block" if again else kind
        reason = reason or ("picture" if _is_caption(paragraph) else "")
        if reason:
            gone.append((paragraph, reason))
            continue
        seen.add(paragraph)
        paragraph, credits = _without_credits(paragraph)
        gone += [(credit, "photo credit") for credit in credits]
        kept += [paragraph] if paragraph else []
    return kept, gone


def _is_caption(paragraph: str) -> bool:
    """Whether a paragraph ends in the credit of a picture, so that it is the picture's caption."""
    credit = next(
        (m for m in _wording()["inside"].finditer(paragraph) if m.end() == len(paragraph)), None
    )
    if credit is None or len(paragraph.split()) > CAPTION:
        return False
    return "/" in credit[0] or not ends_sentence(paragraph[: credit.start()])


def _without_credits(paragraph: str) -> tuple[str, list[str]]:
    """A paragraph without the credits of its pictures, and these."""
    inside, at_end = _wording()["inside"], _wording()["credit"]
    credits: list[str] = []

    def taken(credit: re.Match[str]) -> str:
        # An agency alone in brackets is no credit within a sentence: "the Associated Press (AP)".
        if "/" in credit[0] or not {0, len(paragraph)}.isdisjoint(credit.span()):
            credits.append(credit[0].strip())
            return ""
        return credit[0]

    left = inside.sub(taken, paragraph).strip()
    last = None if ends_sentence(left) else at_end.search(left)
    if last and last.start():
        credits.append(last[0].strip())
        left = left[: last.start()].rstrip()
    return left, credits


def _is_gallery(paragraph: str) -> bool:
    """Captions run together, each counted: "… Hide 1 of 9 … Hide 2 of 9"."""
    places: set[tuple[str, int, str]] = set()
    for m in _wording()["position"].finditer(paragraph):
        before = paragraph[max(0, m.start() - CAPTION) : m.start()].split()
        places.add((before[-1] if before else "", int(m[1]), m[2]))
    return any((word, k + 1, n) in places for word, k, n in places)


# What only the outlet's other articles show.


def _key(line: str) -> str:
    """Shape of a line: case-folded, digits masked, marks at its ends dropped."""
    core = _CORE.search(line)
    return _DIGITS.sub("0", core[0].casefold()) if core else ""


def _shape(line: str) -> tuple[str, int]:
    """Shape with names masked as well, and the number of words that are left of it."""
    masked = _NAMES.sub("N", _DIGITS.sub("0", line))
    return masked, sum(w != w.upper() for w in masked.split())


def _recurring(articles: Sequence[Sequence[str]], outlet: str) -> dict[str, str]:
    """Lines of one outlet that recur → the reason."""
    story = _stories(articles)
    n = len(set(story))
    keyed: dict[tuple[str, object], list[_Line]] = defaultdict(list)
    for i, paragraphs in enumerate(articles if n > 1 else ()):
        for k, text in enumerate(paragraphs):
            line = _Line(i, k == 0, k < HEAD or k >= len(paragraphs) - TAIL, text)
            for shape in _shapes(line):
                keyed[shape].append(line)
    reasons: dict[str, str] = {}
    for (reason, _), lines in sorted(keyed.items(), key=lambda item: REASONS.index(item[0][0])):
        if _recurs(reason, lines, story, n, outlet):
            reasons.update({line.text: reason for line in lines if line.text not in reasons})
    return reasons


def _recurs(reason: str, lines: Sequence[_Line], story: Sequence[int], n: int, outlet: str) -> bool:
    stories = len({story[line.article] for line in lines})
    if stories < recurs(n):
        return False
    if reason == "recurring line":
        return True
    if reason == "recurring frame":
        return len(lines) >= 3
    edge = sum(line.at_edge for line in lines) >= AT_EDGE * len(lines)
    if reason == "recurring shape":
        return edge or stories >= 2 * recurs(n)
    opens = all(line.opens and len(line.text.split()) <= OPENS for line in lines)
    own = outlet.casefold() or "\0"
    of_page = all(
        _wording()["page"].search(line.text) or own in line.text.casefold() for line in lines
    )
    return edge and (of_page or (opens and stories >= 3))


def _stories(articles: Sequence[Sequence[str]]) -> list[int]:
    """A number for each article, the same for versions of one story."""
    running = [{p for p in paragraphs if len(p.split()) >= RUNNING} for paragraphs in articles]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, paragraphs in enumerate(running):
        for p in paragraphs:
            holders[p].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for p, owners in holders.items():
        if len(owners) <= 20:  # what more have is no single story's
            shared.update({(a, b): len(p) for k, a in enumerate(owners) for b in owners[k + 1 :]})
    size = [sum(map(len, paragraphs)) for paragraphs in running]
    same = [ab for ab, n in shared.items() if n >= SAME_STORY * min(size[i] for i in ab)]
    edges = np.array(same, dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(same)), tuple(edges)), shape=(len(size), len(size)))
    return connected_components(graph, directed=False)[1].tolist()


def _shapes(line: _Line) -> Iterator[tuple[str, object]]:
    """The shapes by which a line is looked for in other articles, each with the reason it gives."""
    text, words = line.text, line.text.split()
    masked, constant = _shape(text)
    key, ends = _key(text), ends_sentence(text)
    if _is_fragment(text):
        if key:
            yield "recurring line", key
        # Names alone count only as the very first line.
        if constant >= 2 or (line.opens and masked == "N" and len(words) <= NAME):
            yield "recurring shape", masked
    if ends and not _QUOTED.search(text):
        yield "recurring sentence", ("exact", key)
        if constant >= CONSTANT:
            yield "recurring sentence", ("names", masked)
    # Lines without a full stop, of any length, by first two and last words: "JUST … 02:16".
    framed = len(words) >= 5 and not (text.endswith(":") or _DOUBLE.search(text))
    if framed and (text.endswith(("...", "…")) or not ends):
        words = _DIGITS.sub("0", text).split()
        counted = not words[-1].strip("0:()")  # a length or a count: the word before it varies
        if any(not w.islower() for w in words[:2]):
            yield "recurring frame", (*words[:2], "…", *words[-1 if counted else -2 :])


def _is_fragment(line: str) -> bool:
    """A line without a full stop; a heading that a colon ends is none."""
    sentence = ends_sentence(line) and not line[0].islower()
    if sentence or line.endswith(":") or _QUOTED.search(line):
        return False
    return len(line.split()) <= FRAGMENT


# What stands in front of a paragraph that stays.


def _strip_openings(
    outlet: str, articles: list[list[str]], gone: list[list[tuple[str, str]]]
) -> None:
    """Take the outlet's own dateline and a label from the front of first paragraphs."""
    label = _opening_label(articles)
    own = _squeeze(outlet)
    for paragraphs, lines in zip(articles, gone, strict=True):
        for k, paragraph in enumerate(paragraphs[:HEAD]):
            front, reason = "", ""
            m = _DATELINE.match(paragraph)
            if m and own and _squeeze(m[1]) == own:
                front, reason = m[0], "dateline"
            elif k == 0 and label and paragraph.casefold().startswith(label + " "):
                front, reason = paragraph[: len(label) + 1], "label"
            rest = paragraph[len(front) :]
            if front and rest and not rest[0].islower():
                lines.append((front.strip(), reason))
                paragraphs[k] = rest


def _squeeze(name: str) -> str:
    return re.sub(r"\W", "", name).casefold()


def _opening_label(articles: Sequence[Sequence[str]]) -> str:
    """Two words that open many of the outlet's articles and stand nowhere else in them.

    After each there begins a sentence: words that a figure or a small letter follows open one.
    """
    openings = Counter(
        " ".join(first)
        for paragraphs in articles
        if paragraphs and len(first := paragraphs[0].casefold().split()[:2]) == 2
    )
    needed = max(3, OPENING * len(articles))
    for label, count in sorted(openings.items(), key=lambda item: (-item[1], item[0])):
        if count < needed:
            break
        said = sum("\n".join(paragraphs).casefold().count(label) for paragraphs in articles)
        after = (
            paragraphs[0][len(label) + 1 :]
            for paragraphs in articles
            if paragraphs and paragraphs[0].casefold().startswith(f"{label} ")
        )
        if said == count and all(_STARTS.match(rest) for rest in after):
            return label
    return ""
