"""Documents of every kind become articles; a damaged one is a refusal."""

import io
import resource
import struct
import zipfile
from datetime import date

import docx
import openpyxl
import pypdf
import pytest
from conftest import a_pdf, as_docx, as_rtf, read_bytes
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from analysis.gather import apart
from analysis.gather.drafts import Draft
from analysis.gather.problems import BadArticle

LINES = [
    "Tarn closes its bridge as the river rises",
    "14 March 2014",
    "The bridge of Tarn was closed on Friday because the river had risen by two metres overnight.",
    "“We had no choice,” said the mayor. Schools on the far bank will stay closed until Monday.",
]
ROWS = [
    ["outlet", "date", "Full text"],
    ["Tarn Courier", date(2031, 3, 1), "The mill closes. Nobody knows why."],
    ["Osk Mail", "2 March 2031", "The ferry is late. It is slow."],
]


def an_epub(chapters):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        items = "".join(f'<item id="c{n}" href="c{n}.xhtml"/>' for n in range(len(chapters)))
        order = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
        package = (
            f'<manifest><item id="nav" href="nav.xhtml" properties="nav"/>{items}</manifest>'
            f'<spine><itemref idref="nav"/>{order}</spine>'
        )
        archive.writestr("OEBPS/book.opf", f'<package xmlns="x">{package}</package>')
        archive.writestr("OEBPS/nav.xhtml", "<html><body><a>one</a></body></html>")
        for n, lines in enumerate(chapters):
            text = "".join(f"<p>{x}</p>" for x in lines)
            page = f"<html><head><title>Chapter {n}</title></head><body>{text}</body></html>"
            archive.writestr(f"OEBPS/c{n}.xhtml", page)
    return out.getvalue()


def an_ods(rows):
    """An OpenDocument sheet, as small as one can be."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{x}</text:p></table:table-cell>'
            for x in row
        )
        + "</table:table-row>"
        for row in rows
    )
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = "".join(f' xmlns:{x}="{name}{x}:1.0"' for x in ("office", "table", "text"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{name}manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Sheet1">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def an_odt(parts):
    """An OpenDocument text of paragraphs (str) and tables (lists of rows)."""
    said = ""
    for part in parts:
        if isinstance(part, str):
            said += f"<text:p>{part}</text:p>"
        else:
            rows = "".join(
                "<table:table-row>"
                + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
                + "</table:table-row>"
                for row in part
            )
            said += f"<table:table>{rows}</table:table>"
    name = "urn:oasis:names:tc:opendocument:xmlns"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{name}:office:1.0"'
            f' xmlns:text="{name}:text:1.0" xmlns:table="{name}:table:1.0">'
            f"<office:body><office:text>{said}"
            "</office:text></office:body></office:document-content>",
        )
    return out.getvalue()


def an_xls(rows, stream="Workbook"):
    """A workbook of before 2007: BIFF8 records in a compound file, as small as one can be."""

    def record(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    def label(r, c, text):
        held = struct.pack("<HHHHB", r, c, 0, len(text), 1) + text.encode("utf-16-le")
        return record(0x0204, held)

    first, end = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0), record(0x0A, b"")
    head = record(0x0809, first)
    begins = len(head) + 4 + 6 + 2 + 6 + len(end)
    book = head + record(0x85, struct.pack("<IHBB", begins, 0, 6, 0) + b"Sheet1") + end
    book += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    book += b"".join(label(r, c, x) for r, row in enumerate(rows) for c, x in enumerate(row)) + end
    book = book.ljust(max(4096, -(-len(book) // 512) * 512), b"\0")
    sectors = len(book) // 512

    def entry(name, kind, child, start, size):
        wide = name.encode("utf-16-le")
        links = struct.pack("<HBBIII", len(wide) + 2, kind, 1, 2**32 - 1, 2**32 - 1, child)
        return wide.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, 2**32 - 2, 0) + entry(stream, 2, 2**32 - 1, 2, len(book))
    chain = [2**32 - 3, 2**32 - 2, *range(3, 2 + sectors), 2**32 - 2]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    top = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    top += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    top += struct.pack("<IIIIIIII", 1, 1, 0, 4096, 2**32 - 2, 0, 2**32 - 2, 0)
    return top + struct.pack("<I", 0).ljust(436, b"\xff") + table + folder.ljust(512, b"\0") + book


def a_workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "form"),
    [(as_docx(LINES), "DOCX"), (as_rtf(LINES), "RTF"), (a_pdf(LINES[:3]), "PDF")],
    ids=["docx", "rtf", "pdf"],
)
def test_a_document_is_one_article(data, form):
    (draft,) = read_bytes(data, "tarn.bin")
    assert draft.form == form
    assert draft.fields["title"] == LINES[0]
    assert draft.fields["date"] == "2014-03-14"
    assert draft.fields["text"].startswith("The bridge of Tarn was closed")
    assert draft.fields["id"] == "tarn"


def test_a_pdf_of_pictures_is_refused():
    (problem,) = read_bytes(a_pdf([], text=False), "scan.pdf")
    assert "the PDF holds no text, only pictures of it. Recognise its text (OCR)" in str(problem)


def test_a_table_in_a_word_document():
    document = docx.Document()
    document.add_paragraph("Our articles")
    table = document.add_table(rows=3, cols=3)
    for cells, row in zip(table.rows, ROWS, strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = str(value)
    out = io.BytesIO()
    document.save(out)
    drafts = [d for d in read_bytes(out.getvalue(), "ours.docx") if isinstance(d, Draft)]
    assert [d.fields["outlet"] for d in drafts] == ["Tarn Courier", "Osk Mail"]
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02"]


@pytest.mark.parametrize("make", [a_workbook, an_ods])
def test_a_workbook(make):
    drafts = [d for d in read_bytes(make(ROWS), "ours.bin") if isinstance(d, Draft)]
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02"]
    assert [d.row for d in drafts] == [2, 3]


def test_workbooks_that_are_refused():
    (problem,) = read_bytes(a_workbook([["outlet", "note"], ["Osk Mail", "x"]]), "ours.xlsx")
    assert "no column 'text'" in str(problem)
    (problem,) = read_bytes(a_workbook([]), "ours.xlsx")
    assert "the workbook is empty" in str(problem)


def test_a_text_file_that_is_a_table():
    table = "Outlet\tDate\tBody\nTarn Courier\t2031-03-01\tThe mill closes. Nobody knows why.\n"
    drafts = [d for d in read_bytes(table, "export.txt") if isinstance(d, Draft)]
    assert [d.fields["outlet"] for d in drafts] == ["Tarn Courier"]


def test_an_e_book_in_reading_order():
    chapters = [LINES[2:], ["Contents"], [LINES[3], LINES[2]]]
    found = read_bytes(an_epub(chapters), "year.epub")
    drafts = [d for d in found if isinstance(d, Draft)]
    assert [d.fields["id"] for d in drafts] == ["year-001", "year-003"]
    assert drafts[0].fields["text"].startswith("“We had no choice,”")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_docx(LINES), "a.docx"),
        (as_rtf(LINES), "a.rtf"),
        (a_pdf(LINES), "a.pdf"),
        (a_workbook(ROWS), "a.xlsx"),
        (an_epub([LINES]), "a.epub"),
    ],
)
def test_half_of_a_document_is_read_or_refused(data, name):
    for part in (data[: len(data) // 2], data[: len(data) - 30], data[:40]):
        for found in read_bytes(part, name):
            assert isinstance(found, Draft | BadArticle)


def test_opendocument_texts_are_articles():
    (article,) = read_bytes(an_odt([LINES[0], LINES[1], *LINES[2:]]), "one.odt")
    assert article.fields["title"] == LINES[0]
    assert article.fields["date"] == "2014-03-14"
    assert article.fields["text"] == "\n\n".join(LINES[2:])
    assert article.form == "ODT"


def test_a_table_in_an_opendocument_text_holds_articles():
    rows = [[str(c) for c in row] for row in ROWS]
    found = read_bytes(an_odt(["Our articles", rows]), "list.odt")
    assert [a.fields["outlet"] for a in found if isinstance(a, Draft)] == [
        "Tarn Courier",
        "Osk Mail",
    ]


def test_an_opendocument_text_without_tables_of_articles_keeps_what_stands_in_them():
    (article,) = read_bytes(an_odt([*LINES, [["North bank", "South bank"]]]), "one.odt")
    assert "North bank" in str(article.removed) + article.fields["text"]


def test_old_workbooks_are_read_and_old_documents_refused():
    rows = [[str(c) for c in row] for row in ROWS]
    found = read_bytes(an_xls(rows), "list.xls")
    assert [a.fields["text"] for a in found if isinstance(a, Draft)] == [r[2] for r in rows[1:]]
    (refusal,) = read_bytes(an_xls(rows, "WordDocument"), "letter.doc")
    assert isinstance(refusal, BadArticle)
    assert "before 2007" in str(refusal) and "DOCX" in str(refusal)


@pytest.mark.parametrize("make", [lambda: an_odt(LINES), lambda: an_xls([["outlet", "text"]])])
def test_damage_is_a_refusal(make):
    whole = make()
    for cut in range(0, len(whole), max(1, len(whole) // 40)):
        for found in read_bytes(whole[:cut] + b"\xff" * 9 + whole[cut + 9 :], "d.bin"):
            assert isinstance(found, Draft | BadArticle)


def test_a_library_that_gives_up_is_a_refusal_and_says_nothing_itself(capfd):
    book = an_xls([["outlet", "text"], ["Tarn Courier", "The mill closes."]])
    for cut in (1500, 1583, 2000):
        (refusal,) = read_bytes(book[:cut] + "Workbook".encode("utf-16-le"), "list.xls")
        assert isinstance(refusal, BadArticle)
    assert capfd.readouterr().err == ""


def refusal_of(data, name):
    """What is said of a file of which this process keeps less than it declares."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (refusal,) = read_bytes(data, name)
    assert isinstance(refusal, BadArticle)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    return str(refusal)


def an_xlsb(cells):
    """A binary workbook of cells (row, column, text), as small as one can be."""

    def record(kind, body=b""):
        return (bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 127 else bytes([kind])) + (
            bytes([len(body)]) + body
        )

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    rows = b"".join(
        record(0, struct.pack("<I", r) + bytes(21))
        + record(6, struct.pack("<II", c, 0) + wide(text))
        for r, c, text in cells
    )
    size = record(148, struct.pack("<IIII", 0, 1, 0, 1))
    sheet = record(129) + size + record(145) + rows + record(146) + record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet1"))
    book = record(131) + record(143) + listed + record(144) + record(132)
    target = "worksheets/sheet1.bin"
    links = f'<Relationships><Relationship Id="rId1" Type="x" Target="{target}"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", links)
        archive.writestr(f"xl/{target}", sheet)
    return out.getvalue()


def moved(book, column):
    """An old workbook with its last cell in the last row and a column far to the right."""
    at = max(k for k in range(len(book)) if book[k : k + 2] == b"\x04\x02")
    return book[: at + 4] + struct.pack("<HH", 65_535, column) + book[at + 8 :]


def test_a_binary_workbook_is_read():
    cells = [(0, 0, "outlet"), (0, 1, "text"), (1, 0, "Oru"), (1, 1, "The quay is shut.")]
    (article,) = read_bytes(an_xlsb(cells), "list.xlsb")
    assert (article.fields["outlet"], article.fields["text"]) == ("Oru", "The quay is shut.")


def test_a_cell_that_stands_too_far_out_is_refused():
    book = openpyxl.Workbook()
    book.active.append(["outlet", "text"])
    book.active.cell(1_048_576, 16_384, "far")
    out = io.BytesIO()
    book.save(out)
    far = [(0, 0, "outlet"), (0, 1, "text"), (1_048_575, 16_383, "far")]
    old = an_xls([["outlet", "text"], ["Oru", "The quay is shut."]])
    books = {"far.xlsx": out.getvalue(), "far.xlsb": an_xlsb(far), "far.xls": moved(old, 65_535)}
    for name, data in books.items():
        assert f"{name}: the reader of the workbook ended" in refusal_of(data, name)
    wide = refusal_of(moved(old, 400), "wide.xls")
    assert "65,536 × 401 cells, too many of them" in wide


def with_shared_strings(strings, rows):
    """A workbook whose cells name the strings of a list, as spreadsheets write it."""
    out = io.BytesIO(a_workbook([("x",)]))
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheet, listed = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
    cells = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{c}{n}" t="s"><v>{k}</v></c>' for c, k in zip("AB", row, strict=True))
        + "</row>"
        for n, row in enumerate(rows, 1)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    held = "".join(f"<si><t>{text}</t></si>" for text in strings)
    parts[sheet] = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    parts[listed] = f'<sst xmlns="{space}">{held}</sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_what_a_workbook_says_of_its_length_is_bounded():
    long = "The quay was closed on Monday. " * 1_000
    shared = with_shared_strings(["outlet", "text", "Oru", long], [(0, 1), *([(2, 3)] * 1_000)])
    assert "1,001 × 2 cells, too many" in str(read_bytes(shared, "shared.xlsx")[0])
    few = with_shared_strings(["outlet", "text", "Oru", long], [(0, 1), (2, 3)])
    assert read_bytes(few, "few.xlsx")[0].fields["outlet"] == "Oru"
    rows = an_ods([("outlet", "text"), ("Oru", "The quay is shut.")])
    often = 'table:table-cell table:number-columns-repeated="16000" office'
    with zipfile.ZipFile(io.BytesIO(rows)) as archive:
        content = archive.read("content.xml").decode()
        manifest = archive.read("META-INF/manifest.xml")
    head, _, last = content.rpartition("<table:table-row>")
    last = last.replace("table:table-cell office", often)
    repeated = f'{head}<table:table-row table:number-rows-repeated="1048000">{last}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", repeated)
    assert "often.ods: the workbook cannot be read" in refusal_of(out.getvalue(), "often.ods")


def drawn_within_drawn(page):
    """A PDF whose page draws a form 2,000 times, which draws one of many words 2,000 times."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(page))
    held = writer.pages[0]["/Resources"].get_object()
    drawn = None
    for content in (b"BT /F1 12 Tf (The quay is shut.) Tj ET " * 2_000, b"/X Do\n" * 2_000):
        form = StreamObject()
        form._data = content
        inner = {NameObject("/Font"): held["/Font"]}
        if drawn is not None:
            inner[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): drawn})
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/Resources")] = DictionaryObject(inner)
        drawn = writer._add_object(form)
    held[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): drawn})
    contents = StreamObject()
    contents._data = b"/X Do\n" * 2_000
    writer.pages[0][NameObject("/Contents")] = writer._add_object(contents)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 2)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf(["The quay was closed."] * 40_000)))
    writer.pages[0].compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    for data in (out.getvalue(), drawn_within_drawn(a_pdf(LINES[:3]))):
        assert len(data) < 200_000
        (problem,) = read_bytes(data, "lines.pdf")
        assert "the reader of the PDF ended without an answer" in str(problem)


def test_a_merged_cell_of_a_word_table_counts_in_each_row_and_column_that_it_covers():
    from docx import Document

    file = Document()
    table = file.add_table(rows=3, cols=3)
    for cell, value in zip(table.rows[0].cells, ("outlet", "title", "text"), strict=True):
        cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Post"
    table.cell(2, 1).merge(table.cell(2, 2)).text = "The quay is shut."
    table.cell(1, 1).text, table.cell(1, 2).text = "Quay", "It is open again."
    out = io.BytesIO()
    file.save(out)
    told = [f.fields for f in read_bytes(out.getvalue(), "a.docx") if hasattr(f, "fields")]
    assert [(t["outlet"], t["text"]) for t in told] == [
        ("Post", "It is open again."),
        ("Post", "The quay is shut."),
    ]
