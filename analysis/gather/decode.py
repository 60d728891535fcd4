"""Bytes → text, and the name of the encoding that was used."""

import codecs
import re

import charset_normalizer

from analysis.gather.problems import refused, shown

BOMS = (  # the four-byte marks first: UTF-32 LE begins with the mark of UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
KINDS = (  # first bytes of what is often mistaken for text
    (b"%PDF", "a PDF document", "Save or export its text as a UTF-8 .txt file."),
    (b"PK\x03\x04", "a zip archive or Office document", "Save its text as a UTF-8 .txt file."),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Save its text as a UTF-8 .txt file."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"\x89PNG", "a PNG picture", "Give the page's text."),
    (b"\xff\xd8\xff", "a JPEG picture", "Give the page's text."),
    (b"GIF8", "a GIF picture", "Give the page's text."),
    (b"PAR1", "a Parquet table", "Name it with the ending .parquet."),
)
# Single-byte code pages of European news archives; the detector chooses among those of one script.
LATIN = ["cp1252", "cp1250", "cp1254"]
OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp866", "cp1253"]
FEW = 0.01  # share of accented letters below which Latin code pages cannot be told apart
ZEROS = 0.05  # share of zero bytes on one side from which text may be UTF-16 (its spaces, at least)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
STRAY = 0.001  # share of control characters up to which a text is one; scripts in pages hold some
WORD = re.compile(rb"[A-Za-z\x80\x8a\x8c-\x8f\x9a\x9c-\x9f\xa1-\xff]+")
LONG_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)", re.I)
NO_CODECS = frozenset(
    "unicode-escape raw-unicode-escape undefined idna punycode utf-7 mbcs oem".split()
)


def decode(data: bytes, file: str = "page", encoding: str | None = None) -> tuple[str, str]:
    """Decode bytes, saying which encoding was used.

    Tried in this order: the encoding asked for; a byte-order mark; UTF-16 without one (its zero
    bytes all stand on even or all on odd places); UTF-8; the charset an HTML page declares; the
    code page that charset-normalizer finds most plausible (cp1252, cp1251, cp1250, cp1253, cp1254,
    koi8-r, cp866). No byte is ever replaced or dropped.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name, for messages.
    encoding
        A Python codec name, where the user knows better.

    Returns
    -------
    tuple of str
        The text (without byte-order mark) and the encoding's name.

    Raises
    ------
    BadArticle
        The file is empty, holds binary data, or does not decode.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise refused(file, "empty-file")
    if encoding:
        return _strict(data, file, encoding), encoding
    for mark, name in BOMS:
        if data.startswith(mark):
            return _strict(data, file, name), name
    for mark, kind, remedy in KINDS:
        if data.startswith(mark):
            raise refused(file, "kind-text", what=kind, remedy=remedy)
    if b"\x00" in data:
        name = _utf16(data, file)
        return _strict(data, file, name), name
    text, name = _eight_bit(data, file)
    return _checked(text, file), name


def _checked(text: str, file: str) -> str:
    """A text, if it is one."""
    if sum(1 for _ in CONTROL.finditer(text)) > STRAY * len(text):
        raise refused(file, "binary")
    return text.removeprefix("\ufeff")


def is_text_codec(name: str) -> bool:
    """Whether a name is a codec that turns bytes into text and is one of files.

    ``unicode_escape`` runs what it reads, ``idna`` and ``punycode`` are of names, ``undefined`` of
    nothing; ``base64`` and its like give no text.
    """
    try:
        "a".encode(name)  # refuses what gives no text
        return codecs.lookup(name).name not in NO_CODECS
    except (LookupError, ValueError):
        return False


def _meant(encoding: str) -> str:
    """Windows-1252 for what calls itself Latin-1, as in browsers (WHATWG Encoding Standard)."""
    return "cp1252" if codecs.lookup(encoding).name == "iso8859-1" else encoding


def _strict(data: bytes, file: str, encoding: str) -> str:
    if not is_text_codec(encoding):
        raise refused(file, "encoding", name=shown(encoding))
    try:
        return _checked(data.decode(_meant(encoding)), file)
    except UnicodeDecodeError as e:
        at = {"byte": e.object[e.start], "at": e.start, "encoding": encoding}
        raise refused(file, "wrong-byte", **at) from None


def _utf16(data: bytes, file: str) -> str:
    even, odd = data[0::2].count(0), data[1::2].count(0)
    zeros = max(even, odd) / (len(data) / 2)
    if len(data) % 2 or zeros < ZEROS or min(even, odd) > 0.01 * max(even, odd):
        raise refused(file, "binary")
    return "utf-16-le" if odd > even else "utf-16-be"


def _eight_bit(data: bytes, file: str) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as e:
        _refuse_damaged_utf8(data, file, e)
    declared = DECLARED.search(data[:4096])
    names = [declared[1].decode("ascii")] if declared else []
    for name in filter(is_text_codec, [*names, *_code_page(data)]):
        try:
            return data.decode(_meant(name)), name.lower().replace("_", "-")
        except UnicodeDecodeError:
            continue
    raise refused(file, "no-encoding")


def _code_page(data: bytes) -> list[str]:
    """The most plausible code page.

    In a Latin script accented letters stand among plain ones, in the others whole words have no
    ASCII letter: that decides the script, charset-normalizer the code page within it.
    """
    words = [w for w in WORD.findall(data) if any(b > 127 for b in w)]
    mixed = sum(any(b < 128 for b in w) for w in words)
    if mixed * 2 < len(words):
        pages = OTHER_SCRIPTS
    elif sum(b >= 0xC0 for w in words for b in w) < FEW * len(data):
        return ["cp1252"]
    else:
        pages = LATIN
    found = charset_normalizer.from_bytes(data, cp_isolation=pages).best()
    if found is None:
        return []
    # The commonest page, where several give the same text.
    return ["cp1252" if str(found) == data.decode("cp1252", "replace") else found.encoding]


def _refuse_damaged_utf8(data: bytes, file: str, error: UnicodeDecodeError) -> None:
    """Mostly valid UTF-8 with a wrong byte in it: a code page would turn it into mojibake."""
    valid = sum(map(len, LONG_UTF8.findall(data)))
    wrong = sum(b > 127 for b in data) - valid
    if valid > 9 * wrong:
        raise refused(file, "damaged-utf8", byte=data[error.start], at=error.start)
