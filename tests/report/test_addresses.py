"""Where links may lead."""

from analysis.report.addresses import address, web_address


def test_addresses():
    assert address("so-called") == "explorer.html#term=so-called"
    assert address('"><b>') == "explorer.html#term=%22%3E%3Cb%3E"
    assert web_address("https://news.example/a?b#c") == "https://news.example/a?b#c"
    for bad in ("javascript:alert(1)", "data:text/html,x", "//x", "https:", "http://[", ""):
        assert web_address(bad) == ""
