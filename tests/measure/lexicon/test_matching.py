"""Hits: forty sentences with what is to be found in them, and a second matcher to agree with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from conftest import SHARED, needs_shared
from hypothesis import given
from hypothesis import strategies as st

from analysis.data import LANGUAGES
from analysis.measure.evidence import indicator_hits
from analysis.measure.lexicon.load import load_lexicon
from analysis.measure.lexicon.matching import Hit, Matcher, find_hits, hits_in
from analysis.measure.lexicon.patterns import Entry, Guards, Lexicon, LexiconSet, parse
from analysis.measure.schema import VOICES, ZONES
from analysis.measure.speech.names import SpeakerTable
from analysis.measure.speech.statements import Statement
from analysis.measure.tokens import find_tokens, tokenize
from analysis.measure.words import read, words_of


def lexicon(patterns: dict[str, list[str]], *, name: str = "quay", of_set: str = "quay") -> Lexicon:
    """A lexicon made in memory, without the checks of the loader."""
    entries = tuple(
        Entry(of_set, label, pattern, parse(pattern))
        for label, its_patterns in patterns.items()
        for pattern in its_patterns
    )
    about = LexiconSet(of_set, "indicators", "a", (), False, dict.fromkeys(patterns, "a"))
    return Lexicon(name, "0", "t", "a", {of_set: about}, {"Doe": "Doe"}, entries)


@cache
def harbour() -> Matcher:
    return Matcher(
        [
            lexicon(
                {
                    "law": ["illegal*", "legal|lawful", "self-rule", "null and void"],
                    "force": ["annex*", "coup|coups", "gun|guns", "take|took|taken over"],
                    "vote": ["referend*", "sham {0,1} referendum|vote", "no vote"],
                    "people": ["#-year-old|#-year-olds", "mother of #|two|three", "islander*"],
                    "blame": ["blame*|blaming {0,3} council|mayor", "little green men"],
                }
            )
        ]
    )


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("man {0,1} self-made-man|made", "man self made man left", 4),
        ("a {0,1} x-y-z|y", "a x y z", 4),
        ("one|one-two two-three|three", "one two three", 3),
    ],
)
def test_the_longest_match_is_found_whatever_is_tried_first(
    pattern: str, text: str, words: int
) -> None:
    (hit,) = find_hits(text, Matcher([lexicon({"made": [pattern]})]))
    assert hit.after - hit.first == words


def test_many_entries_that_begin_alike_are_no_rivals() -> None:
    patterns = {f"side {k}": [f"bank w{i}" for i in range(k, 2400, 2)] for k in range(2)}
    matcher = Matcher([lexicon(patterns)])
    assert not [*matcher.rivals(0, ["bank", "w0"])]
    assert sum(len([*matcher.rivals(k, ["bank", "w1"])]) for k in range(2400)) == 1200


N, S, C = "negated", "scare", "so-called"

# Each sentence with its hits: the words found, the label, and how they are meant.
FORTY: list[tuple[str, list[tuple[str, str, set[str]]]]] = [
    # plain, capitals, plural, possessive
    ("The harbour vote of Velmar was illegal.", [("illegal", "law", set())]),
    ("ILLEGAL, said the banner.", [("ILLEGAL", "law", set())]),
    ("The illegality of it troubled nobody.", [("illegality", "law", set())]),
    ("Two referenda and one referendum were held.",
     [("referenda", "vote", set()), ("referendum", "vote", set())]),
    ("The referendum's outcome was known.", [("referendum's", "vote", set())]),
    ("Coups are rare on Skerry; a coup d'etat is rarer.",
     [("Coups", "force", set()), ("coup", "force", set())]),
    ("The annexed islet was annexed again after its annexation.",
     [("annexed", "force", set()), ("annexed", "force", set()), ("annexation", "force", set())]),
    ("The annexe of the town hall burned.", [("annexe", "force", set())]),
    # hyphen forms and numbers
    ("They asked for self-rule.", [("self-rule", "law", set())]),
    ("They asked for self rule.", [("self rule", "law", set())]),
    ("They asked for self\u2011rule.", [("self\u2011rule", "law", set())]),
    ("A 34-year-old islander met two 70-year-olds.",
     [("34-year-old", "people", set()), ("islander", "people", set()),
      ("70-year-olds", "people", set())]),
    ("A 34 year old baker came.", [("34 year old", "people", set())]),
    ("She is a mother of 3 and he has a mother of two.",
     [("mother of 3", "people", set()), ("mother of two", "people", set())]),
    ("An anti-referendum poster and a non-legal one hung there.", []),
    ("The little-green-men poster hung there.", []),
    # multi-word, gaps, longest match
    ("They blamed the old council of Velmar.", [("blamed the old council", "blame", set())]),
    ("Blaming, as ever, the mayor, he left.", [("Blaming, as ever, the mayor", "blame", set())]),
    ("They blamed the tide. The council slept.", []),
    ("It was a sham referendum.", [("sham referendum", "vote", set())]),
    ("It was a sham island referendum.", [("sham island referendum", "vote", set())]),
    ("It was a sham, a referendum of fools.", [("sham, a referendum", "vote", set())]),
    ("It was a sham; a referendum of fools.", [("referendum", "vote", set())]),
    ("Little green men took over, and took, over tea, nothing.",
     [("Little green men", "blame", set()), ("took over", "force", set())]),
    ("It is null\nand void.", []),
    # negation
    ("The sale was not illegal.", [("illegal", "law", {N})]),
    ("It isn't really an annexation.", [("annexation", "force", {N})]),
    ("There was no armed coup.", [("coup", "force", {N})]),
    ("It was neither legal nor a coup.", [("legal", "law", {N}), ("coup", "force", {N})]),
    ("It was not a coup or illegal.", [("coup", "force", {N}), ("illegal", "law", {N})]),
    ("It was not only illegal but silly.", [("illegal", "law", set())]),
    ("The mayor will never recognise the illegal sale.", [("illegal", "law", set())]),
    ("No, illegal it was.", [("illegal", "law", set())]),
    ("There will be no vote.", [("no vote", "vote", set())]),
    # scare quotes, so-called
    ("The “referendum” was held on Monday.", [("referendum", "vote", {S})]),
    ("They fear an 'illegal annexation' of the islet.",
     [("illegal", "law", {S}), ("annexation", "force", {S})]),
    ("The so-called island referendum, the referendum of fools, began.",
     [("referendum", "vote", {C}), ("referendum", "vote", set())]),
    ("It was not “illegal”, he thought, but so called lawful.",
     [("illegal", "law", {N, S}), ("lawful", "law", {C})]),
    # nested voices
    ("“The ‘referendum’ will not be legal,” said Ida Brandt of Velmar.",
     [("referendum", "vote", set()), ("legal", "law", {N})]),
    ("“Illegal guns.” That was all Tomas Reuel said of the coup.",
     [("Illegal", "law", set()), ("guns", "force", set()), ("coup", "force", set())]),
]  # fmt: skip


def marks(hit: Hit) -> set[str]:
    return {m for m, on in ((N, hit.negated), (S, hit.scare), (C, hit.so_called)) if on}


def test_there_are_forty_sentences() -> None:
    assert len(FORTY) == 40


def found_in(text: str, matcher: Matcher) -> list[tuple[str, str, str, str]]:
    """The words of each hit, and lexicon, set and label of its entry."""
    tokens = find_tokens(text)
    hits = find_hits(text, matcher)
    words = [text[tokens.starts[h.first] : tokens.ends[h.after - 1]] for h in hits]
    entries = [matcher.entries[h.rank] for h in hits]
    return [(w, name, e.set, e.label) for w, (name, e) in zip(words, entries, strict=True)]


@pytest.mark.parametrize(("sentence", "expected"), FORTY)
def test_a_sentence_has_exactly_these_hits(
    sentence: str, expected: list[tuple[str, str, set[str]]]
) -> None:
    found = found_in(sentence, harbour())
    meant = map(marks, find_hits(sentence, harbour()))
    assert [(f[0], f[3], m) for f, m in zip(found, meant, strict=True)] == expected


def test_all_forty_in_one_text_give_the_same_hits() -> None:
    text = "\n".join(sentence for sentence, _ in FORTY)
    expected = [(words, label) for _, hits in FORTY for words, label, _ in hits]
    assert [(words, label) for words, _, _, label in found_in(text, harbour())] == expected


def test_sets_do_not_see_each_other() -> None:
    one = lexicon({"a": ["spring tide"], "b": ["tide"]}, of_set="one")
    two = lexicon({"c": ["tide"]}, name="other", of_set="two")
    found = found_in("The spring tide came.", Matcher([one, two]))
    assert [entry for _, *entry in found] == [
        ["quay", "one", "a"],
        ["other", "two", "c"],
    ]


def test_two_lexicons_together_give_what_each_gives_alone() -> None:
    texts = [e.example for e in load_lexicon("crimea-2014").entries]
    text = " ".join(texts)
    names = ["crimea-2014", "generic"]
    alone = [h for n in names for h in found_in(text, Matcher([load_lexicon(n)]))]
    together = found_in(text, Matcher([load_lexicon(n) for n in names]))
    assert sorted(together) == sorted(alone)


# ---------------------------------------------------------------- zones and voices


def counted(
    text: str, title: str = "", said: Sequence[tuple[str, str, str]] = ()
) -> dict[tuple[str, str, str, str], tuple[int, int, int]]:
    """Hits by entry, zone, voice and side: how many, of them negated, of them distanced.

    `said`: first and last words and side of statements.
    """
    blank = Statement(*[0] * 2, *[""] * 6, *[0] * 2, "")
    claimed = [
        blank._replace(start=text.index(a), end=text.index(b) + len(b), side=side)
        for a, b, side in said
    ]
    reading = read(title, text, SpeakerTable())
    readings = [replace(reading, text=reading.text._replace(said=claimed))]
    words, matcher = words_of(readings), harbour()
    times: dict[tuple[str, str, str, str], tuple[int, int, int]] = {}
    for hit in hits_in(readings, words, matcher).itertuples():
        side = words.said[hit.statement].side if hit.statement >= 0 else ""
        zone = ZONES[words.zone[hit.first]]
        place = (matcher.entries[hit.rank][1].label, zone, VOICES[hit.voice], side)
        n, negated, distanced = times.get(place, (0, 0, 0))
        is_distanced = hit.scare or hit.so_called
        times[place] = (n + 1, negated + int(hit.negated), distanced + int(is_distanced))
    return times


def test_zones() -> None:
    text = "An illegal sale. Two. Three. Four. Five. Then a coup and a coup."
    assert counted(text, "Guns and a referendum") == {
        ("force", "headline", "narrator", ""): (1, 0, 0),
        ("vote", "headline", "narrator", ""): (1, 0, 0),
        ("law", "lead", "narrator", ""): (1, 0, 0),
        ("force", "body", "narrator", ""): (2, 0, 0),
    }


def test_voices_and_sides() -> None:
    text = (
        "The town says the sale is illegal. “This is no coup at all, my friends,” said Ida. "
        "It was an illegal sale. They fear the “referendum” of May. A “coup” by gun, says Reuel."
    )
    said = [("The town says ", "illegal.", "town"), ("“This", "friends,”", "port"),
            ("A “coup”", "gun", "town")]  # fmt: skip
    assert counted(text, said=said) == {
        ("law", "lead", "reported", "town"): (1, 0, 0),
        ("force", "lead", "quoted", "port"): (1, 1, 0),
        ("law", "lead", "narrator", ""): (1, 0, 0),
        ("vote", "lead", "narrator", ""): (1, 0, 1),
        ("force", "lead", "quoted", "town"): (1, 0, 1),
        ("force", "lead", "reported", "town"): (1, 0, 0),
    }


def test_a_quotation_that_nobody_is_credited_with_has_no_side() -> None:
    assert counted("“It was an illegal sale, and nobody cared.”") == {
        ("law", "lead", "quoted", ""): (1, 0, 0)
    }


@needs_shared
def test_on_the_seeds_a_verdict_belongs_to_the_one_who_gives_it() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    texts = pd.DataFrame({"id": [p.stem for p in seeds], "text": [p.read_text() for p in seeds]})
    hits = indicator_hits(texts, ["crimea-2014"])
    hits = hits[hits["set"] == "Crimea 2014"]
    verdicts = hits[hits["found"].str.casefold().isin(["illegal", "illegitimate referendum"])]
    assert (verdicts["voice"] != "narrator").all()
    illegal = verdicts[verdicts["speaker"] == "Valentina Matviyenko"]
    assert illegal[["found", "voice"]].to_numpy().tolist() == [["illegal", "quoted"]]
    expert = verdicts[verdicts["found"] == "illegitimate referendum"]
    assert expert["voice"].to_list() == ["quoted"] and expert["speaker"].ne("").all()


# ---------------------------------------------------------------- against a second matcher


def naive(words: list[str], patterns: dict[str, list[str]]) -> list[tuple[int, int, str, str]]:
    """Leftmost, then longest, then first by name; every pattern tried at every token."""
    found = []
    at = 0
    while at < len(words):
        ends = [
            (-end, label, pattern)
            for label, its_patterns in patterns.items()
            for pattern in its_patterns
            for end in all_ends(words, at, pattern.split())
        ]
        if not ends:
            at += 1
            continue
        end, label, pattern = min(ends)
        found.append((at, -end, label, pattern))
        at = -end
    return found


def all_ends(words: list[str], at: int, parts: list[str]) -> set[int]:
    if not parts:
        return {at}
    if parts[0].startswith("{"):
        least, most = map(int, parts[0][1:-1].split(","))
        ways = [all_ends(words, at + n, parts[1:]) for n in range(least, most + 1)]
        return set().union(*ways)
    if at >= len(words):
        return set()
    fits = any(
        words[at].startswith(w[:-1]) if w.endswith("*") else words[at] == w
        for w in parts[0].split("|")
    )
    return all_ends(words, at + 1, parts[1:]) if fits else set()


token = st.text("xy", min_size=3, max_size=4)
place = st.sets(token | token.map(lambda w: w[:3] + "*"), min_size=1, max_size=2).map(
    lambda words: "|".join(sorted(words))
)
gap = st.sampled_from(["", "", "{0,1}", "{1,2}", "{0,3}"])


@st.composite
def pattern(draw: st.DrawFn) -> str:
    parts = [draw(place)]
    for _ in range(draw(st.integers(0, 2))):
        parts += [draw(gap), draw(place)]
    return " ".join(p for p in parts if p)


lexica = st.dictionaries(st.sampled_from("abc"), st.lists(pattern(), max_size=4, unique=True))


@given(lexica, st.lists(token, max_size=25))
def test_hits_equal_those_of_a_naive_matcher(
    patterns: dict[str, list[str]], words: list[str]
) -> None:
    matcher = Matcher([lexicon(patterns)])
    hits = find_hits(" ".join(words), matcher)
    entries = [matcher.entries[h.rank][1] for h in hits]
    found = [(h.first, h.after, e.label, e.pattern) for h, e in zip(hits, entries, strict=True)]
    assert found == naive(words, patterns)


@given(st.text(st.sampled_from("legal illegal not “”\"' .,-\n’sA5"), max_size=80))
def test_every_hit_is_the_text_that_it_says(text: str) -> None:
    n = len(find_tokens(text).words)
    for hit in find_hits(text, harbour()):
        assert 0 <= hit.first < hit.after <= n
    for words, *_ in found_in(text, harbour()):
        assert words in text and tokenize(words)


# ---------------------------------------------------------------- denials, distance, guards


@pytest.mark.parametrize(
    ("sentence", "negated"),
    [
        ("The mayor denied it was illegal.", True),
        ("The mayor denies that the sale would be illegal.", True),
        ("The council rejected accusations that it was illegal.", True),
        ("The council dismissed claims of an illegal sale.", True),
        ("The sale was not, as claimed, illegal.", True),
        ("It is anything but legal.", True),
        ("There is no evidence of a coup.", True),
        ("The guards are not planning a coup.", True),
        ("The guards do not intend an annexation of the islet.", True),
        ("The guards are planning a coup, and do not hide it.", False),
        ("The council rejected the illegal sale.", False),
        ("The mayor denied it and the sale was illegal.", False),
        ("The mayor denied that he had slept. The sale was illegal.", False),
        ("Not as many came, and the sale was illegal.", False),
        ("The mayor denied a baker the right to vote in the illegal referendum.", False),
    ],
)
def test_denials_reach_over_auxiliaries(sentence: str, negated: bool) -> None:
    hits = [
        h for h in find_hits(sentence, harbour()) if harbour().entries[h.rank][1].label != "vote"
    ]
    assert hits and [h.negated for h in hits] == [negated] * len(hits)


@pytest.mark.parametrize(
    ("sentence", "distanced"),
    [
        ("He spoke of what it calls a coup.", True),
        ("He spoke of what the island council has described as an illegal sale.", True),
        ("The so called coup failed.", True),
        ("They called it a coup.", False),
        ("What happened next is a coup.", False),
    ],
)
def test_words_at_arms_length(sentence: str, distanced: bool) -> None:
    hits = find_hits(sentence, harbour())
    assert hits and all(h.so_called == distanced for h in hits)


def guarded(pattern: str, **guards: object) -> Matcher:
    entry = Entry("s", "e", pattern, parse(pattern), guards=Guards(**guards))  # type: ignore[arg-type]
    about = LexiconSet("s", "indicators", "a", (), False, {"e": "a"})
    return Matcher([Lexicon("n", "0", "t", "a", {"s": about}, {}, (entry,))])


@pytest.mark.parametrize(
    ("guards", "text", "hits"),
    [
        ({"near": ("pier|quay",)}, "The attack on the pier. An attack.", 1),
        ({"near": ("attack",)}, "An attack.", 0),  # not by itself
        ({"near": ("attack",)}, "An attack and an attack.", 2),
        ({"not_near": ("heart",)}, "A heart attack. An attack.", 1),
        ({"not_in": ("heart attack", "attack dog")}, "A heart attack, attack dog, an attack.", 1),
        ({"article": ("pier",)}, "An attack. The pier. An attack.", 2),
        ({"article": ("pier",)}, "An attack.", 0),
        ({"not_article": ("pier",)}, "An attack. The pier.", 0),
        ({"part_of_name": False}, "Attack Point is a cape. There was an attack on it.", 1),
        ({"part_of_name": False}, "They met Norton Attack of the guild at noon.", 0),
        ({"part_of_name": False}, "The Attack On The Harbour Council", 1),  # capitals tell nothing
        ({"near": ("sea ice",)}, "The attack came over sea ice; no attack came by sea.", 2),
    ],
)  # fmt: skip
def test_guards(guards: dict[str, object], text: str, hits: int) -> None:
    assert len(find_hits(text, guarded("attack", **guards))) == hits


def test_a_match_that_a_guard_keeps_out_leaves_room_for_a_shorter_one() -> None:
    long = Entry("s", "long", "spring tide", parse("spring tide"), guards=Guards(near=("moon",)))
    short = Entry("s", "short", "tide", parse("tide"))
    about = LexiconSet("s", "indicators", "a", (), False, {"long": "a", "short": "a"})
    matcher = Matcher([Lexicon("n", "0", "t", "a", {"s": about}, {}, (long, short))])
    assert [f[3] for f in found_in("The spring tide. The moon and a spring tide.", matcher)] == [
        "short",
        "long",
    ]


def test_the_headline_is_part_of_the_article() -> None:
    reading = read("Pier closed", "An attack.", SpeakerTable())
    hits = hits_in([reading], words_of([reading]), guarded("attack", article=("pier",)))
    assert hits.found.tolist() == ["attack"]


def test_words_found_are_those_of_the_pattern_and_can_not_be_chained() -> None:
    texts = ["They took over the guns of the islanders."]
    reading = [read("", text, SpeakerTable()) for text in texts]
    assert hits_in(reading, words_of(reading), harbour()).found.tolist() == [
        "took over",
        "guns",
        "islanders",
    ]
    reading = [read("", "They were blaming the very old mayor.", SpeakerTable())]
    assert hits_in(reading, words_of(reading), harbour()).found.tolist() == ["blaming … mayor"]


@pytest.mark.parametrize(
    "unit", ["x ", "harbour ", "denied it was illegal and ", '"illegal" ', "Ab "]
)
def test_time_grows_with_the_text_alone(unit: str) -> None:
    patterns = {"a": ["x {0,8} x {0,8} y", "harbour {0,8} harbour {0,8} pier", "illegal", "ab"]}
    matcher = Matcher([lexicon(patterns)])

    def seconds(n: int) -> float:
        start = time.process_time()
        find_hits(unit * n, matcher)
        return time.process_time() - start

    small, large = seconds(2_000), seconds(16_000)
    assert large < 30 * max(small, 0.02)


def test_markers_have_a_source() -> None:
    path = LANGUAGES / "en" / "markers.toml"
    assert "\nsource = " in path.read_text("utf-8")
