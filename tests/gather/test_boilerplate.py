"""Furniture is found by its recurrence; wire copy, quotations and subheads stay."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.gather.boilerplate import COLUMNS, recurs, remove_boilerplate
from analysis.gather.schema import FIRST

NOUNS = ["bridge", "river", "ferry", "market", "council", "school", "harbour", "tower", "mill"]
VERBS = ["closed", "opened", "delayed", "praised", "moved", "sold", "repaired", "counted"]
PLACES = ["Tarn", "Orley", "Vale", "Hartmoor", "Lund", "Ives", "Brockham", "Selwick"]


def prose(rng: random.Random, n: int = 6) -> list[str]:
    """Invented paragraphs that hardly repeat."""
    return [
        f"The {rng.choice(NOUNS)} of {rng.choice(PLACES)} was {rng.choice(VERBS)} for the "
        f"{rng.randint(2, 9999)}th time, and {rng.randint(2, 9999)} people {rng.choice(VERBS)} "
        f"their {rng.choice(NOUNS)} before the {rng.choice(NOUNS)} was {rng.choice(VERBS)}."
        for _ in range(n)
    ]


def table(*texts: list[str], outlet: str = "Tarn Post") -> pd.DataFrame:
    rows = [
        dict.fromkeys(FIRST, "") | {"id": f"a{i:04}", "outlet": outlet, "text": "\n\n".join(t)}
        for i, t in enumerate(texts)
    ]
    return pd.DataFrame(rows, dtype="str")


def bodies(n: int) -> list[list[str]]:
    # Shapes mask digits, so the words themselves must differ: each body gets its own seed.
    return [prose(random.Random(seed)) for seed in range(n)]


def cleaned(*texts: list[str], outlet: str = "Tarn Post") -> list[list[str]]:
    articles, _ = remove_boilerplate(table(*texts, outlet=outlet))
    return [t.split("\n\n") for t in articles["text"]]


def test_the_bound_by_hand():
    # 1 + ⌈√n / 2⌉: √4/2 = 1; √5/2 = 1.1; √16/2 = 2; √100/2 = 5; √1000/2 = 15.8
    assert [recurs(n) for n in (2, 4, 5, 16, 17, 100, 1000)] == [2, 2, 3, 3, 4, 6, 17]


def test_galleries_go_whatever_they_are_called():
    gallery = (
        "Pictures: The flood – A boat in the market. Hide caption 1 of 3 Pictures: The flood – "
        "A dog on a roof. Hide caption 2 of 3 Pictures: The flood – Ada Orr. Hide caption 3 of 3"
    )
    body = bodies(1)[0]
    articles, removed = remove_boilerplate(table([*body[:3], gallery, *body[3:]]))
    assert articles["text"].iloc[0].split("\n\n") == body
    assert list(removed["reason"]) == ["gallery"]
    assert list(removed["line"]) == [gallery]


def test_votes_counted_of_a_whole_are_no_gallery():
    body = ["In the first ward 1 of 9 councillors left; in the second ward 3 of 9 left early."]
    assert cleaned(body) == [body]


def test_frames_with_changing_names_and_numbers():
    teasers = [
        "SEEN NOW The mayor on her bridge Again All Films 02:16",
        "SEEN NOW Why ferries are late Again All Films 11:05",
        "SEEN NOW A dog on the roof Again All Films 00:48",
    ]
    texts = bodies(3)
    assert cleaned(*[[*b[:2], t, *b[2:]] for b, t in zip(texts, teasers, strict=True)]) == texts


def test_bylines_and_house_lines():
    texts = bodies(4)
    names = ["Ada Orr", "Ben Vale", "Cleo Hart", "Dan O'Hara"]
    given_ = [
        [name, "TARN POST", *body, "Tarn Post is printed on paper from Lund"]
        for name, body in zip(names, texts, strict=True)
    ]
    articles, removed = remove_boilerplate(table(*given_))
    assert [t.split("\n\n") for t in articles["text"]] == texts
    assert removed.groupby("line")["id"].nunique().loc["TARN POST"] == 4


@pytest.mark.parametrize(("stories", "holding"), [(2, 2), (4, 4), (6, 3), (20, 6), (12, 12)])
@pytest.mark.parametrize("place", [0, 6])
def test_background_that_opens_or_closes_stories_is_content(stories, holding, place):
    said = "The bridge of Tarn was built in the year of the great frost by masons from Selwick."
    texts = bodies(stories)
    given_ = [[*b[:place], said, *b[place:]] if i < holding else b for i, b in enumerate(texts)]
    assert cleaned(*given_) == given_


def test_the_name_of_a_column_that_opens_stories_goes():
    assert cleaned(*[["A weekly look at rivers and boats.", *b] for b in bodies(4)]) == bodies(4)


def test_background_whose_names_change_is_content():
    said = "The mayor of {} has said again and again that no bridge will be closed this winter."
    given_ = [[*b, said.format(p)] for b, p in zip(bodies(6), PLACES, strict=False)]
    assert cleaned(*given_) == given_


def test_a_sentence_about_the_page_needs_two_stories():
    tail = "Our weekly column is free; this column may be passed on to friends by e-mail."
    assert cleaned(*[[*b, tail] for b in bodies(2)]) == bodies(2)


def test_a_background_sentence_in_the_middle_stays():
    background = "The bridge was built in the year of the great frost by masons from Selwick."
    halves = [(prose(random.Random(k), 8), prose(random.Random(99 + k), 8)) for k in range(6)]
    texts = [[*before, background, *after] for before, after in halves]
    assert cleaned(*texts) == texts


@pytest.mark.parametrize(
    "quotation",
    [
        "“We will not open it before every stone has been looked at,” said Ada Orr.",
        '"It was never our bridge"',
        "'No crossing at night'",
    ],
)
def test_a_quotation_that_articles_share_stays(quotation):
    texts = [[*b[:3], quotation, *b[3:]] for b in bodies(6)]
    assert cleaned(*texts) == texts


def test_versions_of_one_story_count_once():
    story = bodies(1)[0]
    versions = [
        [*story, "The mayor will speak on Monday"],
        [*story, "The mayor will speak on Monday"],
    ]
    assert cleaned(*versions) == versions


def test_a_block_said_twice_in_one_article_stays_once():
    body = bodies(1)[0]
    articles, removed = remove_boilerplate(table([*body, body[1]]))
    assert articles["text"].iloc[0].split("\n\n") == body
    assert removed["reason"].tolist() == ["repeated block"]


def test_the_outlets_own_dateline_and_label_go():
    texts = bodies(4)
    fronts = [
        "TARN (Tarn Post) -- ",
        "(Tarn Post) - ",
        "Orley, Vale (Tarn Post) — ",
        "(TARN POST) ",
    ]
    given_ = [[front + b[0], *b[1:]] for front, b in zip(fronts, texts, strict=True)]
    assert cleaned(*given_) == texts
    assert cleaned(*[["Tale highlights " + b[0], *b[1:]] for b in texts]) == texts


def test_photo_credits_behind_a_caption():
    body = bodies(1)[0]
    assert cleaned(["The river at noon Photo: Ada Orr/ Lundpix", *body]) == [
        ["The river at noon", *body]
    ]


@pytest.mark.parametrize(
    ("paragraph", "left"),
    [
        ("The river at noon (Ada Orr/ Getty) fell again.", "The river at noon fell again."),
        ("The Tarn Press (AP) said so.", "The Tarn Press (AP) said so."),
        (
            "The river rose by two metres before it fell again in the night (Orr/AP).",
            "The river rose by two metres before it fell again in the night.",
        ),
        ("TARN (Orr/ AP) — The bridge is shut.", "TARN (Orr/ AP) — The bridge is shut."),
    ],
)
def test_photo_credits_inside_a_paragraph(paragraph, left):
    body = bodies(1)[0]
    assert cleaned([*body[:3], paragraph, *body[3:]]) == [[*body[:3], left, *body[3:]]]


@pytest.mark.parametrize(
    "caption",
    [
        "Ada Orr and the ferryman of Selwick cross the old bridge on Monday (AFP/Getty Images)",
        "Ada Orr and the ferryman of Selwick cross the old bridge in 2014. (Ben Vale/Reuters)",
        "Ada Orr and the ferryman of Selwick cross the old bridge on Monday morning (AP)",
    ],
)
def test_a_picture_s_caption_with_its_credit_is_not_the_text(caption):
    body = bodies(1)[0]
    assert cleaned([*body[:3], caption, *body[3:]]) == [body]


def test_an_advertisement_and_what_it_announces():
    body = bodies(1)[0]
    ads = [
        "Vote Now:",
        "Do You Like The New Bridge?",
        "Urgent:",
        "Test Your Boat Today. Click Here.",
    ]
    assert cleaned([body[0], *ads[:2], *body[1:], *ads[2:]]) == [body]
    asked = ["Special:", "The council asked itself whether it had been right to shut the bridge?"]
    assert cleaned([body[0], *asked, *body[1:]]) == [[body[0], asked[1], *body[1:]]]


@pytest.mark.parametrize(
    "line",
    [
        "Are you in Tarn? What did you see of the flood? E-mail us at flood@tarn.example today.",
        "Your contact details Name (optional) E-mail (required) Comments (required) " + "x " * 90,
        "Tarn Watch reads the river for you. For more reports from Tarn Watch, click here.",
        "This article is only available to subscribers.",
        "Sie haben bereits ein Abo? Hier anmelden",
        "Il vous reste 62 % de cet article à lire. La suite est réservée aux abonnés.",
        "Para seguir leyendo este artículo, suscríbase.",
        "¿Ya es suscriptor? Inicie sesión",
        "You have read all of your free articles this month.",
        "Related: Ferry fares double",
        "Lesen Sie auch: Warum die Brücke schließen muss",
        "LEGGI ANCHE > Perché il ponte deve chiudere",
        "Läs också: Därför stängs bron",
        "This article was amended on 16 March 2031 to correct the cost of the work.",
        "Tarnpress.example is a Tarn Post content partner providing news of rivers and lakes.",
    ],
)
def test_furniture_by_its_wording(line):
    body = bodies(1)[0]
    assert cleaned([*body, line]) == [body]


@pytest.mark.parametrize(
    "sentence",
    [
        "Reporting by the council shows that the bridge was never safe.",
        "Subscribers to the theory that rivers rise alone were few in Tarn.",
        "Are you mad, the mayor asked the engineer, to open the bridge before it has dried?",
        "You have read the signs, the ferryman said, and now you know.",
        "This report was corrected by the council before anybody in Tarn had read it.",
        "Follow the river and you will come to the mill, they say in Selwick.",
        "He clicked his tongue and said that there was no more to see here.",
    ],
)
def test_sentences_that_only_look_like_furniture_stay(sentence):
    body = bodies(1)[0]
    assert cleaned([*body, sentence]) == [[*body, sentence]]


def test_outlets_are_judged_apart():
    line = "A line that two papers share"
    one = table(*[[*b, line] for b in bodies(1)])
    other = table(*[[*b, line] for b in bodies(1)], outlet="Le Passeur").assign(id="b")
    articles, removed = remove_boilerplate(pd.concat([one, other], ignore_index=True))
    assert len(removed) == 0
    assert articles["text"].str.endswith(line).all()


def test_what_is_kept_of_removed_lines_adds_up_and_holds_none_of_their_words():
    tail = "Copyright " + " ".join(f"word{i}" for i in range(30)) + " Tarn Post"
    before = table(*[[*b, tail] for b in bodies(5)])
    after, removed = remove_boilerplate(before)
    assert list(removed.columns) == COLUMNS and len(removed) == 5
    lost = before["text"].str.len().sum() - after["text"].str.len().sum()
    assert lost == removed["line"].str.len().sum() + 2 * len(removed)  # the blank line before each
    assert "5 passages" in after.attrs["notes"][-1]
    counted = pd.DataFrame(after.attrs["removed"])
    assert counted["lines"].tolist() == [1] * 5 and counted["words"].tolist() == [33] * 5
    again, _ = remove_boilerplate(after)
    assert again.attrs["removed"] == after.attrs["removed"]


def test_an_article_of_furniture_alone_stays():
    texts = [["Advertisement"], ["Advertisement"]]
    assert cleaned(*texts) == texts


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.randoms(use_true_random=False))
def test_row_order_does_not_matter_and_cleaning_is_done_once(n, rng):
    tails = ["All bridges of Tarn on one map", "Send a stone to the mill"]
    frame = table(*[[*b, rng.choice(tails)] for b in bodies(n)])
    once, removed = remove_boilerplate(frame)
    shuffled = frame.sample(frac=1, random_state=rng.randint(0, 9))
    again, listed = remove_boilerplate(shuffled)
    pd.testing.assert_frame_equal(listed, removed)
    pd.testing.assert_frame_equal(again.sort_values("id", ignore_index=True), once)
    twice, nothing = remove_boilerplate(once)
    assert list(twice["text"]) == list(once["text"])
    assert len(nothing) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40))
def test_prose_alone_is_never_touched(n):
    frame = table(*bodies(n))
    articles, removed = remove_boilerplate(frame)
    assert list(articles["text"]) == list(frame["text"])
    assert len(removed) == 0


def test_the_beginning_of_sentences_is_no_label():
    fronts = (f"Divers found {n} boats in mud. " for n in range(3, 7))
    texts = [[front + b[0], *b[1:]] for front, b in zip(fronts, bodies(4), strict=True)]
    assert cleaned(*texts) == texts


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (0, "tarnpost.com"),
        (0, "Lundmark Tarn Bureau"),
        (2, "Councillor Ada Orr opens the new bridge in May. Hide Caption 3 of 9"),
        (2, "More On This..."),
        (2, "By Ida BrandtTPN News, TarnMayor seeks help"),
        (-1, "Read TarnOpinion's new Clipboard magazine."),
        (-1, "Orr reported from Orley, Va."),
        (-1, "The Post's live coverage of the flood will resume in the morning."),
        (0, "This post was updated at 9:30 a.m. ET."),
        (0, "Ada Orr and Ben Vale"),
        (0, "Ada Orr, Ben Vale, and Ida Brandt Holm"),
        (3, "Ferrymen with ropes and lanterns at the old quay (Vera Holm)"),
        (3, "18.07 Sailors raise a flag in the bay of Selwick:VERA HOLM/ EPA"),
        (3, "FILE - Ada Orr leaves the hall of Tarn on May 2, 2020. (AP Photo/Vera Holm, File)"),
        (3, "Ada Orr speaks to ferrymen in Tarn, May 2, 2020. REUTERS/Vera Holm/File Photo"),
        (3, "Getty Images Ferrymen with ropes and lanterns at the old quay of Selwick"),
        (3, "AP:Associated Press Ada Orr speaks to ferrymen in Tarn last night"),
        (3, "Opinion: Why the bridge must go"),
        (-1, "Name (optional) Your E-mail address (required) Town (optional)"),
    ],
)
def test_lines_of_the_page_go_wherever_they_stand_alone(place, line):
    body = bodies(1)[0]
    at = place % (len(body) + 1) if place < 0 else place
    assert cleaned([*body[:at], line, *body[at:]]) == [body]


@pytest.mark.parametrize(
    "line",
    [
        "The live coverage of the trial was praised by the council of Tarn.",
        "The mayor said that the post was updated by hand, and that it was based on reports.",
        "Ada Orr reported from Orley that the quay had been lost to the flood of the night.",
        "By Monday the bridge was closed.",
        "Ada Orr and Ben Vale were seen at the quay.",
        "The mayor asked for a word with the ferrymen of the old quay (Vera Holm).",
        "Opinion: it is what the town has most of, said the mayor.",
        "Reuters Tarn bureau was told by the mayor that the bridge is shut.",
        "Reuters reported that the bridge of Selwick is shut until the spring",
    ],
)
def test_sentences_that_are_like_them_stay(line):
    body = bodies(1)[0]
    assert cleaned([*body, line]) == [[*body, line]]
