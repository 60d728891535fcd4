"""The archived copy of a page."""

import json

from served import manners, page, send

from analysis.gather.collect import collect


def test_the_archives_copy_nearest_to_the_date(serve, tmp_path):
    live = serve(lambda handler: (404, b""))
    wanted = f"{live.url}/old"

    def archive(handler):
        path = handler.path
        if path.startswith("/cdx"):
            assert "closest=20140314" in path
            stamps = {"old": "20140315120000", "second": "20140401000000"}
            found = [stamp for name, stamp in stamps.items() if name in path]
            rows = [["urlkey", "timestamp", "original"], *(["x", stamp, "y"] for stamp in found)]
            return 200, json.dumps(rows).encode() if found else b""
        if path == f"/web/20140315120000id_/{wanted}":
            return send(handler, 302, b"", Location=f"/web/20140314080000id_/{wanted}")
        if path.startswith("/web/2014"):
            return 200, page("archived")
        return 404, b""

    server = serve(archive)
    path = tmp_path / "list.csv"
    addresses = [wanted, f"{live.url}/second", f"{live.url}/third"]
    rows = "".join(f"{a},2014-03-14\n" for a in addresses)
    path.write_text(f"url,date\n{rows}", "utf-8")
    rules = manners(live, server, archive=server.url)
    found = collect(path, tmp_path / "out.parquet", manners=rules)
    report = found.report
    assert list(report["source"]) == ["archive", "archive", ""]
    assert list(report["snapshot"]) == ["20140314080000", "20140401000000", ""]
    assert report["reason"][2] == "status 404; archive: no copy"
    assert set(found.articles["date"]) == {"2014-03-14"}
