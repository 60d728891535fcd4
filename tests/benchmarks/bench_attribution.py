r"""How well statements are found: PolNeAR 1.0 (Newell, Margolin & Ruths 2018), train and dev apart.

Run ``python tests/benchmarks/bench_attribution.py [train] [dev] [--write]``; nothing is asserted.
With ``--write`` the figures go to ``data/quality/attribution.json``, for notebooks to print.

Gold. A ``.ann`` file holds spans (Source, Cue, Content; a span may be in several pieces) and
relations that tie them together. Where several people coded one text, the one whose code sorts
first is taken. Pieces of one content with nothing but white space between them are one piece.

*quotes*: gold pieces that hold quotation marks (direct: they begin and end with one; mixed: the
others), of attributions with a cue. A statement, or a part of one that its cue interrupts, matches
a piece, or a whole content, at intersection over union >= 0.5. Recall counts gold pieces, precision
statements that are direct or mixed (they may match gold of any kind).

*speech verbs*: gold attributions whose cue holds a form listed in ``attribution_verbs.toml``
that is a verb of saying (not of judging, labelling, thinking or showing), or *according to*;
recall counts those with a statement more than half inside them; precision counts all statements,
right when more than half inside any gold content.

*speaker*: of the statements inside a gold content that has a source, those whose mention
overlaps the gold source, or whose speaker's last name stands in it. The gold has no
coreference: a pronoun is right when it is the pronoun marked, whomever it is resolved to.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.compare.quality import ACCURACY
from analysis.measure.speech.statements import Statement, statements
from analysis.measure.speech.wordclasses import attribution_verbs

GOLD = Path(__file__).resolve().parents[2].parent / "shared" / "gold" / "attributions"
PROVENANCE = (
    "Gold: PolNeAR 1.0 (Newell, Margolin & Ruths 2018), 968 news articles; the rules were written "
    "on train, dev was only measured. Quotations (direct and mixed) match at intersection over "
    "union 0.5; other statements when more than half inside a gold content. "
    "What its cue splits is one statement. Recall of quotations "
    "is of gold with any cue, and of gold with a verb of saying."
)
_MARKS = '"“”„'
_SINGLE = re.compile(r"(?:^|\s)[‘'`]+\w|''")
Span = tuple[int, int]


@dataclass
class Attribution:
    """One gold relation: pieces of source, cue and content in code points."""

    source: list[Span] = field(default_factory=list)
    cue: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)


def read_annotations(path: Path, text: str) -> list[Attribution]:
    """The relations of one brat file."""
    spans: dict[str, list[Span]] = {}
    relations: list[Attribution] = []
    lines = path.read_text("utf-8").split("\n")
    for line in lines:
        if line.startswith("T") and line.count("\t") >= 1:
            key, body = line.split("\t")[:2]
            pieces = [p.split() for p in body.split(" ", 1)[1].split(";")]
            spans[key] = [(int(a), int(b)) for a, b in pieces]
    for line in lines:
        if line.startswith("E"):
            one = Attribution()
            for role, key in (part.split(":") for part in line.split("\t")[1].split()):
                target = getattr(one, role.rstrip("0123456789").lower(), None)
                if target is not None:
                    target.extend(spans.get(key, []))
            if one.content:
                one.content = _merged(one.content, text)
                relations.append(one)
    return relations


def _merged(pieces: list[Span], text: str) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(pieces):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def read_gold(part: str) -> Iterator[tuple[str, str, list[Attribution]]]:
    """Name, text and relations of every text of a part."""
    for path in sorted((GOLD / part).glob("*.txt")):
        annotated = sorted(path.parent.glob(f"{path.stem}_*.ann"))
        if annotated:
            text = path.read_bytes().decode("utf-8")
            yield path.stem, text, read_annotations(annotated[0], text)


def kind_of(piece: str) -> str:
    """direct, mixed or indirect, by quotation marks alone."""
    piece = piece.strip().rstrip(".,;")
    if piece[:1] in _MARKS + "‘'" and piece[-1:] in _MARKS + "’'" and len(piece) > 1:
        inner = piece.strip(_MARKS + "‘’'")
        return "mixed" if re.search(rf"[{_MARKS}]\s.*[{_MARKS}]", inner) else "direct"
    has_mark = any(m in piece for m in _MARKS) or _SINGLE.search(piece)
    return "mixed" if has_mark else "indirect"


_GROUPS_LEFT_OUT = {"judging", "labelling", "thinking", "showing"}
_SPEECH = {
    f"{form} {verb.particle}".strip()
    for form, verb in attribution_verbs().items()
    if verb.group not in _GROUPS_LEFT_OUT
}


def has_speech_verb(cue: str) -> bool:
    """Whether a gold cue holds a listed verb of saying or *according to*."""
    words = re.findall(r"[a-z]+", cue.lower())
    pairs = {f"{a} {b}" for a, b in itertools.pairwise(words)}
    return bool(_SPEECH.intersection(pairs.union(words))) or "according to" in cue.lower()


CUES = ("verb of saying", "other listed verb", "anything else")


def cue_of(cue: str) -> str:
    """What a gold cue is, by the list of verbs."""
    if has_speech_verb(cue):
        return CUES[0]
    words = re.findall(r"[a-z]+", cue.lower())
    return CUES[1] if any(word in attribution_verbs() for word in words) else CUES[2]


def overlap(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def shared_by(spans: Sequence[Span], pieces: Sequence[Span]) -> int:
    return sum(overlap(a, b) for a in spans for b in pieces)


def size(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


def iou(spans: Sequence[Span], pieces: Sequence[Span]) -> float:
    shared = shared_by(spans, pieces)
    return shared / (size(spans) + size(pieces) - shared) if shared else 0.0


def is_inside(spans: Sequence[Span], pieces: Sequence[Span]) -> bool:
    return shared_by(spans, pieces) * 2 > size(spans)


def is_hit(spans: Sequence[Span], piece: Span, content: Sequence[Span]) -> bool:
    """Whether a statement, or one of its parts, is a gold piece, or the whole of a content."""
    return max(iou(spans, content), *(iou([a], [piece]) for a in spans)) >= 0.5


def speaker_is_right(text: str, statement: Statement, source: list[Span]) -> bool:
    mention = (statement.speaker_start, statement.speaker_end)
    if any(overlap(mention, s) for s in source):
        return True
    words = {w for a, b in source for w in re.findall(r"\w+", text[a:b])}
    last = re.findall(r"\w+", statement.speaker)[-1:]
    return bool(last) and last[0][0].isupper() and last[0] in words


class Score:
    """Counts of hits and totals by name."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()

    def add(self, name: str, hit: bool) -> None:
        self.totals[name] += 1
        self.hits[name] += hit

    def show(self, name: str) -> str:
        n = self.totals[name]
        return f"{self.hits[name] / n:.3f} ({self.hits[name]}/{n})" if n else "–"


def score_text(
    text: str, gold: list[Attribution], found: list[Statement], score: Score, misses: list | None
) -> None:
    """Add one text to the counts; `misses` collects what was wrong, for error analysis."""
    spans = [s.spans for s in found]
    for one in gold:
        cue = " ".join(text[a:b] for a, b in one.cue)
        speech = has_speech_verb(cue)
        kinds = {kind_of(text[a:b]) for a, b in one.content}
        kind = kinds.pop() if len(kinds) == 1 else "mixed"
        if speech:
            hit = any(is_inside(s, one.content) for s in spans)
            score.add("speech recall", hit)
            score.add(f"speech recall, {kind}", hit)
            if not hit and misses is not None:
                misses.append(("speech missed", text, one, None))
        for piece in one.content if one.cue else []:
            piece_kind = kind_of(text[piece[0] : piece[1]])
            if piece_kind == "indirect":
                continue
            hit = any(is_hit(s, piece, one.content) for s in spans)
            score.add("quotes recall", hit)
            score.add(f"quotes recall, {piece_kind}", hit)
            if speech:
                score.add("quotes recall, speech verb", hit)
                score.add(f"quotes recall, speech verb, {piece_kind}", hit)
            score.add(f"quotation, {piece_kind}, {cue_of(cue)}", hit)
            is_near = any(shared_by(s, [piece]) for s in spans)
            score.add(f"otherwise bounded, {piece_kind}, {cue_of(cue)}", not hit and is_near)
            if not hit and misses is not None:
                misses.append((f"{piece_kind} missed", text, one, piece))
    for statement, span in zip(found, spans, strict=True):
        inside = next((g for g in gold if is_inside(span, g.content)), None)
        score.add("precision", inside is not None)
        score.add(f"precision, {statement.kind}", inside is not None)
        score.add(f"rule {statement.rule}", inside is not None)
        if inside is None and misses is not None:
            misses.append(("wrong", text, statement, None))
        if statement.kind != "indirect":
            pieces = ((p, g.content) for g in gold for p in g.content)
            hit = any(is_hit(span, p, c) for p, c in pieces)
            score.add("quotes precision", hit)
            score.add(f"quotes precision, {statement.kind}", hit)
            if not hit and misses is not None:
                misses.append(("quote wrong", text, statement, inside))
        if inside is not None and inside.source:
            right = speaker_is_right(text, statement, inside.source)
            score.add("speaker", right)
            score.add(f"speaker, {statement.kind}", right)
            score.add(f"speaker, rule {statement.rule}", right)
            score.add("speaker named", bool(statement.speaker))
            if not right and misses is not None:
                misses.append(("speaker wrong", text, statement, inside))


def evaluate(part: str, misses: list | None = None) -> Score:
    """Score every text of a part."""
    score = Score()
    for _, text, gold in read_gold(part):
        score_text(text, gold, statements(text), score, misses)
    return score


MEASURES = {
    "quotations_recall": "quotes recall",
    "direct_recall": "quotes recall, direct",
    "mixed_recall": "quotes recall, mixed",
    "quotations_with_verb_recall": "quotes recall, speech verb",
    "quotations_precision": "quotes precision",
    "direct_precision": "quotes precision, direct",
    "mixed_precision": "quotes precision, mixed",
    "speech_recall": "speech recall",
    "indirect_recall": "speech recall, indirect",
    "speech_precision": "precision",
    "indirect_precision": "precision, indirect",
    "speaker": "speaker",
}


def figures(score: Score) -> dict[str, float]:
    """What `analysis.compare.quality.accuracy` reads: shares to three digits, and their n."""
    shares = {
        name: round(score.hits[measure] / score.totals[measure], 3)
        for name, measure in MEASURES.items()
    }
    n = {"n_gold": score.totals["speech recall"], "n_found": score.totals["precision"]}
    return shares | n


def missed(score: Score) -> list[dict[str, str | int]]:
    """Gold quotations by kind and cue: how many, not found, and found with other bounds."""
    rows: list[dict[str, str | int]] = []
    for kind, cue in itertools.product(("direct", "mixed"), CUES):
        name = f"quotation, {kind}, {cue}"
        n, not_hit = score.totals[name], score.totals[name] - score.hits[name]
        other = score.hits[f"otherwise bounded, {kind}, {cue}"]
        counts = {"gold": n, "not_found": not_hit - other, "otherwise_bounded": other}
        rows.append({"kind": kind, "cue": cue, **counts})
    return rows


def write(scores: dict[str, Score]) -> None:
    held = {"provenance": PROVENANCE, **{part: figures(score) for part, score in scores.items()}}
    if "train" in scores:
        held["missed"] = missed(scores["train"])
    ACCURACY.write_text(json.dumps(held, indent=2) + "\n", "utf-8", newline="\n")


def main(parts: list[str], keep: bool) -> None:
    if not GOLD.exists():
        print("Skipped: the gold attributions are not there.")
        return
    scores = {part: evaluate(part) for part in parts}
    if keep:
        write(scores)
    rules = sorted({n for s in scores.values() for n in s.totals if n.startswith("rule ")})
    names = [n for n in next(iter(scores.values())).totals if not n.startswith("rule")]
    print("".ljust(48) + "".join(p.ljust(26) for p in parts))
    for name in [*sorted(n for n in names if ", rule" not in n), *rules]:
        print(name.ljust(48) + "".join(s.show(name).ljust(26) for s in scores.values()))
        if name.startswith("rule "):
            row = "".join(s.show(f"speaker, {name}").ljust(26) for s in scores.values())
            print("    speaker".ljust(48) + row)


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--write"]
    main(given or ["train", "dev"], keep="--write" in sys.argv)
