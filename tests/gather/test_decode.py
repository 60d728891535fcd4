"""Encodings: which was used, and what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.gather.decode import decode
from analysis.gather.problems import BadArticle

RUSSIAN = (
    "Мост через реку Тарн закрыт до понедельника, сообщила городская администрация. Инженеры "
    "проверяют опоры, а жители добираются до рынка на пароме. Мэр обещал открыть движение в срок."
)
FRENCH = (
    "Le pont sur la Tarn est fermé jusqu’à lundi, a annoncé la mairie. Les ingénieurs vérifient "
    "les piliers et les habitants traversent la rivière en bac. « Il sera prêt à temps », dit-elle."
)
ENGLISH = (
    "The café on the quay in Tarn stayed open, said Zoë Hale, “whatever the river does” – a relief."
)


@pytest.mark.parametrize("text", [RUSSIAN, FRENCH, ENGLISH])
@pytest.mark.parametrize(
    ("codec", "used"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_encodings_are_recognised(text, codec, used):
    assert decode(text.encode(codec)) == (text, used)


@pytest.mark.parametrize(
    ("text", "codec"), [(RUSSIAN, "cp1251"), (FRENCH, "cp1252"), (ENGLISH, "cp1252")]
)
def test_code_pages_are_recognised(text, codec):
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize("asked", [None, "latin-1", "ISO-8859-1"])
def test_what_calls_itself_latin_1_keeps_its_quotation_marks(asked):
    page = '<meta charset="iso-8859-1"><p>“The ferry is late,” said Ada Orr – again.</p>'
    assert decode(page.encode("cp1252"), encoding=asked)[0] == page


def test_big_endian_mark():
    assert decode(b"\xfe\xff" + RUSSIAN.encode("utf-16-be")) == (RUSSIAN, "utf-16")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_every_text_in_utf8_comes_back(text):
    if text.strip(" \ufeff") and not text.startswith("\ufeff"):
        data = text.encode()
        if not data.startswith((b"%PDF", b"GIF8", b"PAR1", b"PK")):
            assert decode(data) == (text, "utf-8")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"page\.txt: the file is empty"),
        (b" \r\n", "the file is empty"),
        (b"%PDF-1.7 \xe2\xe3", "the file is a PDF document, not text. Save or export its text"),
        (b"PK\x03\x04rest", "zip archive or Office document"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (bytes(range(256)) * 4, "binary data, not text"),
        (b"\x7fELF\x01\x01\x01\x00\x00\x00abc", "binary data, not text"),
    ],
)
def test_what_is_no_text_is_refused(data, message):
    with pytest.raises(BadArticle, match=message):
        decode(data, "page.txt")


def test_damaged_utf8_is_not_turned_into_mojibake():
    data = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    at = len(RUSSIAN.encode())
    with pytest.raises(BadArticle, match=rf"byte 0xFF at position {at} breaks its UTF-8"):
        decode(data)


def test_wrong_encoding_asked_for():
    with pytest.raises(BadArticle, match=r"byte 0x\w+ at position \d+ is not utf-8"):
        decode(RUSSIAN.encode("cp1251"), encoding="utf-8")
    with pytest.raises(BadArticle, match="'cp99' is not an encoding of text files"):
        decode(b"text", encoding="cp99")
    assert decode(RUSSIAN.encode("koi8-r"), encoding="koi8-r") == (RUSSIAN, "koi8-r")


@pytest.mark.parametrize("name", ["unicode_escape", "undefined", "punycode", "idna", "base64", "x"])
def test_a_codec_that_is_none_of_files_is_never_obeyed(name):
    page = f'<html><meta charset="{name}"><p>Caf\xe9 \\u0041 at Tarn is shut.</p></html>'
    text, used = decode(page.encode("cp1252"))
    assert used == "cp1252" and "Café \\u0041" in text
    with pytest.raises(BadArticle, match=rf"'{name}' is not an encoding of text files"):
        decode(b"text", encoding=name)


def test_two_stray_control_bytes_do_not_make_a_page_binary():
    page = b"<html><script>var x = '\x07\x1a';</script>" + b"<p>The bridge is shut.</p>" * 200
    assert decode(page)[1] == "utf-8"
    with pytest.raises(BadArticle, match="binary"):
        decode(bytes(range(1, 30)) * 20)
