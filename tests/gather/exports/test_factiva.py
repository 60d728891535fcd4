"""Factiva: HTML and lines, with and without indexing, XML; several languages, broken files."""

import io

import docx
import pytest
from conftest import as_docx, as_rtf, read_bytes

from analysis.gather.drafts import Draft
from analysis.gather.exports.factiva import ends, looks

TEXT = [
    "The crane on the north quay fell into the water on Sunday night, and nobody was hurt.",
    "“It was old,” said the harbour master. The council had been warned twice since the spring.",
]
MENUS = {  # words, month, language, name of a document
    "en": ("words", "May", "English", "Document"),
    "de": ("Wörter", "Mai", "Englisch", "Dokument"),
    "fr": ("mots", "mai", "Anglais", "Document"),
    "es": ("palabras", "mayo", "Inglés", "Documento"),
    "it": ("parole", "maggio", "Inglese", "Documento"),
    "pt": ("palavras", "maio", "Inglês", "Documento"),
    "nl": ("woorden", "mei", "Engels", "Document"),
    "zh": ("字", "", "英语", "文件"),
}
CODE = "SKRY00002031050{n}e75100{n}{n}z"


def day(menu, n):
    return f"2031年5月{n}日" if menu == "zh" else f"{n} {MENUS[menu][1]} 2031"


def head(menu, n, *, time="", edition=("2; National", "13")):
    words, _, language, _ = MENUS[menu]
    return [
        f"1,03{n} {words}",
        day(menu, n),
        *([time] if time else []),
        "Skerry Evening News",
        "SKRY",
        *edition,
        language,
        "(c) 2031 Skerry Newspapers Ltd",
    ]


def html(menu="en", n=3, **options):
    name = MENUS[menu][3]
    parts = []
    for k in range(1, n + 1):
        code = CODE.format(n=k)
        lines = "".join(f"<div>{x}</div>" for x in head(menu, k, **options))
        text = "".join(f'<p class="articleParagraph enarticleParagraph">{x} </p>' for x in TEXT)
        parts.append(
            f'<div id="article-{code}" class="article"><div class="article enArticle"><p>'
            f'</p><div>Harbour</div><div id="hd"><span class="enHeadline">Crane {k} <b>fell</b>'
            f'</span></div><div class="author">By Tomas Reuel</div>{lines}<p></p>{text}'
            f"<p>Skerry Newspapers Limited</p><p>{name} {code}</p></div></div><br>"
        )
    top = "<html><head><title>Factiva</title></head><body><h1>Dow Jones Factiva</h1>"
    return top + "".join(parts) + "</body></html>"


def right(drafts, n=3):
    assert [d.fields["date"] for d in drafts] == [f"2031-05-0{k}" for k in range(1, n + 1)]
    assert {d.fields["outlet"] for d in drafts} == {"Skerry Evening News"}
    assert [d.fields["length"] for d in drafts] == [f"103{k}" for k in range(1, n + 1)]
    assert {d.fields["language"] for d in drafts} == {"en"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    assert not any("Reuel" in v for d in drafts for v in d.fields.values())


@pytest.mark.parametrize("menu", MENUS)
def test_html_in_every_language(menu):
    drafts = read_bytes(html(menu), "crane.html")
    right(drafts)
    assert [d.fields["title"] for d in drafts] == ["Crane 1 fell", "Crane 2 fell", "Crane 3 fell"]
    assert {d.fields["section"] for d in drafts} == {"Harbour"}


@pytest.mark.parametrize("options", [{"time": "08:15"}, {"edition": ()}, {"edition": ("4",)}])
def test_html_with_a_time_and_without_an_edition(options):
    drafts = read_bytes(html(**options), "crane.html")
    right(drafts)
    assert {d.fields.get("time", "") for d in drafts} == {options.get("time", "")}


def test_html_of_comments_and_unclosed_elements_is_read_whole():
    right(read_bytes(html().replace("<p></p><p", "<!-- x --><p></p><p"), "a.html"))
    page = html().replace("</div></div><br>", "</div></div>" + "<div><span>" * 150)
    right(read_bytes(page, "a.html"))


def test_html_that_breaks_off_is_refused():
    page = html()
    last = page.rindex("Document SKRY")
    (problem,) = read_bytes(page[:last], "crane.html")
    assert "2 of 3 articles" in str(problem)


def plain(menu="en", n=3, section=True, byline=True):
    lines = []
    for k in range(1, n + 1):
        lines += ["Harbour"] * section + [
            f"Crane {k} fell into the cold northern harbour last night"
        ]
        lines += ["By Tomas Reuel"] * byline
        lines += ["", *head(menu, k), "", *TEXT, "", "Skerry Newspapers Limited", ""]
        lines += [f"{MENUS[menu][3]} {CODE.format(n=k)}", "\f"]
    return lines


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("form", [as_docx, as_rtf], ids=["docx", "rtf"])
@pytest.mark.parametrize(("section", "byline"), [(1, 1), (0, 1), (1, 0), (0, 0)])
def test_lines_in_every_language(menu, form, section, byline):
    drafts = read_bytes(form([x.replace("\f", "") for x in plain(menu, 3, section, byline)]), "a.x")
    right(drafts)
    assert drafts[0].fields["title"] == "Crane 1 fell into the cold northern harbour last night"
    assert {d.fields["section"] for d in drafts} == ({"Harbour"} if section else {""})


def test_lines_between_the_byline_and_the_count():
    lines = []
    for line in plain():
        lines += [line.replace("\f", "")]
        lines += ["Special to the Skerry Evening News"] if line.startswith("By ") else []
    drafts = read_bytes(as_rtf(lines), "a.rtf")
    right(drafts)
    assert drafts[1].fields["title"] == "Crane 2 fell into the cold northern harbour last night"


def test_feet_of_printed_pages_are_no_text_and_a_short_headline_is_no_byline():
    lines = [
        x.replace("Crane 1 fell into the cold northern harbour last night", "It fell")
        for x in plain()
    ]
    at = lines.index(TEXT[0])
    lines[at:at] = ["Page 1 of 3 © 2031 Factiva, Inc. All rights reserved."]
    drafts = read_bytes(as_rtf([x.replace("By Tomas", "Tomas") for x in lines]), "a.rtf")
    right(drafts)
    assert drafts[0].fields["title"] == "It fell"


def indexed(menu="en", n=3):
    words, _, language, name = MENUS[menu]
    for k in range(1, n + 1):
        yield [
            ("SE", "Harbour"),
            ("HD", f"Crane {k} fell"),
            ("BY", "By Tomas Reuel"),
            ("WC", f"1.03{k} {words}"),
            ("PD", day(menu, k)),
            ("ET", "08:15"),
            ("SN", "Skerry Evening News"),
            ("SC", "SKRY"),
            ("LA", language),
            ("CY", "(c) 2031 Skerry Newspapers Ltd"),
            ("LP", TEXT[0]),
            ("TD", TEXT[1]),
            ("NS", "gdis : Disasters"),
            ("AN", f"{name} {CODE.format(n=k)}"),
        ]


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("apart", ["\t", "\n", " | ", "  ", " "])
def test_lines_with_indexing(menu, apart):
    lines = []
    for article in indexed(menu):
        for code, value in article[:-1]:
            lines += [*f"{code}{apart}{value}".split("\n"), ""]
        lines += [f"{'AN ' * (apart == ' ')}{article[-1][1]}", ""]
    drafts = read_bytes(as_rtf(lines), "crane.rtf")
    right(drafts)
    assert [d.fields["title"] for d in drafts] == ["Crane 1 fell", "Crane 2 fell", "Crane 3 fell"]
    assert {d.fields["time"] for d in drafts} == {"08:15"}


def test_a_paragraph_that_begins_with_the_letters_of_a_code_is_text():
    lines = []
    for code, value in next(iter(indexed(n=1))):
        lines.append(f"{code}\t{value}" if code != "AN" else value)
        lines += ["IN THE HARBOUR they waited."] if code == "TD" else []
    (draft,) = read_bytes(as_rtf(lines), "crane.rtf")
    assert draft.fields["text"].endswith("IN THE HARBOUR they waited.")


def test_a_word_document_whose_fields_stand_in_tables():
    document = docx.Document()
    for article in indexed():
        table = document.add_table(rows=len(article) - 1, cols=2)
        for row, pair in zip(table.rows, article[:-1], strict=True):
            for cell, value in zip(row.cells, pair, strict=True):
                cell.text = value
        document.add_paragraph(article[-1][1])
    out = io.BytesIO()
    document.save(out)
    right(read_bytes(out.getvalue(), "crane.docx"))


def test_html_with_indexing():
    parts = []
    for article in indexed():
        rows = "".join(f"<tr><td><b>{c}</b></td><td>{v}</td></tr>" for c, v in article)
        code = article[-1][1].split()[1]
        parts.append(
            f'<div id="article-{code}" class="article"><div class="article enArticle">'
            f"<table><tbody>{rows}</tbody></table></div></div>"
        )
    page = "<html><head><title>Factiva</title></head><body>" + "".join(parts)
    right(read_bytes(page, "crane.html"))


def xml(n=2, count=2):
    articles = "".join(
        f"<ppsarticle><article><headline><paragraph><hlt>Crane</hlt> {k} fell</paragraph>"
        f"</headline><byline>By Tomas Reuel</byline><leadParagraph><paragraph>{TEXT[0]}</paragraph>"
        f"</leadParagraph><tailParagraphs><paragraph>{TEXT[1]}</paragraph></tailParagraphs>"
        f"<publicationDate><dateTime>2031-05-0{k}T08:15:00Z</dateTime></publicationDate>"
        f"<sourceName>Skerry Evening News</sourceName><baseLanguage>EN</baseLanguage>"
        f"<wordCount>103{k}</wordCount></article></ppsarticle>"
        for k in range(1, n + 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse '
        f'xmlns="http://global.factiva.com/pps/2.0"><ppsarticleResultSet count="{count}">{articles}'
        "</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
    )


def test_xml():
    drafts = read_bytes(xml(), "crane.xml")
    right(drafts, 2)
    assert drafts[0].fields["title"] == "Crane 1 fell"
    assert drafts[0].fields["time"] == "08:15Z"


@pytest.mark.parametrize(
    ("page", "seen"), [(xml(2, 5), "2 of 5 articles"), (xml()[:900], "its XML breaks off")]
)
def test_xml_that_is_not_whole_is_refused(page, seen):
    (problem,) = read_bytes(page, "crane.xml")
    assert not isinstance(problem, Draft)
    assert seen in str(problem)


def test_entities_of_xml_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    page = xml().replace("?><PPS", f"?>{bomb}<PPS").replace("Crane</hlt>", "&b;</hlt>")
    assert "aaaa" not in read_bytes(page, "crane.xml")[0].fields["title"]


def test_lines_that_break_off_are_refused_and_prose_is_no_export():
    (problem,) = read_bytes(as_rtf(plain()[:-6]), "a.rtf")
    assert "articles that end, and one that does not" in str(problem)
    assert not ends("Document A")
    assert not looks(["The letter has 300 words", "300 words", "The end."])
