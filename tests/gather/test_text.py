"""Normal form, and paragraphs glued without white space."""

import random
import textwrap
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.gather.text import normalize, paragraphs, part

WORDS = [
    "bridge",
    "river",
    "town",
    "council",
    "engineers",
    "ferry",
    "market",
    "harbour",
    "winter",
    "storm",
    "said",
    "reported",
    "after",
    "before",
    "with",
    "under",
    "against",
    "quietly",
    "twice",
    "again",
    "new",
    "old",
    "stone",
    "timber",
    "children",
    "workers",
]
STARTS = ["The", "In", "Mr", "Engineers", "But", "After", "Tarn", "It's", "She", "We’ve", "NATO"]
ENDS = ["bridge.", "town!", "river?", "(the old one).", "in 1987.", "by 40%.", "for the EU."]


def invent(rng: random.Random) -> str:
    """An invented paragraph, plain or quoted, with things that look like glue and are none."""
    words = rng.choices([*WORDS, "U.S.", "e.g.", "Dr.", "3.5"], k=rng.randint(6, 30))
    body = " ".join([rng.choice(STARTS), *words, rng.choice(ENDS)])
    marks = rng.choice(["", "", '""', "“”"])
    return marks[:1] + body + marks[1:]


paragraph = st.integers(0, 2**32).map(lambda seed: invent(random.Random(seed)))


def _ends(parts: list[str]) -> set[int]:
    return set(accumulate(map(len, parts[:-1])))


def test_at_least_95_of_100_glued_paragraphs_are_parted():
    written = [invent(random.Random(seed)) for seed in range(1000)]
    found = part("".join(written)).split("\n")
    assert len(_ends(written) & _ends(found)) >= 0.95 * 999


@settings(max_examples=150)
@given(st.lists(paragraph, min_size=2, max_size=12))
def test_a_paragraph_is_never_parted_inside(written):
    assert _ends(part("".join(written)).split("\n")) <= _ends(written)


@settings(max_examples=150)
@given(st.lists(paragraph, max_size=12))
def test_a_text_without_glue_is_unchanged(written):
    for text in ("\n\n".join(written), " ".join(written)):
        assert part(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.Army and the U.N.Charter.",
        "Write to Ann.Hale@tarn-post.example or see www.tarn.example/News.Html today.",
        "Dr.Hale met Mr.Orr and Gen.Vale in St.Anne.",
        "Yahoo.Com and Tarnpost.Co.Uk are addresses.",
        "A pause...Then nothing. And yet…Again.",
        "The iPhone, McDonald and eBay; Node.js; 3.5 and 14.03.2014.",
        "As the survey showed.[13] Other towns agree.[14] So be it.",
        'He said "no." She said "yes."',
    ],
)
def test_what_looks_like_glue_and_is_none(text):
    assert part(text) == text


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        ("in character.”At first it held.", ["in character.”", "At first it held."]),
        ("It fell. Why?In 1893 it stood.", ["It fell. Why?", "In 1893 it stood."]),
        ('He left."We wait," she said.', ["He left.", '"We wait," she said.']),
        ('"He left."We waited on.', ['"He left."', "We waited on."]),
        (
            '"It was a mistake"."It\'s over," he said.',
            ['"It was a mistake".', '"It\'s over," he said.'],
        ),
        ("he said.”“The town waits.", ["he said.”", "“The town waits."]),
        ("Er ging.“Dann kam sie.", ["Er ging.", "“Dann kam sie."]),
        ("„Er ging.“Dann kam sie.", ["„Er ging.“", "Dann kam sie."]),
        (
            "The river rose.It fell.Flood fearsSelwick has not opened the lock.",
            ["The river rose.", "It fell.", "Flood fears", "Selwick has not opened the lock."],
        ),
        (
            "The river rose.It fell.'High water'Selwick has shut. He added: \"It rose\" and went.",
            [
                "The river rose.",
                "It fell.",
                "'High water'",
                'Selwick has shut. He added: "It rose" and went.',
            ],
        ),
        (
            "The river rose.It fell.An iPhone, an eBay Shop, d'Orley and #tarnWaits stay.",
            [
                "The river rose.",
                "It fell.",
                "An iPhone, an eBay Shop, d'Orley and #tarnWaits stay.",
            ],
        ),
        ("Мост закрыт.Паром ходит.", ["Мост закрыт.", "Паром ходит."]),
        (
            "Crowds at the bridge Photo: Ada Orr/ PostBy Ben Vale9:26PM GMT 24 Mar 2014Tarn waits."
            "The river rose.It fell.",
            [
                "Crowds at the bridge Photo: Ada Orr/ Post",
                "By Ben Vale",
                "9:26PM GMT 24 Mar 2014",
                "Tarn waits.",
                "The river rose.",
                "It fell.",
            ],
        ),
    ],
)
def test_places_of_parting(glued, parts):
    assert part(glued).split("\n") == parts


def test_normal_form():
    assert normalize("\ufeffCafe\u0301\u00a0bar\u200b \t x\r\ny\u2028z\x00") == "Café bar x\ny\nz"


def test_hard_wrapped_lines_are_joined_and_others_are_not():
    wrapped = (
        "The council of Tarn met on Monday to decide about the bridge, which\n"
        "had been closed since the storm, and heard the engineers for hours\n"
        "before it voted to keep the ferry running until the spring arrives.\n"
    )
    assert len(paragraphs(wrapped)) == 1
    assert paragraphs("One line.\nAnother line.\n\nA third.") == [
        "One line.",
        "Another line.",
        "A third.",
    ]


PROSE = [
    "The council of Tarn met on Monday to decide about the bridge, which had been closed since the "
    "storm, and heard the engineers for hours before it voted to keep the ferry running until the "
    "spring arrives and the river has fallen to where it was before the winter rains.",
    "A well-known engineer looked at the long-delayed wall. “We have no choice,” he said. Nobody "
    "was hurt, but three boats sank at the north pier and the school of Selwick lost its roof.",
    "Traders on the left bank fear for their market, which opens in less than a fortnight.",
]


@pytest.mark.parametrize("width", [28, 36, 45, 60, 72, 80, 100, 132])
@pytest.mark.parametrize("between", ["\n\n", "\n\n   "])
def test_lines_broken_for_width_are_joined_in_any_width(width, between):
    wrapped = between.join(textwrap.fill(p, width) for p in PROSE)
    assert paragraphs(wrapped) == PROSE


@pytest.mark.parametrize(
    "lines",
    [
        ["The river", "The bridge", "The ferry", "The town"],  # a menu
        ["Ferry fares double in spring", "Storm closes the harbour", "Mayor of Tarn steps down"],
        ["O river that runs by the town in the night,", "And bridge that is older than stone,"] * 3,
        ["HART: What did he say to you?", "VALE: He said no.", "HART: And then what did he do?"],
        [
            "These are on the list:",
            "- the old stone bridge over the river",
            "- the ferry to Selwick",
        ],
        PROSE,
        [p.split(". ")[0] + "." for p in PROSE],
    ],
)
def test_lines_that_mean_something_are_not_joined(lines):
    assert paragraphs("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("wrapped", "words"),
    [
        ("bro-\nken", "broken"),  # neither half is a word
        ("nego-\ntiations", "negotiations"),
        ("well-\nknown", "well-known"),  # both halves are
        ("long-\ndelayed", "long-delayed"),
        ("Ver\u00ad\nhandlung", "Verhandlung"),
        ("nego¬\ntiations", "negotiations"),
        ("nego\u2010\ntiations", "negotiations"),
        ("North-\nSouth", "North- South"),  # a capital letter: no word was broken
    ],
)
def test_words_broken_at_line_ends_are_made_whole(wrapped, words):
    before, after = wrapped.split("\n")
    lines = ["The council of the old town met for a", f"long time and talked of {before}", after]
    lines[2] += " matters while the river was still"
    lines += ["rising over the quay and into the hall", "of the market, where nobody was hurt."]
    assert words in paragraphs("\n".join(lines))[0]


def test_a_word_that_the_text_has_elsewhere_decides():
    text = (
        "The up-\nkeep of the bridge is dear, and the\nup-keep of the ferry is dear as well, they\n"
    )
    assert (
        "The up-keep of the bridge"
        in paragraphs(text + "say in the council of the old town now.")[0]
    )


def test_marks_without_end_are_cut():
    assert len(normalize("a" + "\u0327\u0301" * 50_000)) < 40


@given(st.text())
def test_the_normal_form_is_a_fixed_point(text):
    once = "\n\n".join(paragraphs(text))
    assert "\n\n".join(paragraphs(once)) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip() and "\n\n\n" not in once and "\u00a0" not in once


def test_entries_and_captions_of_a_glued_live_page_are_parted():
    text = (
        "The bridge was closed.Nobody was hurt there.The mayor spoke at noon."
        "People on the quay of Tarn:ADA ORR/ Getty18.05 The council meets."
        "A boat at the pier. PHOTO: REUTERS17.56 Rain falls.17.43 A siren sounds.16.29 It is dry."
        "Troops at the mill (Ada Orr)But the river went on rising all day."
    )
    parted = part(text).split("\n")
    for start in ("18.05 The", "17.56 Rain", "17.43 A siren", "16.29 It", "But the river"):
        assert any(line.startswith(start) for line in parted), start
    assert part("At 18.05 The Bell rings; see page 17.56 Rain.") == (
        "At 18.05 The Bell rings; see page 17.56 Rain."
    )
