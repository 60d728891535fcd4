"""Archives are opened, their pages read; what declares too much is refused unopened."""

import gzip
import io
import tarfile
import zipfile
from email.message import EmailMessage

import pytest
from conftest import read_bytes
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from analysis.gather import containers
from analysis.gather.articles import read_articles
from analysis.gather.drafts import Draft

TEXT = (
    "The bridge of Tarn was closed on Friday because the river had risen by two metres overnight. "
    "Schools on the far bank will stay closed until Monday, the mayor told the council."
)
PAGE = (
    "<!doctype html><html><head><title>Bridge closed</title></head><body><article>"
    f"<h1>Bridge closed</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)


def zipped(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def drafts(data, name):
    return [d for d in read_bytes(data, name) if isinstance(d, Draft)]


def test_zip_with_folders_pages_tables_and_what_a_browser_adds():
    files = {
        "Tarn/one.html": PAGE,
        "Tarn/one_files/ad.html": PAGE,
        "Tarn/.hidden/two.html": PAGE,
        "__MACOSX/Tarn/one.html": PAGE,
        "table.csv": f'outlet,text\nPost,"{TEXT}"\n',
        "logo.png": b"\x89PNG\r\n\x1a\n",
    }
    found = read_bytes(zipped(files), "all.zip")
    assert [f.file for f in found if isinstance(f, Draft)] == [
        "all.zip/Tarn/one.html",
        "all.zip/table.csv",
    ]
    assert [str(f) for f in found if not isinstance(f, Draft)] == [
        str(f) for f in found if "logo.png: the file is a PNG picture" in str(f)
    ]


def test_an_archive_is_no_outlet_and_a_folder_in_it_is(tmp_path):
    (tmp_path / "all.zip").write_bytes(zipped({"Tarn Post/one.html": PAGE, "two.html": PAGE}))
    outlets = read_articles(tmp_path / "all.zip")["outlet"]
    assert sorted(outlets) == ["", "Tarn Post"]


def test_zip_in_zip_up_to_a_depth():
    data = zipped({"one.html": PAGE})
    for n in range(3):
        data = zipped({f"{n}.zip": data})
    assert len(drafts(data, "deep.zip")) == 1
    (problem,) = read_bytes(zipped({"a.zip": zipped({"b.zip": data})}), "deep.zip")
    assert "containers deep. Unpack it" in str(problem)


def test_bombs_are_refused():
    bomb = zipped({"zero.txt": b"0" * 40_000_000})
    (problem,) = read_bytes(bomb, "bomb.zip")
    assert "bytes that unpacks to 40,000,000. Unpack it yourself" in str(problem)
    page = b"<html><p>The quay is shut.</p>" + b" " * 250_000
    inner = zipped({f"{n}.html": page for n in range(8)})  # each of them is within the bounds
    within = zipped({"all.zip": zipped({f"{n}.zip": inner for n in range(6)})})
    *_, problem = read_bytes(within, "bombs.zip")
    assert str(problem).startswith("bombs.zip: an archive of")
    (problem,) = read_bytes(gzip.compress(b"0" * 40_000_000), "bomb.txt.gz")
    assert "bytes that unpack to more than" in str(problem)


def test_a_password_and_a_broken_member():
    data = bytearray(zipped({"one.html": PAGE}))
    start = data.find(b"<!doct") if b"<!doct" in data else 60
    data[start : start + 20] = b"x" * 20
    assert all("one.html" in str(f) for f in read_bytes(bytes(data), "a.zip"))
    data = bytearray(zipped({"one.html": PAGE}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + place] |= 1
    (problem,) = read_bytes(bytes(data), "a.zip")
    assert "closed by a password" in str(problem)


def test_gzip_of_one_and_several_parts():
    packed = gzip.compress(PAGE[:100].encode()) + gzip.compress(PAGE[100:].encode())
    (draft,) = drafts(packed, "one.html.gz")
    assert draft.file == "one.html"
    (draft,) = drafts(packed + b"gap" * 9, "one.html.gz")  # and what is no part behind them
    (problem,) = read_bytes(gzip.compress(PAGE.encode())[:-20], "one.html.gz")
    assert "the gzip archive cannot be read (EOFError" in str(problem)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_mhtml(charset):
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://tarn.example/bridge"
    message["MIME-Version"] = "1.0"
    message.set_content(PAGE.replace("Friday", "Friday – late"), subtype="html", charset=charset)
    message.make_related()
    (draft,) = drafts(message.as_bytes(), "bridge.mhtml")
    assert draft.fields["url"] == "https://tarn.example/bridge"
    assert "Friday – late" in draft.fields["text"]


def warc(pages, *, gz):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gz)
    for url, (status, kind, body) in pages.items():
        head = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body.encode()), http_headers=head
        )
        writer.write_record(record)
        record.raw_stream.close()
    return out.getvalue()


@pytest.mark.parametrize("gz", [True, False])
def test_warc(gz):
    pages = {
        "https://tarn.example/1": ("200 OK", "text/html; charset=utf-8", PAGE),
        "https://tarn.example/2": ("404 Not Found", "text/html", PAGE),
        "https://tarn.example/3": ("200 OK", "image/png", "x"),
        "https://tarn.example/4": (
            "200 OK",
            "text/html",
            "<html><body><nav>Menu</nav></body></html>",
        ),
    }
    data = warc(pages, gz=gz)
    found = read_bytes(data, "crawl.warc.gz" if gz else "crawl.warc")
    assert [f.fields["url"] for f in found if isinstance(f, Draft)] == ["https://tarn.example/1"]
    assert len(found) == 2
    (problem,) = read_bytes(warc({}, gz=False) or b"WARC/1.0\r\n", "empty.warc")
    assert not isinstance(problem, Draft)


def test_a_page_in_a_web_archive_may_not_be_too_large(monkeypatch):
    monkeypatch.setattr(containers, "PAGE", 100)
    data = warc({"https://tarn.example/1": ("200 OK", "text/html", PAGE)}, gz=False)
    (problem,) = read_bytes(data, "crawl.warc")
    assert "a page of more than 100 bytes" in str(problem)


def tarred(files, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "mode"), [("all.tar", "w"), ("all.tar.gz", "w:gz"), ("a.tgz", "w:gz")]
)
def test_tar_archives_hold_their_files(name, mode):
    files = {"./Osk Mail/one.html": PAGE, "one_files/ad.html": PAGE, "one.html": PAGE, ".x": "no"}
    found = read_bytes(tarred(files, "w" if name == "all.tar" else "w:gz"), name)
    names = [d.file for d in found if isinstance(d, Draft)]
    stem = name.removesuffix(".gz").removesuffix(".tgz")
    assert names == [f"{stem}/Osk Mail/one.html", f"{stem}/one.html"]


def test_a_cut_tar_is_refused():
    whole = tarred({"one.html": PAGE * 20})
    found = read_bytes(whole[:700], "all.tar")
    assert found and not any(isinstance(d, Draft) for d in found)
