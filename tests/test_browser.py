"""The report in a real browser that can reach no host: all is drawn, nothing is asked for."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium and its driver: apt-get install chromium chromium-driver",
)

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1280,900",
]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One Chromium for all tests, with a record of requests and of what it complains about."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in [*ARGUMENTS, f"--user-data-dir={profile}"]:
            options.add_argument(argument)
        driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
        driver.execute_cdp_cmd("Network.enable", {})
        yield driver
        driver.quit()


def events(browser, page: Path) -> list[dict]:
    """Open a page; what the browser did on the network."""
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(page.as_uri())
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 50))")
    return [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]


def opened(browser, page: Path) -> list[str]:
    """Open a page; the addresses it asked for, its own left out, and errors of the console."""
    asked = [
        event["params"]["request"]["url"]
        for event in events(browser, page)
        if event["method"] == "Network.requestWillBeSent"
    ]
    complaints = [entry["message"] for entry in browser.get_log("browser")]
    return [url for url in asked if url != page.as_uri()] + complaints


def test_pages_ask_for_nothing_and_complain_of_nothing(browser, hostile_report):
    for page in hostile_report:
        assert opened(browser, page) == [], page.name


def test_every_host_is_blocked_and_requests_are_seen(browser, tmp_path):
    """The test above means something: a page that asks for an image is found out."""
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><title>x</title><img src="https://news.example/a.png">')
    found = opened(browser, page)
    assert "https://news.example/a.png" in found
    assert any("ERR_NAME_NOT_RESOLVED" in line for line in found)


def test_policy_refuses_what_would_slip_through(browser, hostile_report, tmp_path):
    """Even were a string not escaped: no script of the corpus runs, no image is fetched."""
    text = hostile_report[0].read_text(encoding="utf-8")
    slipped = (
        "<script>document.title = 'executed'</script>"
        "<img src='https://news.example/a.png' onerror=\"document.title='executed'\">"
    )
    page = tmp_path / "index.html"
    page.write_text(text.replace("</main>", slipped + "</main>"), encoding="utf-8")
    failed = [e["params"] for e in events(browser, page) if e["method"] == "Network.loadingFailed"]
    assert [f["blockedReason"] for f in failed] == ["csp"]  # the image; it never left
    refused = [entry["message"] for entry in browser.get_log("browser")]
    assert sum("inline script" in line or "inline event" in line for line in refused) == 2
    assert browser.title != "executed"


def test_strings_of_the_corpus_do_not_run(browser, hostile_report):
    for page in hostile_report:
        opened(browser, page)
        assert browser.title != "executed"
        assert browser.execute_script("return document.querySelectorAll('main script').length") == 0


def test_every_picture_is_drawn_and_described(browser, hostile_report):
    opened(browser, hostile_report[1])
    pictures = browser.execute_script(
        "return [...document.querySelectorAll('main img, main svg')].map(p => ({"
        " width: p.getBoundingClientRect().width, height: p.getBoundingClientRect().height,"
        " words: p.getAttribute('alt') || p.getAttribute('aria-label'),"
        " drawn: p.querySelectorAll('path').length}))"
    )
    assert len(pictures) == 1
    for picture in pictures:
        assert picture["width"] > 300 and picture["height"] > 50
        assert picture["words"].startswith("Bars: words of 12 articles")
        assert picture["drawn"] > 12


def column(browser, at: int) -> list[str]:
    return browser.execute_script(
        "return [...document.querySelector('table.data').tBodies[0].rows]"
        ".filter(r => !r.hidden).map(r => r.cells[arguments[0]].textContent)",
        at,
    )


def test_tables_sort_by_mouse_and_by_keyboard(browser, hostile_report):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    opened(browser, hostile_report[1])
    button = browser.find_element(By.XPATH, "//thead//button[text()='Words']")
    at = 4
    unsorted = column(browser, at)
    button.click()
    assert column(browser, at) == sorted(unsorted, key=int, reverse=True) != unsorted
    button.send_keys(Keys.ENTER)
    assert column(browser, at) == sorted(unsorted, key=int)
    head = button.find_element(By.XPATH, "..")
    assert head.get_attribute("aria-sort") == "ascending"
    assert len(browser.find_elements(By.CSS_SELECTOR, "[aria-sort]")) == 1


def test_tables_are_searched(browser, hostile_report):
    from selenium.webdriver.common.by import By

    opened(browser, hostile_report[1])
    search = browser.find_element(By.CSS_SELECTOR, "input[type=search]")
    assert search.accessible_name == "Search this table"
    search.send_keys("velmar-03")
    assert column(browser, 0) == ["velmar-03"]
    assert browser.find_element(By.CSS_SELECTOR, "[role=status]").text == "1 of 12 rows"
    search.clear()
    search.send_keys("no such article")
    assert column(browser, 0) == []


def test_contents_follow_the_reader(browser, hostile_report):
    opened(browser, hostile_report[1])
    current = "return [...document.querySelectorAll('.contents [aria-current]')].map(a => a.hash)"
    settled = "requestAnimationFrame(() => setTimeout(arguments[0], 900))"
    browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    browser.execute_async_script(settled)
    assert browser.execute_script(current) == ["#caveat"]


@pytest.mark.parametrize("width", [320, 800, 1280])
def test_no_page_is_wider_than_the_window(browser, hostile_report, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for page in hostile_report:
            opened(browser, page)
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, page.name
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_headings_go_down_one_level_at_a_time(browser, hostile_report):
    for page in hostile_report:
        opened(browser, page)
        levels = browser.execute_script(
            "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
        )
        assert levels[0] == 1 and levels.count(1) == 1, page.name
        assert all(b - a <= 1 for a, b in pairwise(levels)), page.name


def test_boxes_that_overflow_can_be_scrolled_by_keyboard(browser, hostile_report):
    size = {"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        opened(browser, hostile_report[1])
        boxes = browser.execute_script(
            "return [...document.querySelectorAll('.scroll')].map(b => [b.tabIndex === 0,"
            " b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight])"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert any(overflows for _, overflows in boxes)
    assert all(stop == overflows for stop, overflows in boxes)
