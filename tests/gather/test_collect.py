"""Collecting, against servers on the loopback: what is had is had once, what is not says why."""

import gzip
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pandas as pd
import pytest
from served import listed, manners, ordinary, page, run, send

import analysis
from analysis.errors import AnalysisError
from analysis.gather.collect import addresses_of, collect
from analysis.gather.fetch import Manners
from analysis.gather.webarchive import Archive


def test_articles_a_report_and_the_raw_answers(serve, tmp_path, capsys):
    server = serve(ordinary)
    addresses = [f"{server.url}/a/{n}" for n in range(3)]
    found = run(tmp_path, [*addresses, addresses[0] + "#top"], manners(server), progress=True)
    assert "collecting: 100%" in capsys.readouterr().err
    assert list(found.report["outcome"]) == ["had"] * 3
    assert set(found.report["source"]) == {"live"}
    assert sorted(found.articles["url"]) == addresses
    assert set(found.articles["outlet"]) == {"127.0.0.1"}  # the host, where nothing else is known
    assert set(found.report["article"]) == set(found.articles["id"])
    assert analysis.read_articles(tmp_path / "articles.parquet").equals(found.articles)
    assert server.agents == {"compare-coverage/0 (news research; ida@velmar.example)"}
    again = analysis.read_articles(tmp_path / "articles.warc.gz")
    assert sorted(again["url"]) == addresses


def test_a_second_run_asks_for_nothing_and_a_refresh_asks_conditionally(serve, tmp_path):
    cookies = []

    def tagged(handler):
        if handler.path == "/robots.txt":
            return 404, b""
        cookies.append(handler.headers["Cookie"])
        if handler.headers["If-None-Match"] == '"one"':
            return 304, b""
        return send(handler, 200, page(handler.path), ETag='"one"', Set_Cookie="id=1")

    server = serve(tagged)
    addresses = [f"{server.url}/{n}" for n in range(3)]
    first = run(tmp_path, addresses, manners(server))
    size = (tmp_path / "articles.warc.gz").stat().st_size
    server.asked.clear()
    second = run(tmp_path, addresses, manners(server))
    assert server.asked == []
    third = run(tmp_path, addresses, manners(server), refresh=True)
    assert len([a for a in server.asked if a != "/robots.txt"]) == 3
    assert (tmp_path / "articles.warc.gz").stat().st_size == size
    assert first.articles.equals(second.articles) and first.articles.equals(third.articles)
    assert set(cookies) == {None}
    assert b"id=1" not in gzip.decompress((tmp_path / "articles.warc.gz").read_bytes())


def test_what_the_list_says_of_an_article_stands(serve, tmp_path):
    server = serve(ordinary)
    path = tmp_path / "list.csv"
    path.write_text(
        "url,outlet,date,title,topic\n"
        f"{server.url}/1,Tarn Courier,2031-03-01,A title of the list,talks\n",
        "utf-8",
    )
    found = collect(path, tmp_path / "out.parquet", manners=manners(server)).articles.iloc[0]
    assert (found["outlet"], found["date"], found["topic"]) == (
        "Tarn Courier",
        "2031-03-01",
        "talks",
    )
    assert found["title"] == "Bridge /1 closed today"


def test_the_time_of_day_that_the_list_or_the_page_states_is_kept(serve, tmp_path):
    server = serve(ordinary)
    path = tmp_path / "list.csv"
    at = ["2031-03-01T09:26:00+01:00", "25/03/2031", "03/04/2031"]
    rows = "".join(f"{server.url}/{n},Tarn Courier,{day}\n" for n, day in enumerate(at))
    path.write_text(f"url,outlet,date\n{rows}", "utf-8")
    found = collect(path, tmp_path / "out.parquet", manners=manners(server)).articles
    read = dict(zip(found["url"].str[-1], found["date"] + " " + found["time"], strict=True))
    assert read == {"0": "2031-03-01 09:26+01:00", "1": "2031-03-25 ", "2": "2031-04-03 "}


FEED = """<rss version="2.0"><channel><link>https://tarn.example/</link><item><title>One</title>
<link>https://tarn.example/1</link><pubDate>Fri, 14 Mar 2031 10:30:00 GMT</pubDate></item>
<item><link>https://tarn.example/2</link></item></channel></rss>"""


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title>
<link rel="self" href="https://tarn.example/x"/><link href="https://tarn.example/1"/></entry>
<entry><link href="https://tarn.example/2"/></entry></feed>"""


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://tarn.example/1</loc></url><url><loc>https://tarn.example/2</loc></url></urlset>"""


CLOUD = """id,media_name,publish_date,title,url
1,Tarn Courier,2031-03-14,One,https://tarn.example/1
2,Tarn Courier,2031-03-15,Two,https://tarn.example/2
"""


PLAIN = "# ours\nhttps://tarn.example/1\n\nhttps://tarn.example/2\nhttps://tarn.example/1#end\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.xml", FEED),
        ("feed.xml", ATOM),
        ("sitemap.xml", SITEMAP),
        ("cloud.csv", CLOUD),
        (
            "gdelt.csv",
            "DocumentIdentifier,Date\nhttps://tarn.example/1,\nhttps://tarn.example/2,\n",
        ),
        ("list.txt", PLAIN),
        ("list.csv", PLAIN.replace("# ours\n", "")),
    ],
)
def test_every_kind_of_list(tmp_path, name, text):
    path = listed(tmp_path, [text], name)
    assert [w.address for w in addresses_of(path)] == [
        "https://tarn.example/1",
        "https://tarn.example/2",
    ]


def test_lists_that_are_refused(tmp_path):
    with pytest.raises(AnalysisError, match="no file is there"):
        addresses_of(tmp_path / "none.csv")
    with pytest.raises(AnalysisError, match=r"no column of addresses\. Available: note, outlet"):
        addresses_of(listed(tmp_path, ["outlet,note", "Post,x"], "a.csv"))
    with pytest.raises(AnalysisError, match="0 addresses"):
        addresses_of(listed(tmp_path, ["# nothing"]))
    with pytest.raises(AnalysisError, match="not XML"):
        addresses_of(listed(tmp_path, ["<rss><item>"], "a.xml"))


SAY = {
    "/404": ((404, b"gone"), "status 404"),
    "/500": ((500, b""), "status 500"),
    "/429": ((429, b""), "status 429"),
    "/private/x": ((200, b"x"), "robots.txt asks not to"),
    "/pdf": ((200, b"%PDF"), "no page but application/pdf"),
    "/empty": ((200, b" "), "an empty page"),
    "/menu": ((200, b"<html><body></body></html>"), "no running text"),
    "/home": ((301, b""), "it leads to the front page"),
    "/round": ((301, b""), "its redirects go round in a circle"),
    "/far": ((301, b""), "more than 8 redirects"),
    "/inside": ((301, b""), "is a private address"),
    "/file": ((301, b""), "no address of the web"),
    "/large": ((200, b"x" * 60_000), "more than 50,000 bytes"),
    "/bomb": ((200, gzip.compress(b"0" * 3_000_000)), "more than 50,000 bytes"),
    "/broken-gzip": ((200, b"\x1f\x8bxxxxxxxx"), "its packing is broken"),
    "/half-gzip": ((200, gzip.compress(page("h"))[:60]), "its packing breaks off"),
    "/brotli": ((200, b"x"), "it is packed as br"),
    "/cut": (None, "the connection failed"),
    "/slow": (None, "it does not answer in time"),
    "/drip": (None, "it takes more than"),
    "/patience": ((503, b""), "it asks to wait 9,999 seconds"),
}


MOVED = {
    "/home": "/",
    "/round": "/round",
    "/inside": "http://127.0.0.1:1/",
    "/file": "file:///etc/hosts",
}


def saying(handler):
    path = handler.path.partition("?")[0]
    if path == "/robots.txt":
        return 200, b"User-agent: *\nDisallow: /private"
    if path.startswith("/far"):
        return send(handler, 301, b"", Location=f"/far{len(path)}x{path[4:]}")
    if path in MOVED:
        return send(handler, 301, b"", Location=MOVED[path])
    if path == "/cut":
        return send(handler, 200, b"<html>", Content_Length="5000")
    if path == "/slow":
        time.sleep(3)
        return None
    if path == "/drip":
        handler.send_response(200)
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"<p>")
            time.sleep(0.2)
        return None
    if path not in SAY:
        return 200, page(path)
    status, body = SAY[path][0]
    more = {"/pdf": {"Content_Type": "application/pdf"}, "/patience": {"Retry_After": "9999"}}
    packed = {"/bomb": "gzip", "/broken-gzip": "gzip", "/half-gzip": "gzip", "/brotli": "br"}
    headers = more.get(path, {})
    if path in packed:
        headers = headers | {"Content_Encoding": packed[path]}
    return send(handler, status, body, **headers)


def test_everything_that_can_go_wrong_says_why_and_the_others_are_had(serve, tmp_path):
    server = serve(saying)
    good = [f"{server.url}/good/{n}" for n in range(2)]
    bad = [f"{server.url}{path}" for path in SAY]
    odd = [
        "ftp://tarn.example/x",
        "javascript:alert(1)",
        "http://ida:secret@tarn.example/",
        "http://[",
    ]
    rules = manners(server, largest=50_000, tries=2, patience=2.0)
    found = run(tmp_path, [*good, *bad, *odd], rules)
    report = found.report.set_index("address")
    assert list(report.index) == [*good, *bad, *odd]
    assert list(report.loc[good, "outcome"]) == ["had", "had"]
    assert set(report.loc[bad + odd, "outcome"]) == {"not had", "no text"}
    for path, (_, reason) in SAY.items():
        assert reason in report.loc[f"{server.url}{path}", "reason"], path
    assert set(report.loc[odd, "reason"]) == {"no address of the web"}
    assert len(found.articles) == 2
    assert "/private/x" not in server.asked
    written = pd.read_csv(tmp_path / "articles.collected.csv", dtype=str, keep_default_na=False)
    assert list(written["address"]) == list(found.report["address"])


def test_charsets_of_the_server_and_of_nobody(serve, tmp_path):
    russian = page("Тарна").replace(b"The bridge of Tarn was closed", "Мост закрыт".encode())

    def answer(handler):
        if handler.path == "/header":
            body = russian.decode().encode("cp1251")
            return send(handler, 200, body, Content_Type="text/html; charset=windows-1251")
        if handler.path == "/lie":
            return send(handler, 200, russian, Content_Type="text/html; charset=iso-8859-1")
        if handler.path == "/nonsense":
            return send(handler, 200, russian, Content_Type="text/html; charset=unicode_escape")
        return 404, b""

    server = serve(answer)
    addresses = [f"{server.url}/{x}" for x in ("header", "lie", "nonsense")]
    found = run(tmp_path, addresses, manners(server))
    assert list(found.report["outcome"]) == ["had"] * 3
    assert all("Мост закрыт" in text for text in found.articles["text"])


def test_nothing_had_leaves_a_report_and_no_table(serve, tmp_path):
    server = serve(lambda handler: (404, b""))
    with pytest.raises(AnalysisError, match=r"None of the 1 addresses .* \(status 404\)"):
        run(tmp_path, [f"{server.url}/x"], manners(server))
    assert (tmp_path / "articles.collected.csv").exists()
    assert not (tmp_path / "articles.parquet").exists()


def test_without_a_contact_nothing_is_asked(tmp_path):
    with pytest.raises(AnalysisError, match="No contact is given"):
        run(tmp_path, ["https://tarn.example/1"], Manners())


def test_two_runs_at_once_are_one_too_many(tmp_path):
    with Archive(tmp_path / "a.warc.gz"), pytest.raises(AnalysisError, match="in use by another"):
        Archive(tmp_path / "a.warc.gz")
    (tmp_path / "b.warc.gz").write_bytes(b"not a WARC")
    with pytest.raises(AnalysisError, match="no WARC that this tool wrote"):
        Archive(tmp_path / "b.warc.gz")


def _child(path, out, rules):
    collect(path, out, manners=rules)


def test_two_hundred_addresses_a_third_failing_killed_three_times(serve, tmp_path):
    rng = random.Random(4)
    fails = {n: rng.choice([404, 500, "cut"]) for n in range(200) if rng.random() < 1 / 3}
    had = []

    def answer(handler):
        if handler.path == "/robots.txt":
            return 404, b""
        n = int(handler.path.rpartition("/")[2])
        time.sleep(0.01)
        if n in fails:
            if fails[n] == "cut":
                return send(handler, 200, b"<html>", Content_Length="5000")
            return fails[n], b""
        had.append(n)
        return 200, page(str(n))

    servers = [serve(answer) for _ in range(4)]
    addresses = [f"{servers[n % 4].url}/a/{n}" for n in range(200)]
    path, out = listed(tmp_path, addresses), tmp_path / "articles.parquet"
    rules = manners(*servers, tries=2)
    context = multiprocessing.get_context("spawn")
    for at in (25, 60, 95):
        child = context.Process(target=_child, args=(path, out, rules))
        child.start()
        while len(had) < at and child.is_alive():
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        child.join(300)
    warc = Path(tmp_path / "articles.warc.gz")
    assert not out.exists()
    warc.write_bytes(warc.read_bytes()[:-7])  # as a kill in the middle of writing leaves it
    found = collect(path, out, manners=rules)
    assert list(found.report["address"]) == addresses
    outcomes = dict(zip(range(200), found.report["outcome"], strict=True))
    assert {n for n, o in outcomes.items() if o == "not had"} == set(fails)
    assert sorted(found.articles["url"]) == sorted(
        a for n, a in enumerate(addresses) if n not in fails
    )
    assert len(had) <= 200 - len(fails) + 4 * 4  # what was under way at a kill is asked again
    server = servers[0]
    server.asked.clear()
    again = collect(path, out, manners=rules)
    assert again.articles.equals(found.articles)
    asked = {int(a.rpartition("/")[2]) for a in server.asked if a != "/robots.txt"}
    assert asked == {n for n in fails if n % 4 == 0}
