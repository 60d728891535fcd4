"""What stands behind a verb of saying: where the thing said begins, and how it is introduced.

Sentences are strings of word classes (`speech.wordclasses`); positions are their words.
"""

from __future__ import annotations

from analysis.measure.speech.wordclasses import SHAPES, Clauses, endings, listed, shape

# What may stand between a cue and what is said. Runs are bounded: no expression may backtrack
# through a sentence of thousands of words.

_NEAR = 12  # words
_ELLIPSES = ("Px", "Pz")  # "said she would"
FINITE = frozenset("xVU")
_VERBS = frozenset("xVUBzPQq")


def content_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    """Where what is said begins behind a cue, from a word on, and by what it is introduced."""
    classes, takes = sentence.classes, sentence.verbs[cue].takes
    to_person = "person" in takes
    to = "_to" * to_person
    if "that" in takes or "clause" in takes:
        match = shape("that" + to).match(classes, at)
        if match and match.end() < len(classes) and not _is_relative(sentence, at, match.end()):
            return match.end(), "that"
    if to_person and "to" not in takes:
        match = SHAPES.person_to.match(classes, at)
        if match:
            return at, "to"
    is_speech = ("quote" in takes or "pause" in takes) and not (
        sentence.verbs[cue].lemma in listed("only_to") and classes[at : at + 1] in ("Q", "q")
    )  # in "told "Q"" the quotation names the programme
    if is_speech and (found := _quote_after(classes, at, to)):
        paused = classes[found[0] - 1] in ",:" and found[0] - at < 3
        if "pause" not in takes or paused or _is_document(sentence, cue):
            return found
    return _clause_after(sentence, cue, at)


def _is_relative(sentence: Clauses, at: int, begin: int) -> bool:
    """For "added to the fear that has", "over claims that", "said that same day": no "that"."""
    noun = begin - 2 >= at and sentence.classes[begin - 2] in "lBUN"
    if begin == at + 1 and sentence.words[begin] in listed("same"):
        return True
    return noun and sentence.classes[begin] in FINITE


def _is_document(sentence: Clauses, cue: int) -> bool:
    """For "the sign reads "Q"", where "he reads "Q"" names a book."""
    before = sentence.words[max(0, cue - _NEAR // 2) : cue]
    return any(word.lower() in listed("document") for word in before)


def _quote_after(classes: str, at: int, to: str) -> tuple[int, str] | None:
    match = shape("quote" + to).match(classes, at)
    if match:
        begin = match.end(1)
        if classes[begin] == "Q" or classes[begin - 1] in ",:" or begin == at:
            return begin, "quote"
    match = shape("colon" + to).match(classes, at)
    return (match.end(), "colon") if match and match.end() < len(classes) else None


def _clause_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    classes, takes = sentence.classes, sentence.verbs[cue].takes
    word = classes[at : at + 1]
    about = _about(sentence, cue, at)
    if about is not None:
        return (about + 1, "about") if SHAPES.object.match(classes, about + 1) else None
    ends = classes[at + 1 : at + 2] in ("", *",;-:bs")
    if "clause" in takes and ends and word and sentence.words[at] in listed("yes_or_no"):
        return at, "object"
    asks, is_time = _asks_or_times(sentence, cue, at)
    if asks:
        return (at, "wh") if "that" in takes or "wh" in takes else None
    if is_time:
        return None
    if "to" in takes and (match := SHAPES.to.match(classes, at)):
        return match.end(), "to"
    if "that" in takes and (match := SHAPES.to_wh.match(classes, at)):
        return match.end(), "wh"
    if "wh" in takes and (match := SHAPES.wh_to.match(classes, at)):
        return match.end(1), "wh"
    is_reporting = "that" in takes or "clause" in takes
    match = SHAPES.bare_to.match(classes, at) if "person" in takes and is_reporting else None
    if match and not is_only_time(sentence, match.end(), len(classes)):
        return match.end(), "clause"
    is_finite = "finite" in takes and not FINITE.isdisjoint(classes[at : at + _NEAR])
    if ("clause" in takes or is_finite) and (match := SHAPES.bare.match(classes, at)):
        begin = match.end(1)
        is_long = len(classes) - begin >= 3 or "Q" in classes[begin + 1 :]
        is_long = is_long or classes[begin:] in _ELLIPSES
        if is_long and _is_clause(sentence, cue, at, begin):
            return begin, "clause"
    if "clause" in takes and word == "s" and sentence.words[at] in listed("condition"):
        return at, "clause"
    return _object_after(sentence, cue, at)


def _about(sentence: Clauses, cue: int, at: int) -> int | None:
    """The preposition by which a cue names what is said: "warned of", "asked Name about"."""
    verb = sentence.verbs[cue]
    if not verb.prepositions:
        return None
    before = shape("before_about" + "_to" * ("person" in verb.takes))
    for k in range(at, min(at + _NEAR, len(sentence.words))):
        is_one = sentence.words[k].lower() in verb.prepositions
        if is_one and before.fullmatch(sentence.classes, at, k):
            return k
    return None


def _asks_or_times(sentence: Clauses, cue: int, at: int) -> tuple[bool, bool]:
    """Whether a question follows a cue ("asked who"), or a time ("said when it ended")."""
    classes, verb = sentence.classes, sentence.verbs[cue]
    word, is_question = classes[at : at + 1], verb.group == "question"
    is_time = word == "h" and not is_question and sentence.words[at] in listed("when")
    is_time = is_time and classes[at + 1 : at + 2] not in ("", ",") and classes[cue - 1] not in "zB"
    asks = (word == "h" and not is_time) or (
        word == "w" and (is_question or sentence.words[at] in listed("person"))
    )
    whether = "wh" in verb.takes and word == "s" and sentence.words[at] in listed("whether")
    return asks or whether, is_time


def _object_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    """A name somebody gives to something, or what is claimed or denied."""
    classes, takes = sentence.classes, sentence.verbs[cue].takes
    if "label" in takes and SHAPES.label.match(classes, at):
        may_be_noun = classes[at : at + 1] in ("q", "Q") and classes[at - 1] == "V"
        if may_be_noun and not SHAPES.what.search(classes, max(0, at - _NEAR), at):
            return None  # a group called "Q"
        return at + (sentence.words[at] in listed("as")), "label"
    if not ("object" in takes or "claim" in takes):
        return None
    phrase = SHAPES.object.match(classes, at)
    words = set(map(str.lower, sentence.words[at : phrase.end()])) if phrase else set()
    head = SHAPES.head.match(classes, at)
    acts = words.intersection(map(str.lower, sentence.words[at : head.end() if head else None]))
    if "claim" in takes and not words.isdisjoint(listed("speech")):
        return at, "object"
    is_act = sentence.verbs[cue].group == "denying" and not acts.isdisjoint(listed("act"))
    is_deed = sentence.verbs[cue].lemma in listed("performs") and not acts.isdisjoint(
        listed("deed")
    )
    return (at, "object") if "object" in takes and words and not (is_act or is_deed) else None


def _is_clause(sentence: Clauses, cue: int, at: int, begin: int) -> bool:
    """Whether what follows a cue without "that" reads as a clause and not as its object."""
    classes, words = sentence.classes, sentence.words
    beside = SHAPES.in_between.match(classes, at, begin)
    if (
        beside
        and words[beside.end() - 1].lower() not in listed("between")
        and not is_only_time(sentence, beside.end(), begin)
    ):
        return False  # "argued with her", but "said for weeks"
    if words[begin].lower() in listed("no_clause") and listed("part").isdisjoint(
        words[begin + 1 : begin + 2]
    ):
        return False  # "said nothing"
    comma = classes.find(",", begin)
    if SHAPES.inserted.match(classes, begin):
        return True  # "said Vell, despite his wealth, is"
    if comma == begin + 1 or is_only_time(sentence, begin, comma if comma > 0 else len(classes)):
        return False
    opens_time = words[begin].lower() in listed("this_time")
    if (
        opens_time
        and is_only_time(sentence, begin, begin + 2)
        and classes[begin + 2 : begin + 3] == "i"
    ):
        return False  # "said this week at"
    near = slice(begin, comma if comma > 0 else begin + 2 * _NEAR)
    if not _VERBS.isdisjoint(classes[near]) or sentence.verbs[cue].lemma in listed("plain"):
        return True
    return any(
        words[k].endswith(endings("past"))
        or (
            classes[k] == "l"
            and classes[cue] != "G"
            and classes[k - 1] in "Nl"
            and words[k].endswith(endings("third"))
        )
        for k in range(near.start + 1, min(near.stop, len(words)))
    )


def goes_on_at(classes: str, at: int) -> tuple[int, str] | None:
    """A quotation that goes on behind its speaker: "Q," Name said of the town, "Q"."""
    match = SHAPES.behind.match(classes, at)
    return (match.end() - 1, "quote") if match else None


def is_only_time(sentence: Clauses, start: int, end: int) -> bool:
    """Whether nothing but a time stands there, and to whom: "me this week"."""
    time = listed("time")
    words = [word.lower() for word in sentence.words[start:end]]
    return not time.isdisjoint(words) and all(
        word in time or word in listed("personal") or sentence.classes[start + k] in "PDadiy"
        for k, word in enumerate(words)
    )


def comma_behind(sentence: Clauses, cue: int) -> int | None:
    """The comma that closes ", Name said on Monday,"; 0 at an end, None where more is said."""
    nothing = shape("nothing" + "_to" * ("person" in sentence.verbs[cue].takes))
    match = nothing.match(sentence.classes, cue + 1)
    if not match:
        comma = sentence.classes.find(",", cue)
        stop = comma if comma > 0 else len(sentence.classes)
        return max(comma, 0) if is_only_time(sentence, cue + 1, stop) else None
    return match.end() - 1 if sentence.classes[match.end() - 1] == "," else 0


def behind_comment(classes: str, comma: int) -> tuple[int, int] | None:
    """The rest of a clause into which ", Name said," is inserted."""
    rest = comma + 1
    if classes[comma : comma + 1] != "," or classes[rest : rest + 1] in ("", *"GgwsV"):
        return None
    is_clause = len(classes) - rest > (1 if classes[rest] == "x" else 2) or "Q" in classes[rest:]
    return (rest, len(classes)) if is_clause else None
