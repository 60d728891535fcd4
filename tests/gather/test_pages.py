"""Saved pages of different construction. Places, people, outlets and events are invented."""

import json

import pytest
from conftest import SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.gather.pages import furniture, line_kind, read_head, read_page
from analysis.gather.problems import BadArticle

BODY = [
    "The old bridge at Tarn was closed on Monday after the river rose by two metres overnight.",
    "Engineers found cracks in three of its seven piers, the town council said in a statement.",
    "“We will not open it before every stone has been looked at,” said the mayor, Ada Orr.",
    "No ferry at night",
    "The ferry will run until eight in the evening, and buses go round by the upper valley.",
    "She waited.",
    "Traders on the left bank fear for the winter market, which opens in less than a fortnight.",
]
TEXT = "\n\n".join(BODY)
TITLE = "Tarn closes its bridge as the river rises"


def page(*before: str, after: tuple[str, ...] = (), body: list[str] = BODY) -> str:
    return "\n\n".join([*before, *body, *after])


GERMAN_MENU = page(
    f"{TITLE} | News | Tarn Kurier | 14.03.2014",
    "  1. Inhalt\n  2. Navigation\n  3. Weitere Inhalte\n  4. Suche",
    TITLE,
    after=("ab/cde (AFP, dpa)", "Tarn Kurier recommends"),
)
PLAYER = page(
    "Accessibility links\n\nBreaking News",
    TITLE,
    TITLE,
    "Loading...\n\nNo video source is available\n\n0:00 0:02:41 0:00",
    TITLE,
    after=("XS\nSM\nMD\nLG",),
)
FRENCH_MENU = page(
    "Aller au contenu\nAccueil\nMonde\nPolitique\nCulture\nSport\nConnexion",
    TITLE,
    "Par Luc Amand",
    "Publié le 14 mars 2014 à 18:05",
    "Partager",
    after=("À lire aussi", "Le marché d'hiver change de rive", "© 2014 Le Passeur"),
)
SHARES = page(
    "Skip to main content",
    "Home\nWorld\nBusiness\nSport\nWeather\nSign in",
    TITLE,
    "By Ben Vale, Friday 14 March 2014",
    "1,204 shares",
    "Facebook Twitter WhatsApp Email",
    "Photo: Cleo Hart/Getty Images",
    after=(
        "The Associated Press contributed to this report.",
        "Sign up for our morning newsletter and never miss a story.",
        "Related stories",
        "Ferry company doubles its fares",
        "A storm closed the harbour for the third time this month.",
        "Copyright 2014 The Tarn Post. All rights reserved.",
    ),
)
BARE = page()
TITLED = page(TITLE, "14 March 2014")
TRANSCRIPT = page(
    TITLE,
    "Share\nDownload\nEmbed\nTranscript",
    body=[
        "CLEO HART, HOST: The bridge at Tarn is closed, and nobody knows for how long.",
        "BEN VALE, BYLINE: I walked down to the river this morning and met the ferryman.",
        "HART: What did he say?",
        "VALE: He said no.",
        "HART: And the mayor of the town, who promised to open it by the end of the week?",
        "VALE: She has not spoken to any reporter since the council met on Monday evening.",
    ],
    after=("Copyright © 2014 Radio Tarn. All rights reserved.",),
)
RUSSIAN_BODY = [
    "Мост через реку Тарн закрыт до понедельника, сообщила городская администрация в пятницу.",
    "Инженеры проверяют опоры, а жители добираются до рынка на пароме или в объезд.",
    "«Мы не откроем его раньше времени», — сказала мэр города Ада Орр журналистам.",
]
RUSSIAN = page(
    "Главная\nНовости\nПолитика\nЭкономика\nКультура\nСпорт",
    "В Тарне закрыли мост через реку",
    "14 марта 2014, 18:05",
    "Поделиться",
    body=RUSSIAN_BODY,
    after=("(Интерфакс)", "Читайте также", "Паром подорожал вдвое", "Все права защищены"),
)
NOTICE_FIRST = page(
    "We use cookies to improve your experience on this site and to show you advertisements.",
    "Accept all",
    f"{TITLE} - The Tarn Post",
    "Menu",
    "A late teaser: the ferry company says it will double its fares from the first of April.",
    TITLE,
    "Published 14 March 2014 | Updated 15 March 2014",
    "5 min read",
    after=("Topics: Tarn, bridges, rivers", "Most read", "1. Ferry fares double"),
)
DATELINE = page(
    TITLE,
    body=["TARN (Reuters) - The old bridge was closed on Monday after the river rose.", *BODY[1:]],
)
AT = {"title": TITLE, "date": "2014-03-14", "outlet": "", "agency": "", "text": TEXT}


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        (GERMAN_MENU, AT | {"outlet": "Tarn Kurier", "agency": "AFP, dpa"}),
        (PLAYER, AT | {"date": ""}),
        (FRENCH_MENU, AT | {"outlet": "Le Passeur"}),
        (SHARES, AT | {"outlet": "The Tarn Post", "agency": "AP"}),
        (BARE, AT | {"title": "", "date": ""}),
        (TITLED, AT),
        (NOTICE_FIRST, AT | {"outlet": "The Tarn Post"}),
        (
            RUSSIAN,
            AT
            | {"title": "В Тарне закрыли мост через реку", "agency": "Interfax"}
            | {"text": "\n\n".join(RUSSIAN_BODY)},
        ),
        (
            DATELINE,
            AT
            | {"date": "", "agency": "Reuters"}
            | {"text": TEXT.replace(" at Tarn", "", 1).replace(" by two metres overnight", "", 1)},
        ),
    ],
    ids=["german", "player", "french", "shares", "bare", "titled", "notice", "russian", "dateline"],
)
def test_pages(saved, expected):
    found = read_page(saved)
    assert {k: found[k] for k in expected} == expected
    assert not found["unread"]


def test_transcript_keeps_every_turn():
    found = read_page(TRANSCRIPT)
    assert found["title"] == TITLE
    assert found["outlet"] == "Radio Tarn"
    assert found["text"].count("HART") == 3 and found["text"].count("VALE") == 3


def test_every_line_is_kept_or_listed_as_removed():
    for saved in (GERMAN_MENU, PLAYER, FRENCH_MENU, SHARES, RUSSIAN, NOTICE_FIRST):
        found = read_page(saved)
        lines = [line.strip() for line in saved.split("\n") if line.strip()]
        kept = found["text"].split("\n\n")
        assert sorted([*kept, *(line for line, _ in found["removed"])]) == sorted(lines)
        assert all(reason for _, reason in found["removed"])


def test_a_list_that_a_colon_announces_stays():
    names = ["Ada Orr, mayor", "Ben Vale, roads", "Cleo Hart, market", "Dan Ives", "Eve Lund"]
    body = [*BODY[:3], "These were elected to the bridge committee on Monday:", *names, *BODY[3:]]
    assert read_page(page(TITLE, body=body))["text"] == "\n\n".join(body)


def test_a_menu_inside_the_text_goes():
    menu = ["Home", "World", "Business", "Sport", "Weather"]
    assert read_page(page(TITLE, body=[*BODY[:2], *menu, *BODY[2:]]))["text"] == TEXT


def test_bytes_are_decoded_and_the_encoding_is_named():
    found = read_page(RUSSIAN.encode("cp1251"))
    assert found["encoding"] == "cp1251"
    assert found["text"] == "\n\n".join(RUSSIAN_BODY)


def test_an_ambiguous_date_is_not_guessed():
    found = read_page(page(TITLE, "Published: 03/04/2014"))
    assert found["date"] == ""
    assert "can be read day first or month first" in str(found["unread"]["date"])
    assert read_page(page(TITLE, "Published: 03/04/2014"), dayfirst=True)["date"] == "2014-04-03"


@pytest.mark.parametrize("saved", ["Home\nNews\nSport", "please wait", TITLE])
def test_a_page_without_running_text_is_refused(saved):
    with pytest.raises(BadArticle, match=r"x\.txt, field 'text': no running text is left"):
        read_page(saved, file="x.txt")


def test_html_is_recognised():
    paragraphs = "".join(f"<p>{p}</p>" for p in BODY if len(p) > 20)
    html = (
        f"<!doctype html><html><head><title>{TITLE}</title>"
        '<meta property="article:published_time" content="2014-03-14T18:05:00+01:00">'
        '<meta property="og:site_name" content="The Tarn Post"></head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{TITLE}</h1>{paragraphs}</article>"
        "</body></html>"
    )
    found = read_page(html.encode())
    assert (found["title"], found["date"], found["outlet"]) == (
        TITLE,
        "2014-03-14",
        "The Tarn Post",
    )
    assert found["text"].split("\n\n") == [p for p in BODY if len(p) > 20]


sentence = st.lists(
    st.sampled_from(["river", "bridge", "ferry", "town", "mayor", "stone"]), min_size=5
).map(lambda words: " ".join(words).capitalize() + ".")


@settings(max_examples=100)
@given(st.lists(sentence, min_size=1, max_size=8, unique=True))
def test_running_text_alone_is_never_touched(sentences):
    found = read_page("\n\n".join(sentences))
    assert found["text"] == "\n\n".join(sentences)
    assert found["removed"] == []


@settings(max_examples=50)
@given(st.lists(sentence, min_size=3, max_size=8, unique=True), st.integers(0, 5))
def test_reading_twice_changes_nothing(sentences, seed):
    once = read_page(page("Home", "Share", TITLE, TITLE, body=sentences, after=("XS", "SM")))
    again = read_page(once["text"])
    assert again["text"] == once["text"] == "\n\n".join(sentences)


def test_every_furniture_pattern_says_where_it_is_from():
    for entry in furniture():
        assert entry["where"] in ("head", "tail", "end", "anywhere")
        assert entry["kind"] and entry["note"] and entry["source"]


def test_the_seeds():
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("needs ../shared/seeds")
    found = [read_page(p.read_bytes()) for p in sorted(folder.glob("*.txt"))]
    assert [f["date"] for f in found] == ["2014-03-14", ""]
    assert [f["outlet"] for f in found] == ["DW", ""]
    assert [f["agency"] for f in found] == ["AFP, dpa", ""]
    assert [len(f["text"].split("\n\n")) for f in found] == [23, 14]


def test_paragraphs_that_editors_marked_as_the_article_are_kept():
    truth = SHARED / "pages" / "publisher-pages" / "dataset" / "ground_truth.json"
    if not truth.exists():
        pytest.skip("needs ../shared/pages")
    total = lost = 0
    for article in json.loads(truth.read_text("utf-8")).values():
        found = read_page("\n\n".join(article["body"]))
        total += sum(map(len, article["body"]))
        # Whole sentences only: lists of names and captions are furniture by their form.
        lost += sum(len(line) for line, _ in found["removed"] if line.endswith("."))
    assert lost <= 0.002 * total


@pytest.mark.parametrize(
    "line",
    [
        "Got a tip? Email us at tips@quay.example",
        "Do you have a story for us? Get in touch",
        "Enable JavaScript to view the comments",
        "Print this page",
        "Save for later",
        "Spotted a mistake? Let us know.",
        "Report a typo",
        "This is a developing story. Check back for updates.",
        "Artikel drucken",
        "Lees ook: De kade sluit",
        "Czytaj także",
    ],
)
def test_what_a_page_offers_is_no_text(line):
    assert line_kind(line)


@pytest.mark.parametrize(
    "line",
    [
        "Got a tip, the inspector went to the quay that night.",
        "Got a story to tell? So had everyone on the quay that morning.",
        "Enable the pumps, the harbour master said, before the tide turns.",
        "Print this page, the teacher told the class, and read it aloud.",
        "Correction of the river will cost two million.",
        "Comments by the minister angered the unions.",
        "Help came too late for the crew, officials said.",
        "Credit: banks had lent two million without a check.",
        "Tags on the sheep were red.",
        "Report an error of this size and you lose your job, a nurse said.",
    ],
)
def test_sentences_that_begin_like_furniture_stay_wherever_they_stand(line):
    assert not line_kind(line, "head", "tail", "end")


@pytest.mark.parametrize(
    ("line", "date", "left"),
    [
        ("Xinhua | Updated: 2031-03-14 17:52", "", ["Xinhua"]),
        ("PTI · 14 March 2031, 10:30 IST", "2031-03-14", ["PTI"]),
        ("By Ida Renn | 14 March 2031", "2031-03-14", []),
        ("By Ida Renn, 14 March 2031", "2031-03-14", []),
        ("Published: 14 March 2031 | Updated: 15 March 2031", "2031-03-14", []),
        ("Updated: 15 March 2031 • 3 min read", "", []),
    ],
)
def test_a_line_of_names_and_a_date_below_a_headline(line, date, left):
    said = "The ferry company said on Friday that the quay will close."
    title, found, removed, rest = read_head(["Quay at Oru shut for weeks", line, said])
    assert (title, found, rest) == ("Quay at Oru shut for weeks", date, [*left, said])
    assert [why for _, why in removed] == ["headline", "date line"]


def test_the_day_beside_a_name_is_no_headline():
    page = read_page(PAGE_OF_A_DAY)
    assert page["title"] == "The quay is closed for three weeks"
    assert page["outlet"] == ""


PAGE_OF_A_DAY = """The quay is closed for three weeks

Oru News | Updated: 2017-09-15 21:45

The ferry company said on Friday that the quay at Oru will close for three weeks.

Residents had asked the council for months to act, and nobody had answered them.
"""
