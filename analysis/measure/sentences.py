"""Quotation marks and sentences: what stands inside marks, and where a sentence ends.

All offsets are code points into the text as given; nothing is normalised before they are read.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import regex

from analysis.data import LANGUAGE, LANGUAGES, word_list

_FAMILIES = {"“": "curly", "”": "curly", "„": "curly", "‟": "curly", "«": "angle", "»": "angle"}
_OPENING = "“„«‟"
_CLOSING = "”»"
_DOUBLE = _OPENING + _CLOSING + '"＂″'
_SINGLE = "‘’‚'"
_DASHES = "–—―"
_OPENS_AFTER = "([{—–-/\"“”„‘'’…:"
_LONGEST_SINGLE = 1500  # code points between single quotation marks
_MARK = re.compile(  # one class in front: `re` then skips quickly to where it may match
    rf"[{_DOUBLE}{_SINGLE}`{_DASHES}\n](?:(?<=[{_DOUBLE}])|(?<=`)`|(?<=')'|(?<=\n)\n*"
    rf"|(?<=[{_SINGLE}])(?:(?<!\w.)|(?!\w))|(?<=^[{_DASHES}])(?=[ \u00a0]))",
    re.MULTILINE,
)
_AFTER_SINGLE = re.compile(r"(?!\d\ds?\b)[^\W_]|[“\"£$€@#(…]")
_ENDS_SINGLE = re.compile(r"(?<=[.,!?…;:—–])|$|[.,;:!?)\]}\n—–”\"]")
_SENTENCE_BETWEEN = re.compile(r"[.!?…][\"”’'»)]*\s")


class _Mark(NamedTuple):
    """A quotation mark, white space between paragraphs, or a dash that opens a paragraph."""

    sign: str
    start: int
    end: int
    before: str
    behind: str

    @property
    def kind(self) -> str:
        """break, dash, single or double."""
        if self.sign[0] in "\n" + _DASHES:
            return "break" if self.sign[0] == "\n" else "dash"
        return "single" if self.sign in _SINGLE else "double"

    @property
    def family(self) -> str:
        """Marks that belong together."""
        return _FAMILIES.get(self.sign, "straight")

    @property
    def starts_word(self) -> bool:
        """Whether nothing but white space, a bracket or another mark stands in front."""
        return self.before in ("", *_OPENS_AFTER) or self.before.isspace()

    @property
    def is_spaced(self) -> bool:
        """Whether it stands alone, as in texts cut into words and in French."""
        return not (self.before.strip() or self.behind.strip())


def quoted_spans(text: str, language: str = LANGUAGE) -> list[tuple[int, int]]:
    """Start and end, marks included, of what stands inside quotation marks, in text order.

    Any double quotation mark may close any other: pages mix them. Where a text has both « and »,
    the one that comes first opens. A quotation that a paragraph leaves open ends with the
    paragraph, and goes on in the next one where that begins with a quotation mark again. Marks
    inside a quotation belong to it. A single mark that may be an apostrophe closes a quotation
    only where no better one follows in its sentence. A dash that opens a paragraph opens a
    quotation where a second dash or who says it follows.

    Parameters
    ----------
    language
        Its list says which words begin with an apostrophe, and which cues follow a dash.
    """
    marks = _marks(text)
    angles = [m.sign for m in marks if m.sign in "«»" and m.starts_word]
    closing = ""  # the guillemet that only closes
    if angles and {"«", "»"} <= {m.sign for m in marks}:
        closing = "»" if angles[0] == "«" else "«"
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(marks):
        one, at = marks[at], at + 1
        end = one.end
        if one.kind == "single" and (close := _single_close(text, marks, at - 1, language)):
            is_open = marks[close].kind == "break"
            at, end = close + 1, marks[close].start if is_open else marks[close].end
        elif one.kind == "double" and one.sign != closing and _may_open(marks, at - 1):
            at, end = _double_end(text, marks, at - 1, closing)
        elif one.kind == "dash":
            end = _dash_end(text, one, language)
        if end > one.end:
            spans.append((one.start, end))
    return spans


def _marks(text: str) -> list[_Mark]:
    """The marks of a text, in order."""
    return [
        _Mark(m[0], a, b, text[a - 1 : a], text[b : b + 1])
        for m in _MARK.finditer(text)
        for a, b in (m.span(),)
    ]


def _may_open(marks: list[_Mark], at: int) -> bool:
    """Outside a quotation: whether a double mark starts one. A stray closing mark does not."""
    one = marks[at]
    if one.is_spaced:
        following = marks[at + 1] if at + 1 < len(marks) else None
        closes = following is not None and following.kind == "double" and following.before.isspace()
        return one.behind != "" and (one.sign in (*"“«»", "``") or closes) and one.sign != "”"
    if not one.behind.strip():
        return False
    glued = one.before in tuple(".!?,") and one.behind.isalnum()
    return one.sign in _OPENING or one.starts_word or glued


def _double_end(text: str, marks: list[_Mark], at: int, closing: str) -> tuple[int, int]:
    """The mark behind a quotation that a double mark opens, and where the quotation ends."""
    outer = marks[at]
    inner = ""  # family of a quotation inside
    for i in range(at + 1, len(marks)):
        one = marks[i]
        if one.kind == "break":
            return i, one.start
        if one.kind != "double":
            continue
        opens = one.before.isspace() and one.behind.isalnum() and one.sign not in _CLOSING
        if one.sign == closing or not (opens or (one.sign in "«»" and closing and one.starts_word)):
            if inner and one.family == inner != outer.family:
                inner = ""
            else:
                return i + 1, one.end
        elif one.family != outer.family:
            inner = one.family
    return len(marks), len(text)


def _single_close(text: str, marks: list[_Mark], at: int, language: str) -> int:
    """The mark that closes a quotation in single marks; 0 where none is opened."""
    one = marks[at]
    if not (_opens_single(text, one, language) and one.sign in "‘'‚"):
        return 0
    doubtful = doubles = 0
    for i in range(at + 1, len(marks)):
        other = marks[i]
        is_far = other.start - one.end > _LONGEST_SINGLE
        if other.kind == "break" and not doubtful and _goes_on(marks, at, i):
            return i
        if other.kind == "break" or is_far:
            break
        doubles += other.kind == "double"
        if other.kind != "single" or doubles % 2:
            continue
        if other.sign == "‘" or not other.before.strip():
            if _opens_single(text, other, language):
                break
            if (one.sign, other.sign) != ("‚", "‘"):
                continue
        is_apostrophe = other.before in ("s", "S") and not _ENDS_SINGLE.match(text, other.end)
        if not is_apostrophe:
            runs_on = doubtful and _SENTENCE_BETWEEN.search(text, marks[doubtful].end, other.start)
            return doubtful if runs_on else i
        doubtful = doubtful or i
    return doubtful


def _goes_on(marks: list[_Mark], at: int, line: int) -> bool:
    """Whether a paragraph that a mark opens is left open, and the next begins with that mark."""
    opens, following = marks[at], marks[line + 1 : line + 2]
    if opens.sign != "‘" or opens.before not in ("", "\n") or not following:
        return False
    return following[0].sign == opens.sign and following[0].start == marks[line].end


def _opens_single(text: str, one: _Mark, language: str) -> bool:
    """Whether a single mark opens a quotation and does not stand for a letter ('em, '90s)."""
    before = one.before == "" or one.before.isspace() or one.before in '([{—–-“"„«'
    if not before or not _AFTER_SINGLE.match(text, one.end):
        return False
    elided = word_list("clause_words", _with_lists(language))["words"]["elided"]
    word = _LETTERS.match(text, one.end)
    return not word or word[0].lower() not in elided


_LETTERS = re.compile(r"[^\W\d_]*")


def _dash_end(text: str, dash: _Mark, language: str) -> int:
    """Where the quotation ends that a dash opens; the end of the dash where it opens none."""
    line = text.find("\n", dash.end)
    limit = min(line if line >= 0 else len(text), dash.end + _LONGEST_SINGLE)
    ends = _credits(_with_lists(language))[1].search(text, dash.end, limit)
    return ends.end(1) if ends else dash.end


# ---------------------------------------------------------------- sentences

_PROTECTED_STOP = regex.compile(r"(?:^|(?<=[^\p{L}\p{M}\p{N}.]))((?:\p{L}\.)+|[\p{L}]+\.)$")
_BOUNDARY = re.compile(  # one class in front: `re` then skips quickly to where it may match
    r"[.!?…\n\r\u2029](?:"
    r"(?<=[.!?…])(?<![.!?…].)[.!?…]*+(?P<close>[\"”“’'»«)\]]*)"
    r"(?=[ \t\u00a0]|$|(?<=[\"”“»«])[^\Wa-z\d_]|[\"“«])"
    r"|(?<=[.!?])(?P<glued>(?=[^\W\d_]))"
    r"|(?<=\n)\n*|(?<=\r)\r*|(?<=\u2029))",
    re.MULTILINE,
)
_GLUED = regex.compile(  # "the town.He": no space
    r"(?<=\p{Ll}{2}[\"”»)]?)[.!?](?=\p{Lu}[\p{L}'’]*,? )"
)
_NEXT = regex.compile(r"[\s\"“”„«»‘’'(\[\-–—]*(?P<word>[\p{L}\p{M}\p{N}'’-]*)")


@cache
def _with_lists(language: str) -> str:
    """A language that has lists: its own, else the default, whose abbreviations are as any."""
    return language if (LANGUAGES / language / "abbreviations.toml").is_file() else LANGUAGE


@cache
def _credits(language: str) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """What credits a quotation behind it ("Ida Renn said"), and what ends one that a dash opens."""
    words = word_list("clause_words", language)["words"]
    verbs = word_list("attribution_verbs", language)["verbs"].values()
    kinds = words["credits_quotation"]
    forms = [form for verb in verbs if verb["class"] in kinds for form in verb["forms"]]
    opens, cues = words["opens_attribution"], "|".join(sorted(forms))
    who = "|".join([r"\p{Lu}[\p{L}\p{M}'’.-]*", *opens, *map(str.capitalize, opens)])
    ends = rf"[ \u00a0]?[{_DASHES}]|\s(?:{cues})\b|\s(?:(?:{who})\s){{1,5}}(?:{cues})\b"
    told = r"(?:,[^,\n]{1,60},)?"  # "Ida Renn, a baker, said"
    behind = regex.compile(rf"\s*(?:(?:{who})\s+){{0,4}}(?:{who}){told}\s+(?:{cues})\b")
    return behind, regex.compile(rf"([,.!?…])(?:{ends})")


@cache
def _abbreviations(language: str) -> tuple[frozenset[str], ...]:
    table = word_list("abbreviations", language)
    kinds = ("always", "unless_starter", "starters", "before_numbers")
    return tuple(frozenset(table[kind]) for kind in kinds)


def _stop_is_protected(before: str, next_word: str, language: str) -> bool:
    """Whether the full stop that ends `before` belongs to an abbreviation or an initial."""
    word = _abbreviated(before.rpartition(" ")[2])
    if not word:
        return False
    always, unless_starter, starters, before_numbers = _abbreviations(language)
    if word in before_numbers:
        return next_word[:1].isdigit()
    if word in always or (len(word) == 1 and word != "i"):  # as in "George W. Bush"
        return True
    opens_sentence = next_word.casefold() in starters and next_word[:1].isupper()
    return ("." in word or word in unless_starter) and not opens_sentence


@lru_cache(maxsize=50_000)
def _abbreviated(before: str) -> str:
    """The word before a full stop, case-folded, its own stops kept; '' where there is none."""
    match = _PROTECTED_STOP.search(before)
    return match[1][:-1].casefold() if match else ""


def sentences(
    text: str, quoted: Iterable[tuple[int, int]] | None = None, language: str = LANGUAGE
) -> list[tuple[int, int]]:
    """Start and end, in code points, of each sentence of a text.

    A line break always ends a sentence, and so does a stop between a small and a capital letter
    (a page lost the space between them). Full stops of abbreviations (``U.S.``, ``Mr.``), of
    initials and inside quotation marks do not, unless the quotation ends with one and no
    attribution follows; what follows must not begin with a small letter.

    Parameters
    ----------
    quoted
        Spans in quotation marks, as `quoted_spans` finds them; found here when left out.
    """
    language = _with_lists(language)
    edges = sorted(chain.from_iterable(quoted_spans(text) if quoted is None else quoted))
    cuts = [0]
    for match in _BOUNDARY.finditer(text):
        at, end = match.span()
        if match["glued"] is not None:
            end = 0 if bisect_right(edges, at) % 2 or not _GLUED.match(text, at) else end
        elif match["close"] is not None:
            end = _sentence_end(text, match, edges, language)
        cuts += [end] if end else []
    spans: list[tuple[int, int]] = []
    for begin, end in pairwise([*cuts, len(text)]):
        piece = text[begin:end]
        if any(map(str.isalnum, piece)):  # without the white space around it
            begin += len(piece) - len(piece.lstrip())
            spans.append((begin, begin + len(piece.strip())))
    return spans


def _sentence_end(text: str, match: re.Match[str], edges: list[int], language: str) -> int:
    """Where the sentence ends to which some stops belong; 0 where it does not end with them."""
    at, end = match.span()
    beyond = bisect_right(edges, at)
    closes = edges[beyond] if beyond % 2 else 0  # the quotation in which they stand
    if closes > end:
        return 0
    after = text[end : end + 1]
    if after and not after.isspace():  # "It burst."Name left: a space was lost
        end = closes or match.start("close")
        if not (closes or text[at - 3 : at].islower()):
            return 0
    if text[end : end + 1] == " " and text[end + 1 : end + 2].islower():
        return 0  # most often
    following = _NEXT.match(text, end)
    word = following["word"] if following else ""
    if word[:1].islower():
        return 0
    stop = text[at : match.start("close")]
    if closes and (attribution := _credits(language)[0].match(text, end)):
        stands_alone = text[attribution.end() : attribution.end() + 1] in (".", ",")
        if stop[-1] in "?!…" or stands_alone:  # "It burst." Name said.
            return 0
    only_a_stop = stop == "." and not match["close"]
    near = max(0, at - 24)
    before = text[max(near, text.rfind("\n", near, at) + 1) : at + 1]
    is_protected = only_a_stop and _stop_is_protected(before, word, language)
    return 0 if is_protected else end
