"""ProQuest: TXT and HTML in several languages, RIS; what holds no text is told row by row."""

import pytest
from conftest import read_bytes

from analysis.gather.drafts import Draft
from analysis.gather.exports.proquest import looks

TEXT = [
    "The mill at Tarn will close in autumn, its owners said on Friday in a letter to the town.",
    "Forty people work there. “We have known for a year,” said Ida Brandt, who mends the looms.",
]
MENUS = {  # full text, publication title, publication date, id, language, abstract, author
    "en": (
        "Full text",
        "Publication title",
        "Publication date",
        "ProQuest document ID",
        "Language of publication",
        "Abstract",
        "Author",
        "Mar {n}, 2031",
    ),
    "de": (
        "Volltext",
        "Titel der Publikation",
        "Datum der Publikation",
        "ProQuest-Dokument-ID",
        "Sprache der Publikation",
        "Zusammenfassung",
        "Autor",
        "{n}. März 2031",
    ),
    "fr": (
        "Texte intégral",
        "Titre de la publication",
        "Date de publication",
        "Identifiant du document ProQuest",
        "Langue de publication",
        "Résumé",
        "Auteur",
        "{n} mars 2031",
    ),
    "es": (
        "Texto completo",
        "Título de publicación",
        "Fecha de publicación",
        "ID del documento de ProQuest",
        "Idioma de la publicación",
        "Resumen",
        "Autor",
        "{n} mar 2031",
    ),
    "it": (
        "Testo completo",
        "Titolo della pubblicazione",
        "Data di pubblicazione",
        "ID documento ProQuest",
        "Lingua della pubblicazione",
        "Riassunto",
        "Autore",
        "{n} marzo 2031",
    ),
    "pt": (
        "Texto completo",
        "Título da publicação",
        "Data da publicação",
        "ID do documento ProQuest",
        "Idioma da publicação",
        "Resumo",
        "Autor",
        "{n} março 2031",
    ),
}
RULE = "_" * 60


def record(menu, n, text=True, abstract=True):
    full, outlet, date, number, tongue, summary, author, day = MENUS[menu]
    lines = [f"Mill {n} closes", "", f"{author}: Reuel, Tomas", ""]
    lines += [f"{summary}: A mill closes.", ""] if abstract else []
    lines += [f"{full}: {TEXT[0]}", "", TEXT[1], ""] if text else []
    lines += [f"Title: Mill {n} closes", "", f"{outlet}: Tarn Courier; Tarn", ""]
    lines += [f"{date}: {day.format(n=n)}", "", f"{number}: 12345678{n}", ""]
    return [*lines, f"{tongue}: English", "", "Database: Invented Newsstand"]


def txt(menu="en", n=3, **options):
    lines = [RULE, ""]
    for k in range(1, n + 1):
        lines += [*record(menu, k, **options), "", RULE, ""]
    return "\n".join([*lines, "Contact us at: nowhere", "Database copyright 2031"])


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("abstract", [True, False])
def test_text_in_every_language(menu, abstract):
    drafts = read_bytes(txt(menu, abstract=abstract), "mill.txt")
    assert [d.fields["title"] for d in drafts] == [
        "Mill 1 closes",
        "Mill 2 closes",
        "Mill 3 closes",
    ]
    assert {d.fields["outlet"] for d in drafts} == {"Tarn Courier; Tarn"}
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02", "2031-03-03"]
    assert {d.fields["language"] for d in drafts} == {"en"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    assert not any("Reuel" in v for d in drafts for v in d.fields.values())


def test_html_with_bold_labels_and_rules():
    parts = []
    for k in (1, 2):
        lines = (x for x in record("en", k) if x)
        parts += [f"<p>Document {k} of 2</p>"]
        parts += [f"<p><strong>{x.replace(': ', ': </strong>', 1)}</p>" for x in lines]
        parts += ["<hr>"]
    page = "<html><head><title>ProQuest</title></head><body>" + "".join(parts) + "</body></html>"
    drafts = read_bytes(page, "mill.html")
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02"]
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    (problem,) = read_bytes(
        page.replace("2 of 2", "2 of 9").replace("1 of 2", "1 of 9"), "mill.html"
    )
    assert "2 of 9 documents" in str(problem)


def test_paragraphs_that_look_like_labels_are_text():
    inside = (
        "Location: the old mill. Title: none.\n\nNobody came.\n\nThe sign said: closed\n\nSubject:"
    )
    drafts = read_bytes(
        txt().replace("\nTitle:", f"\n{inside} Mills; Rivers\n\nTitle:"), "mill.txt"
    )
    texts = {d.fields["text"] for d in drafts}
    end = ["Location: the old mill. Title: none.", "Nobody came.", "The sign said: closed"]
    assert texts == {"\n\n".join([*TEXT, *end])}
    assert [d.fields["title"] for d in drafts] == [f"Mill {k} closes" for k in (1, 2, 3)]


def test_a_record_without_a_text_is_told_and_one_that_breaks_off_refuses_the_file():
    whole = txt(n=2)
    without = "\n".join([*record("en", 3, text=False), RULE])
    found = read_bytes(whole.replace("Contact us", without + "\nContact us"), "mill.txt")
    assert [isinstance(f, Draft) for f in found] == [True, True, False]
    assert "row 3, field 'text': the record has only an abstract" in str(found[2])
    (problem,) = read_bytes(whole[: whole.rindex("ProQuest document ID")], "mill.txt")
    assert "2 records, 1 of them whole" in str(problem)
    (problem,) = read_bytes(whole[: whole.rindex("\nTitle:")], "mill.txt")
    assert "2 records, 1 of them whole" in str(problem)


RIS = """TY  - NEWS
AB  - A mill closes.
N2  - {0}

{1}
AU  - Reuel, Tomas
DA  - 2031/03/01/
T2  - Tarn Courier
TI  - Mill closes
LA  - English
UR  - https://tarn.example/mill
ER  -

TY  - NEWS
T1  - Another mill
JF  - Tarn Courier
Y1  - 2031 Mar 2
ER  -
"""


def test_ris():
    draft, problem = read_bytes(RIS.format(*TEXT), "mill.ris")
    assert draft.fields["date"] == "2031-03-01"
    assert draft.fields["outlet"] == "Tarn Courier"
    assert draft.fields["url"] == "https://tarn.example/mill"
    assert draft.fields["text"] == "\n\n".join(TEXT)
    assert "mill.ris, row 2, field 'text': the record has no text. Export full" in str(problem)
    (problem,) = read_bytes(RIS.format(*TEXT)[:-8], "mill.ris")
    assert "record 2 does not end" in str(problem)


def test_an_article_about_the_database_is_no_export():
    assert not looks(["ProQuest document ID: a number.", "Nothing else here."])
