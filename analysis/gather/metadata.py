"""A metadata table: what the sources do not say, or say wrongly."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.errors import AnalysisError
from analysis.gather.drafts import Draft, Options, Tally, fill, one_line
from analysis.gather.problems import BadArticle, beside, refused, shown
from analysis.gather.tables import as_text, read_named

DEEPEST = 100  # folders of a path by which a row may name it

Places = dict[str, list[Draft]]


def supply(drafts: Sequence[Draft], metadata: Path, tally: Tally, options: Options) -> None:
    """Give articles the fields of a metadata table; a row that fits no article is a problem."""
    if not metadata.is_file():
        raise AnalysisError(f"{metadata}: no file is there.", beside(metadata))
    data = metadata.read_bytes()
    table = read_named(data, metadata.name, {}, options.dayfirst, options.encoding)
    for one in table.told:
        tally.tell(one)
    key = next((k for k in ("file", "id") if k in table.columns), None)
    if key is None:
        there = ", ".join(sorted(table.columns))
        raise refused(metadata.name, "metadata-key", 0, "file", there=there)
    places = _places(drafts, key)
    names = sorted({d.file if key == "file" else d.fields["id"] for d in drafts})
    there = ", ".join([*names[:10], *(["…"] if len(names) > 10 else [])])
    seen: dict[str, int] = {}
    for place, row in table.rows:
        try:
            name = as_text(row.get(key), metadata.name, place, key).strip()
            if (before := seen.setdefault(name, place)) != place:
                told = {"name": shown(name), "before": before}
                raise refused(metadata.name, "metadata-twice", place, key, **told)
            fitting = _fitting(places, there, name, key, metadata.name, place)
            values = _values(metadata.name, place, row, key, table.dayfirst)
        except BadArticle as e:
            tally.problems.append(e)
        else:
            for draft in fitting:
                _override(draft, values, metadata.name, tally)


def _places(drafts: Sequence[Draft], key: str) -> Places:
    """What a row may call a draft → the drafts: its id; its file, folders or ending left out."""
    places: Places = defaultdict(list)
    for draft in drafts:
        for name in _names(draft.file) if key == "file" else {draft.fields.get("id", "")}:
            places[name].append(draft)
    return places


def _names(file: str) -> set[str]:
    path = PurePosixPath(file)
    ends = ["/".join(path.parts[-k:]) for k in range(1, min(len(path.parts), DEEPEST) + 1)]
    return {*ends, *(end.removesuffix(path.suffix) for end in ends)}


def _fitting(places: Places, there: str, name: str, key: str, file: str, row: int) -> list[Draft]:
    written = name.replace("\\", "/").removeprefix("./")
    fitting = places.get(written) or places.get(PurePosixPath(written).name) or []
    files = sorted({d.file for d in fitting})
    if key == "file" and len(files) > 1:
        told = {"name": shown(name), "n": len(files), "files": ", ".join(files[:5])}
        raise refused(file, "metadata-many", row, key, **told)
    if not fitting:
        raise refused(file, "metadata-none", row, key, name=shown(name), there=there)
    return fitting


def _values(
    file: str, place: int, row: dict[str, Any], key: str, dayfirst: bool | None
) -> dict[str, str]:
    draft = Draft(file, place, {})
    fill(draft, {k: v for k, v in row.items() if k != key}, dayfirst)
    for e in draft.unread.values():
        raise BadArticle(file, place, "date", e.received, e.remedy)
    return {k: one_line(v) for k, v in draft.fields.items() if v}


def _override(draft: Draft, values: dict[str, str], metadata: str, tally: Tally) -> None:
    for name, value in values.items():
        old = draft.fields.get(name, "")
        if old and old != value and name != "id":
            told = {"old": shown(old), "new": shown(value), "metadata": metadata}
            tally.remarks.append(refused(draft.file, "metadata-other", draft.row, name, **told))
        draft.fields[name] = value
        draft.unread.pop(name, None)
