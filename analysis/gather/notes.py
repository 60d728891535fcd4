"""What is said of a gathering: how much was read and left out, and what looks like a mistake."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from analysis.errors import counted
from analysis.gather.drafts import Draft, Tally
from analysis.gather.problems import BadArticle
from analysis.gather.text import letters

TEASER = 60  # words; a collection whose middle article is shorter holds teasers, not articles
CUT = 0.1  # share of texts that end in an ellipsis from which it is said
LISTED = 5  # groups that a note names


def notes(drafts: Sequence[Draft], tally: Tally) -> list[str]:
    """The notes under an Articles table, in the order in which they are of use."""
    forms = Counter(form for _, form in {(d.file, d.form) for d in drafts})
    used = ", ".join(f"{n} × {name}" for name, n in sorted(forms.items()))
    n = len(drafts)
    told = [f"{counted(n, 'article')} from {counted(forms.total(), 'file')} ({used})."]
    lines = sum(len(d.removed) for d in drafts)
    which = (
        "line that is not the article was" if lines == 1 else "lines that are not the article were"
    )
    told += [*tally.notes, f"{lines} {which} removed."]
    credited = sum(bool(d.fields.get("agency")) for d in drafts)
    told.append(f"{credited} of {n} articles credit a news agency.")
    for name in ("outlet", "date", "title"):
        empty = sum(not d.fields.get(name) for d in drafts)
        if empty:
            told.append(f"{empty} of {n} articles have no {name}.")
    told += [*_alike(drafts), *_same_texts(drafts), *_cut_short(drafts)]
    told += _told("Passed over", tally.passed)
    told += _told("Skipped", tally.problems)
    return told + _told("Kept", tally.remarks)


def _told(outcome: str, problems: Sequence[BadArticle]) -> list[str]:
    """One line for each problem; what is said of many files is said once."""
    files: dict[tuple[object, ...], dict[str, BadArticle]] = defaultdict(dict)
    for p in problems:
        files[p.found, p.remedy, p.field, p.row].setdefault(p.file, p)
    return [
        f"{outcome}: {first}" + (f" (and {counted(len(others), 'file')} more)" if others else "")
        for first, *others in (alike.values() for alike in files.values())
    ]


def _alike(drafts: Iterable[Draft]) -> list[str]:
    """Outlets that differ in nothing but case, spaces, marks, form of characters or "www."."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for draft in drafts:
        name = draft.fields.get("outlet", "")
        plain = unicodedata.normalize("NFKC", name).casefold().removeprefix("www.")
        groups[letters(plain)][name] += 1
    alike = [names for _, names in sorted(groups.items()) if len(names) > 1]
    return [
        "Outlets that differ only in case, spaces, marks or “www.” are counted apart: "
        + " and ".join(f"'{name}' ({n})" for name, n in sorted(names.items()))
        + ". If they are one, write them alike."
        for names in alike
    ]


def _same_texts(drafts: Iterable[Draft]) -> list[str]:
    """Texts that stand under more than one id."""
    holders: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        holders[draft.fields["text"]].append(draft.fields["id"])
    groups = sorted(sorted(ids) for ids in holders.values() if len(ids) > 1)
    if not groups:
        return []
    listed = "; ".join(" = ".join(ids[:LISTED]) for ids in groups[:LISTED])
    more = "; …" if len(groups) > LISTED else ""
    return [f"Texts under more than one id: {len(groups)} ({listed}{more})."]


def _cut_short(drafts: Sequence[Draft]) -> list[str]:
    """Teasers in place of articles, and texts that were cut."""
    told = []
    middle = median(len(d.words()) for d in drafts)
    if middle < TEASER:
        told.append(
            f"The middle article has {middle:g} words: these may be teasers, not whole articles."
        )
    cut = sum(d.fields["text"].endswith(("…", "...", "[…]", "[...]")) for d in drafts)
    if cut >= CUT * len(drafts) and cut:
        told.append(
            f"{cut} of {len(drafts)} texts end in an ellipsis: they may be cut, not whole articles."
        )
    paywall = sum(any(why == "paywall" for _, why in d.removed) for d in drafts)
    if paywall:
        told.append(f"{paywall} of {len(drafts)} ask to log in or subscribe: they may be cut.")
    return told
