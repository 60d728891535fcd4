"""Nexis and LexisNexis: both layouts, several languages, fields that are missing, broken files."""

import re
import textwrap

import pytest
from conftest import a_pdf, as_docx, as_rtf, read_bytes

from analysis.gather.articles import gather, read_articles
from analysis.gather.drafts import Draft
from analysis.gather.exports.lexis import headings, looks

TEXT = [
    "The ferry to Osk was late for the third time this week, and nobody on the quay knew why.",
    "“We were told nothing,” said Ida Brandt, who sells herring on the pier every Monday.",
]
ENGLISH = {
    "of": "{n} of {m} DOCUMENTS",
    "date": "January {n}, 2031 Monday",
    "byline": "BYLINE",
    "section": "SECTION",
    "length": "LENGTH: 32 words",
    "load": "LOAD-DATE: January 1, 2031",
    "language": "LANGUAGE: ENGLISH",
    "code": "en",
}
GERMAN = {
    "of": "Dokument {n} von {m}",
    "date": "{n}. Januar 2031 Montag",
    "byline": "AUTOR",
    "section": "RUBRIK",
    "length": "LÄNGE: 32 Wörter",
    "load": "LADEDATUM: 1. Januar 2031",
    "language": "SPRACHE: GERMAN; DEUTSCH",
    "code": "de",
}
FRENCH = {
    "of": "Document {n} de {m}",
    "date": "lundi {n} janvier 2031",
    "byline": "AUTEUR",
    "section": "RUBRIQUE",
    "length": "LONGUEUR: 32 mots",
    "load": "DATE-CHARGEMENT: 1 janvier 2031",
    "language": "LANGUE: FRENCH; FRANÇAIS",
    "code": "fr",
}
SPANISH = {
    "of": "{n} de {m} DOCUMENTOS",
    "date": "{n} enero 2031 lunes",
    "byline": "AUTOR",
    "section": "SECCIÓN",
    "length": "LONGITUD: 32 palabras",
    "load": "FECHA DE CARGA: 1 enero 2031",
    "language": "IDIOMA: SPANISH; ESPAÑOL",
    "code": "es",
}
DUTCH = {
    "of": "{n} van {m} DOCUMENTEN",
    "date": "{n} januari 2031 maandag",
    "byline": "AUTEUR",
    "section": "SECTIE",
    "length": "LENGTE: 32 woorden",
    "load": "LAADDATUM: 1 januari 2031",
    "language": "TAAL: DUTCH; NEDERLANDS",
    "code": "nl",
}
ITALIAN = {
    "of": "{n} di {m} DOCUMENTI",
    "date": "{n} gennaio 2031 lunedì",
    "byline": "AUTORE",
    "section": "SEZIONE",
    "length": "LUNGHEZZA: 32 parole",
    "load": "DATA DI CARICAMENTO: 1 gennaio 2031",
    "language": "LINGUA: ITALIAN; ITALIANO",
    "code": "it",
}
PORTUGUESE = {
    "of": "{n} de {m} DOCUMENTOS",
    "date": "{n} janeiro 2031 segunda",
    "byline": "AUTOR",
    "section": "SEÇÃO",
    "length": "COMPRIMENTO: 32 palavras",
    "load": "DATA DE CARREGAMENTO: 1 janeiro 2031",
    "language": "IDIOMA: PORTUGUESE; PORTUGUÊS",
    "code": "pt",
}
LANGUAGES = [ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN, PORTUGUESE]


def centre(line):
    return " " * 30 + line


def numbered(menu, m=3, numbers=None, drop=(), of=None):
    """A file of the older layout, hard-wrapped as these are."""
    lines = ["", "Download Request: All", ""]
    for n in numbers or range(1, m + 1):
        head = ["", "", centre("The Velmar Post (Velmar)"), "", centre(menu["date"].format(n=n))]
        if n == 2:
            head += [centre("Late Edition - Final")]
        head += ["", f"Ferry number {n} is late", ""]
        labels = {
            "byline": f"{menu['byline']}: Tomas Reuel",
            "section": f"{menu['section']}: Harbour; Pg. {n}",
            "length": menu["length"],
        }
        for name, line in labels.items():
            head += [] if name in drop else [line, ""]
        body = [*textwrap.wrap(TEXT[0], 60), "", *textwrap.wrap(TEXT[1], 60), ""]
        tail = [menu["load"], "", menu["language"], "", centre("Copyright 2031 Velmar Post Ltd")]
        lines += [centre(menu["of"].format(n=n, m=of or m)), *head, *body, *tail, ""]
    return "\r\n".join(lines)


def found(data, name="velmar.txt"):
    return read_bytes(data, name)


@pytest.mark.parametrize("menu", LANGUAGES, ids=lambda m: m["code"])
@pytest.mark.parametrize("drop", [(), ("byline",), ("section", "byline")])
def test_the_older_layout_in_every_language(menu, drop):
    drafts = found(numbered(menu, drop=drop))
    assert [d.fields["title"] for d in drafts] == [f"Ferry number {n} is late" for n in (1, 2, 3)]
    assert {d.fields["outlet"] for d in drafts} == {"The Velmar Post (Velmar)"}
    assert [d.fields["date"] for d in drafts] == ["2031-01-01", "2031-01-02", "2031-01-03"]
    assert {d.fields["length"] for d in drafts} == {"32"}
    assert {d.fields["language"] for d in drafts} == {menu["code"]}
    assert {d.fields["section"] for d in drafts} == (
        {""} if "section" in drop else {"Harbour; Pg. 1", "Harbour; Pg. 2", "Harbour; Pg. 3"}
    )
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    assert not any("Reuel" in v for d in drafts for v in d.fields.values())
    assert [d.fields["id"] for d in drafts] == ["velmar-1", "velmar-2", "velmar-3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding(encoding):
    assert len(found(numbered(GERMAN).encode(encoding))) == 3


def test_labels_before_the_headline_and_rights_before_the_outlet():
    text = """
                       1 of 1 DOCUMENT

              Copyright 1999 Skerry Radio Limited
                        Radio Skerry

               January 4, 1999, Monday London Edition 1

SECTION: News; Pg. 8

LENGTH: 40 words

HEADLINE: Lighthouse goes dark

BYLINE: By Ida Brandt

BODY:
The lighthouse of Skerry has been dark since Sunday.

Its keeper has gone fishing.

LOAD-DATE: January 5, 1999
"""
    (draft,) = found(text)
    assert draft.fields["outlet"] == "Radio Skerry"
    assert draft.fields["title"] == "Lighthouse goes dark"
    assert draft.fields["date"] == "1999-01-04"
    assert draft.fields["text"].endswith("Its keeper has gone fishing.")
    assert draft.fields["genre"] == "news"


def test_labels_line_by_line_nothing_centred_and_the_language_in_the_head():
    text = """1 of 2 DOCUMENTS

Copyright 2031 Skerry Radio
Radio Skerry

May 4, 2031 Monday

SECTION: News
LENGTH: 40 words
HEADLINE: Lighthouse goes dark
BYLINE: Ida Brandt
LANGUAGE: ENGLISH

BODY:
The lighthouse of Skerry has been dark since Sunday,
and its keeper has gone fishing.

2 of 2 DOCUMENTS

Radio Skerry

May 5, 2031

Lighthouse shines again

The keeper of Skerry has come back from the sea.

He brought two herrings.
"""
    first, second = found(text)
    assert first.fields["title"] == "Lighthouse goes dark"
    assert first.fields["outlet"] == second.fields["outlet"] == "Radio Skerry"
    assert first.fields["text"].startswith(
        "The lighthouse of Skerry has been dark since Sunday, and"
    )
    assert first.fields["language"] == "en"
    assert second.fields["title"] == "Lighthouse shines again"
    assert second.fields["text"].startswith("The keeper of Skerry")


@pytest.mark.parametrize(
    ("numbers", "of", "seen"),
    [
        (range(1, 4), 9, "3 of 9 DOCUMENTS"),
        ([1, 2, 4, 5], 5, "DOCUMENTS 4 follows 2 of 5 .4 of 5 DOCUMENTS"),
        ([1, 3], 3, "DOCUMENTS 3 follows 1 of 3"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(numbers, of, seen):
    (problem,) = found(numbered(ENGLISH, numbers=list(numbers), of=of))
    assert not isinstance(problem, Draft)
    assert re.search(seen, str(problem))
    assert problem.row == 0


def test_a_part_that_the_cover_announces_and_two_downloads_in_one_file():
    part = numbered(ENGLISH, numbers=[4, 5, 6], of=20)
    part = part.replace("Download Request: All", "Download Request: Selected Items: 4-6")
    assert len(found(part)) == 3
    assert len(found(numbered(ENGLISH) + numbered(ENGLISH, m=2))) == 5


def newer(
    n=2, cover=True, menu=("Length: 32 words", "Byline: Tomas Reuel", "Body", "End of Document")
):
    lines = []
    if cover:
        lines += ["User Name: Ida Brandt", "Date and Time: Friday, 5. July 2031 09:31:00 CEST"]
        lines += [f"Documents ({n})"]
        for k in range(1, n + 1):
            lines += [f"{k}. Pier {k} is closed", "Client/Matter: -None-", "", ""]
    for k in range(1, n + 1):
        lines += [
            "",
            f"Pier {k} is closed",
            "Velmar Post(Velmar)",
            f"July {k}, 2031 Monday 9:20 AM GMT",
        ]
        lines += ["", "\nCopyright 2031 Velmar Post All Rights Reserved", "Section: OPINION; Pg. 3"]
        lines += [*menu[:2], menu[2], "", *TEXT, "\nClassification", "", "Language: ENGLISH"]
        lines += ["\nSubject: PIERS (90%)", "\nLoad-Date: July 9, 2031", "", f"\n{menu[3]}"]
    return lines


GERMAN_MENU = ("Länge: 32 Wörter", "Autor: Tomas Reuel", "Textkörper", "Ende des Dokuments")
SPANISH_MENU = ("Longitud: 32 palabras", "Autor: Tomas Reuel", "Cuerpo", "Fin del documento")


@pytest.mark.parametrize("form", [as_docx, as_rtf], ids=["docx", "rtf"])
@pytest.mark.parametrize("cover", [True, False])
def test_the_newer_layout(form, cover):
    drafts = found(form(newer(cover=cover)), "piers.bin")
    assert [d.fields["title"] for d in drafts] == ["Pier 1 is closed", "Pier 2 is closed"]
    assert {d.fields["outlet"] for d in drafts} == {"Velmar Post (Velmar)"}
    assert [d.fields["date"] for d in drafts] == ["2031-07-01", "2031-07-02"]
    assert {d.fields["time"] for d in drafts} == {"09:20 GMT"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    assert {d.fields["genre"] for d in drafts} == {"opinion"}
    assert {d.fields["language"] for d in drafts} == {"en"}


def test_paragraphs_that_look_like_labels_and_an_address_at_the_end():
    inside = ["Update: the pier is open again.", "Language: not a word of it was true.", "The end."]
    lines = []
    for line in newer():
        lines += [*inside, "https://velmar.example/pier"] if line == "\nClassification" else []
        lines += [line]
    drafts = found(as_docx(lines), "piers.docx")
    assert {d.fields["text"] for d in drafts} == {"\n\n".join([*TEXT, *inside])}
    assert {d.fields["url"] for d in drafts} == {"https://velmar.example/pier"}


def test_a_pdf_whose_lines_are_those_of_its_pages():
    lines = []
    for line in (x.strip() for x in newer(cover=False)):
        lines += textwrap.wrap(line.replace("“", '"').replace("”", '"'), 50)
    drafts = found(a_pdf(lines), "piers.pdf")
    assert [d.fields["title"] for d in drafts] == ["Pier 1 is closed", "Pier 2 is closed"]
    assert [d.fields["date"] for d in drafts] == ["2031-07-01", "2031-07-02"]
    assert all("for the third time this week, and nobody" in d.fields["text"] for d in drafts)


def test_links_in_rich_text_are_not_read():
    link = '{\\field{\\*\\fldinst{HYPERLINK "https://nexis.example/doc?id=1"}}{\\fldrslt{\\ul %s}}}'
    data = as_rtf(newer()).decode()
    for k in (1, 2):
        title = f"\nPier {k} is closed"
        data = data.replace(title, "\n" + link % title.strip())
    drafts = found(data.encode(), "piers.rtf")
    assert [d.fields["title"] for d in drafts] == ["Pier 1 is closed", "Pier 2 is closed"]


@pytest.mark.parametrize("menu", [GERMAN_MENU, SPANISH_MENU])
def test_the_newer_layout_in_other_languages(menu):
    drafts = found(as_docx(newer(menu=menu)), "piers.docx")
    assert [d.fields["length"] for d in drafts] == ["32", "32"]
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}


def test_fewer_documents_than_the_cover_says_and_one_that_does_not_end():
    lines = newer(3)
    ends = [i for i, line in enumerate(lines) if "End of Document" in line]
    (problem,) = found(as_docx(lines[: ends[1] + 1]), "piers.docx")
    assert "2 of 3 documents" in str(problem)
    (problem,) = found(as_docx(lines[: ends[2]]), "piers.docx")
    assert "2 documents that end, and one that does not" in str(problem)


def test_html_of_nexis_uk():
    blocks = []
    for n in (1, 2):
        blocks += [f"<BR><DIV CLASS=c0><P CLASS=c1><SPAN>{n} of 2 DOCUMENTS</SPAN></P></DIV>"]
        head = [
            "Radio Skerry",
            f"March {n}, 1986",
            "A lighthouse / Its keeper",
            "BYLINE: By I. BRANDT",
        ]
        blocks += [f"<BR><DIV><P><SPAN>{x}</SPAN></P></DIV>" for x in [*head, "LENGTH: 32 words"]]
        blocks += ["<BR><DIV>", *[f"<P><SPAN>{x}</SPAN></P>" for x in TEXT], "</DIV>"]
        blocks += ["<BR><DIV><P>LOAD-DATE: June 13, 2000</P></DIV>"]
    page = '<HTML><HEAD><META TOPIC="null" DOCUMENTS="2" ></HEAD><BODY>' + "\n".join(blocks)
    drafts = found(page, "skerry.html")
    assert [d.fields["date"] for d in drafts] == ["1986-03-01", "1986-03-02"]
    assert {d.fields["title"] for d in drafts} == {"A lighthouse / Its keeper"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    (problem,) = found(page.replace('"2"', '"7"'), "skerry.html")
    assert "2 of 7 DOCUMENTS" in str(problem)


def test_prose_that_counts_documents_is_no_export():
    lines = ["We read 3 of 262 documents.", "1 of 3", "End of document", "The end of the document."]
    assert headings(lines) == []
    assert not looks(lines)


def test_exports_of_one_name_in_two_formats_do_not_clash(tmp_path):
    (tmp_path / "velmar.txt").write_text(numbered(ENGLISH), "utf-8")
    (tmp_path / "velmar.docx").write_bytes(as_docx(newer()))
    ids = set(read_articles(tmp_path)["id"])
    assert ids == {f"velmar.txt-{n}" for n in (1, 2, 3)} | {f"velmar.docx-{n}" for n in (1, 2)}


def test_the_list_that_comes_beside_the_documents_is_passed_over(tmp_path):
    lines = [*newer(2)]
    body = next(i for i, x in enumerate(lines) if x.strip() == "Body")
    listed = [
        "Documents (2)",
        "1. Pier 1 is closed",
        "Client/Matter: -None-",
        "2. Pier 2 is closed",
    ]
    (tmp_path / "piers_doclist.docx").write_bytes(as_docx(listed))
    (tmp_path / "piers.docx").write_bytes(as_docx(lines))
    assert body
    read = gather([tmp_path])
    assert len(read.articles) == 2
    assert list(read.problems["outcome"]) == ["passed over"]
    assert "a list of 2 documents without their texts" in read.problems["received"].iloc[0]


def test_an_export_whose_labels_are_not_known_is_refused_and_not_one_article():
    words = {"Body": "Mwili", "End of Document": "Mwisho wa Hati", "Length": "Urefu"}
    lines = newer(3)
    for word, other in words.items():
        lines = [x.replace(word, other) for x in lines]
    (problem,) = found(as_docx(lines[1:]), "piers.docx")
    assert "an export of 3 articles whose labels are not known" in str(problem)
