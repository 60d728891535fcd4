"""What stands behind a verb of saying: where the thing said begins, and how it is introduced.

Sentences are strings of word classes (`speech.wordclasses`); positions are their words.
"""

import re

from analysis.measure.speech.wordclasses import Clauses, listed

_NEAR = 12  # words
FINITE = frozenset("xVU")
_VERBS = re.compile("[xVzPQq]|(?<![DOi])[UB]")  # not "the charges"
_GERUND = re.compile("g[DNOla]{1,5}x")  # "closing the dam would"
_JOINED = re.compile("b|&a?[xVU]")


def content_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    """Where what is said begins behind a cue, from a word on, and by what it is introduced."""
    classes, verb = sentence.classes, sentence.verbs[cue]
    takes, to = verb.takes, "_to" * ("person" in verb.takes)
    if {"that", "clause"} & takes:
        match = sentence.match(f"that{to}", at)
        if match and match.end() < len(classes) and not _is_relative(sentence, at, match.end()):
            return match.end(), "that"
    if to and "to" not in takes and sentence.match("person_to", at):
        return at, "to"
    names_programme = verb.lemma in listed("only_to") and sentence.letter(at) in ("Q", "q")
    may_quote = {"quote", "pause"} & takes and not names_programme
    if may_quote and (found := _quote_after(sentence, at, to)):
        paused = classes[found[0] - 1] in ",:" and found[0] - at < 3
        # "the sign reads "Q"", where "he reads "Q"" names a book
        if "pause" not in takes or paused or sentence.has("document", cue - _NEAR // 2, cue):
            return found
    return _clause_after(sentence, cue, at)


def _is_relative(sentence: Clauses, at: int, begin: int) -> bool:
    """For "added to the fear that has", "over claims that": no "that"."""
    noun = begin - 2 >= at and sentence.classes[begin - 2] in "lBUN"
    return noun and sentence.classes[begin] in FINITE


def _quote_after(sentence: Clauses, at: int, to: str) -> tuple[int, str] | None:
    classes = sentence.classes
    match = sentence.match(f"quote{to}", at)
    if match:
        begin = match.end(1)
        if classes[begin] == "Q" or classes[begin - 1] in ",:" or begin == at:
            return begin, "quote"
    match = sentence.match(f"colon{to}", at)
    return (match.end(), "colon") if match and match.end() < len(classes) else None


# What a verb takes, the pattern of it, the group that ends before it, and how it is told.
_INFINITIVES = (
    ("ing", "gerund", 0, "object"),
    ("to", "to", 0, "to"),
    ("that", "to_wh", 0, "wh"),
    ("wh", "wh_to", 1, "wh"),
)


def _clause_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    takes = sentence.verbs[cue].takes
    about = _about(sentence, cue, at)
    if about is not None:
        return (about + 1, "about") if sentence.match("object", about + 1) else None
    ends = sentence.letter(at + 1) in ("", *",;-:bs")
    if "clause" in takes and ends and sentence.is_a("yes_or_no", at):
        return at, "object"
    asks, is_time = _asks_or_times(sentence, cue, at)
    if asks:
        shows = sentence.verbs[cue].group == "showing"  # "the chart shows how"
        return (at, "wh") if {"that", "wh"} & takes and not shows else None
    if is_time:
        return None
    for taken, pattern, group, how in _INFINITIVES:
        if taken in takes and (match := sentence.match(pattern, at)):
            return match.end(group), how
    return _bare_clause(sentence, cue, at) or _object_after(sentence, cue, at)


def _bare_clause(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    classes, takes = sentence.classes, sentence.verbs[cue].takes
    is_reporting = "person" in takes and {"that", "clause"} & takes
    match = sentence.match("bare_to", at) if is_reporting else None
    if match and not is_only_time(sentence, match.end(), len(classes)):
        return match.end(), "clause"
    is_finite = "finite" in takes and not FINITE.isdisjoint(classes[at : at + _NEAR])
    if ("clause" in takes or is_finite) and (match := sentence.match("bare", at)):
        begin = match.end(1)
        is_long = len(classes) - begin >= 3 or "Q" in classes[begin + 1 :]
        is_ellipsis = classes[begin:] in ("Px", "Pz")  # "said she would"
        if (is_long or is_ellipsis) and _is_clause(sentence, cue, at, begin):
            return begin, "clause"
    if "clause" in takes and sentence.letter(at) == "s" and sentence.is_a("condition", at):
        return at, "clause"
    return None


def _about(sentence: Clauses, cue: int, at: int) -> int | None:
    """The preposition by which a cue names what is said: "warned of", "asked Name about"."""
    verb = sentence.verbs[cue]
    before = "before_about" + "_to" * ("person" in verb.takes)
    words = sentence.lower[at : at + _NEAR] if verb.prepositions else ()
    places = (k for k, word in enumerate(words, at) if word in verb.prepositions)
    return next((k for k in places if sentence.whole(before, at, k)), None)


def _asks_or_times(sentence: Clauses, cue: int, at: int) -> tuple[bool, bool]:
    """Whether a question follows a cue ("asked who"), or a time ("said when it ended")."""
    verb, word = sentence.verbs[cue], sentence.letter(at)
    is_question = verb.group == "question"
    is_time = word == "h" and not is_question and sentence.is_a("when", at)
    is_time = is_time and sentence.letter(at + 1) not in ("", ",")
    is_time = is_time and sentence.classes[cue - 1] not in "zB"
    asks = word == "h" and not is_time
    asks = asks or (word == "w" and (is_question or sentence.is_a("person", at)))
    return asks or ("wh" in verb.takes and sentence.is_a("whether", at)), is_time


def _object_after(sentence: Clauses, cue: int, at: int) -> tuple[int, str] | None:
    """A name somebody gives to something, or what is claimed or denied."""
    classes, verb = sentence.classes, sentence.verbs[cue]
    if "label" in verb.takes and sentence.match("label", at):
        quote = at + sentence.is_a("articles", at)
        may_be_noun = sentence.letter(quote) in ("q", "Q") and classes[at - 1] == "V"
        if may_be_noun and not sentence.search("what", max(0, at - _NEAR), at):
            return None  # a group called "Q"
        return at + sentence.is_a("as", at), "label"
    if skip := sentence.match("before_about", at):  # "announced on Monday the sale"
        at = skip.end()
    phrase, head = sentence.match("object", at), sentence.match("head", at)
    if "claim" in verb.takes and phrase and sentence.has("speech", at, phrase.end()):
        return at, "object"
    end = min(one.end() for one in (phrase, head) if one) if phrase else at
    is_deed = verb.lemma in listed("performs") and sentence.has("deed", at, end)
    is_act = verb.group == "denying" and sentence.has("act", at, end)
    is_none = is_act or is_deed or is_only_time(sentence, at, end)
    return (at, "object") if "object" in verb.takes and phrase and not is_none else None


def _is_clause(sentence: Clauses, cue: int, at: int, begin: int) -> bool:
    """Whether what follows a cue without "that" reads as a clause and not as its object."""
    classes = sentence.classes
    beside = sentence.match("in_between", at, begin)
    if beside and not is_only_time(sentence, beside.end(), begin):
        return False  # "argued with her", but "said for weeks"
    if sentence.is_a("no_clause", begin) and not sentence.match("little_that", begin):
        return False  # "said nothing"
    if sentence.verbs[cue].lemma in listed("gives") and sentence.match("object_to", begin):
        return False  # "adds weight to"
    if sentence.match("inserted", begin):
        return True  # "said Vell, despite his wealth, is"
    comma = classes.find(",", begin)
    if comma == begin + 1 or is_only_time(sentence, begin, comma if comma > 0 else len(classes)):
        return False
    is_time = sentence.is_a("this_time", begin) and is_only_time(sentence, begin, begin + 2)
    if is_time and sentence.letter(begin + 2) == "i":
        return False  # "said this week at"
    end = comma if comma > 0 else min(begin + 2 * _NEAR, len(classes))
    if joined := _JOINED.search(classes, begin + 1, end):
        end = joined.start()  # "claimed victory and was cheered"
    if _VERBS.search(classes, begin, end) or sentence.verbs[cue].lemma in listed("plain"):
        return True
    nouns = ("Nl", "ll") if classes[cue] != "G" else ()
    return any(_ends_as_verb(sentence, k, nouns) for k in range(begin + 1, end))


def _ends_as_verb(sentence: Clauses, at: int, nouns: tuple[str, ...]) -> bool:
    """Whether a word that is not listed ends as a verb does, in -ed, or in -s behind a noun."""
    is_third = sentence.classes[at - 1 : at + 1] in nouns and sentence.is_a("third", at)
    return is_third or sentence.is_a("past", at)


def goes_on_at(sentence: Clauses, at: int) -> tuple[int, str] | None:
    """A quotation that goes on behind its speaker: "Q," Name said of the town, "Q"."""
    match = sentence.match("behind", at)
    return (match.end() - 1, "quote") if match else None


def is_only_time(sentence: Clauses, start: int, end: int) -> bool:
    """Whether nothing but a time stands there, and to whom: "me this week"."""
    return sentence.has("time", start, end) and all(
        word in listed("time") or word in listed("personal") or sentence.classes[k] in "PDadiy"
        for k, word in enumerate(sentence.lower[start:end], start)
    )


def comma_behind(sentence: Clauses, cue: int) -> int | None:
    """The comma that closes ", Name said on Monday,"; 0 at an end, None where more is said."""
    match = sentence.match("nothing" + "_to" * ("person" in sentence.verbs[cue].takes), cue + 1)
    if match:
        return match.end() - 1 if sentence.classes[match.end() - 1] == "," else 0
    comma = sentence.classes.find(",", cue)
    stop = comma if comma > 0 else len(sentence.classes)
    return max(comma, 0) if is_only_time(sentence, cue + 1, stop) else None


def behind_comment(classes: str, comma: int) -> tuple[int, int] | None:
    """The rest of a clause into which ", Name said," is inserted."""
    rest = classes[comma + 1 :]
    if classes[comma : comma + 1] != "," or rest[:1] in ("", *"GgwsV"):
        return (comma + 1, len(classes)) if _GERUND.match(rest) else None
    is_clause = len(rest) > (1 if rest[0] == "x" else 2) or "Q" in rest
    return (comma + 1, len(classes)) if is_clause else None
