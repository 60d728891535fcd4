"""The report in a real browser that can reach no host: all is drawn, nothing is asked for."""

import base64
import io
import json
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import named
from pypdf import PdfReader

import analysis
from analysis.compare import usage
from analysis.data import NOTEBOOKS
from analysis.report.run import build_report

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
        driver.set_script_timeout(300)  # axe-core on a long page, on a busy machine
        driver.set_page_load_timeout(300)
        driver.execute_cdp_cmd("Network.enable", {})
        yield driver
        driver.quit()


def whole(browser) -> None:
    """Wait until a page of a report has unfolded what it holds; other pages are not waited for."""
    until = time.monotonic() + 60
    unready = (
        "return !!document.querySelector('.site') && !('ready' in document.documentElement.dataset)"
    )
    while browser.execute_script(unready) and time.monotonic() < until:
        time.sleep(0.02)


def asked(browser, address: str) -> None:
    """Open an address from an empty page."""
    browser.get("about:blank")
    browser.get(address)
    whole(browser)


def events(browser, page: Path) -> list[dict]:
    """Open a page; what the browser did on the network."""
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(page.as_uri())
    whole(browser)
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


@pytest.fixture(params=["hostile_report", "whole_report", "bundled_report"])
def pages(request) -> list[Path]:
    """The pages of each report: small notebooks and the project's own, hostile and bundled."""
    return request.getfixturevalue(request.param)


def test_pages_ask_for_nothing_and_complain_of_nothing(browser, pages):
    for page in pages:
        assert opened(browser, page) == [], page.name


def test_nothing_is_missing(browser, pages):
    """Every picture has a size, something drawn and words; every table has rows."""
    for page in pages:
        opened(browser, page)
        pictures = browser.execute_script(
            "return [...document.querySelectorAll('main img, main [role=img]')]"
            ".filter(p => p.getClientRects().length && !p.classList.contains('strip')).map(p => ["
            "p.getBoundingClientRect().width > 100, p.getBoundingClientRect().height > 20,"
            "(p.getAttribute('alt') || p.getAttribute('aria-label') || '').length > 20,"
            "p.tagName === 'IMG' ? p.naturalWidth > 0"
            " : p.querySelectorAll('path,text').length > 0])"
        )
        assert all(all(found) for found in pictures), page.name
        empty = "return [...document.querySelectorAll('main table')].filter(t => !t.rows.length)"
        assert browser.execute_script(empty) == [], page.name


def test_the_explorer_answers(browser, hostile_report):
    for term in ("pier", "script", "no such"):
        opened(browser, named(hostile_report))
        browser.execute_script("location.hash = arguments[0]", f"term={term}")
        assert browser.get_log("browser") == []


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


def test_strings_of_the_corpus_do_not_run(browser, pages):
    for page in pages:
        opened(browser, page)
        assert browser.title != "executed"
        scripts = "return document.querySelectorAll('main script:not([type])').length"
        assert browser.execute_script(scripts) == 0


def test_every_picture_is_drawn_and_described(browser, hostile_report):
    opened(browser, hostile_report[1])
    assert browser.execute_script("return document.querySelectorAll('main .wide svg').length") == 2
    pictures = browser.execute_script(
        "return [...document.querySelectorAll('main .wide [role=img]')].map(p => ({"
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
    at = 3
    unsorted = column(browser, at)
    words = browser.execute_async_script(
        "unfolded(document.querySelector('figure.table > script').textContent)"
        ".then(data => arguments[0](data.c[3].v))"
    )
    falling = sorted(words, reverse=True)
    button.click()
    assert [int(c) for c in column(browser, at)] == falling[:10] != [int(c) for c in unsorted]
    button.send_keys(Keys.ENTER)
    assert [int(c) for c in column(browser, at)] == sorted(words)[:10]
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
    search.send_keys("velmar")  # more rows than are on display
    assert 1 <= len(column(browser, 0)) <= 10
    search.clear()
    search.send_keys("no such article")
    assert column(browser, 0) == []


def test_contents_follow_the_reader(browser, hostile_report):
    opened(browser, hostile_report[1])
    current = "return [...document.querySelectorAll('.contents [aria-current]')].map(a => a.hash)"
    settled = "requestAnimationFrame(() => setTimeout(arguments[0], 900))"
    browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    browser.execute_async_script(settled)
    assert browser.execute_script(current) == ["#method"]


LENGTH = """
const main = document.querySelector('main'), range = document.createRange();
const picture = main.querySelector('svg[role], figure svg');
range.setStart(main, 0);
if (picture) range.setEndBefore(picture);
const sideways = [...document.querySelectorAll('*')].filter((e) => e.offsetParent
  && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
  && e.scrollWidth > e.clientWidth + 2);
return [document.documentElement.scrollHeight / 900, sideways.length,
  picture ? range.toString().split(/\\s+/).filter(Boolean).length : 0];
"""


def test_pages_are_short_and_all_of_them_small(browser, bundled_report, plain_again):
    """Eight screens, nothing sideways, 120 words before the first picture; 2 MB together."""
    emulated(browser, 1280, "light")
    for page in bundled_report:
        opened(browser, page)
        screens, sideways, words = browser.execute_script(LENGTH)
        assert screens <= 8 and not sideways and words <= 120, page.name
    assert sum(page.stat().st_size for page in bundled_report) <= 2_000_000


@pytest.mark.parametrize("width", [320, 800, 1280])
def test_no_page_is_wider_than_the_window(browser, pages, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        for page in pages:
            opened(browser, page)
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, page.name
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [320])
def test_captions_are_read_whole_however_wide_the_table(browser, hostile_report, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        opened(browser, hostile_report[1])
        boxes = browser.execute_script(
            "return [...document.querySelectorAll('.table .scroll')].map(box => {"
            " box.querySelector('caption').append(' and words'.repeat(40)); box.scrollLeft = 1e6;"
            " const [c, b] = [box.querySelector('caption'), box]"
            "  .map(e => e.getBoundingClientRect());"
            " return [box.scrollLeft, c.left - b.left, b.right - c.right]})"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert max(scrolled for scrolled, _, _ in boxes) > 0  # else nothing was wider than its box
    assert all(left >= -1 and right >= -1 for _, left, right in boxes)


def test_word_in_a_picture_leads_to_the_explorer(browser, hostile_report):
    opened(browser, hostile_report[1])
    (link,) = browser.find_elements("css selector", "main svg a")
    assert link.text == "Reuel’s <pier>"
    centred = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
    browser.execute_script(centred, link)
    link.click()
    assert browser.current_url == named(hostile_report).as_uri() + "#term=reuel"
    assert browser.find_element("css selector", "#answer h2").text == "Reuel"


AXE = Path(__file__).parents[1] / "axe" / "axe.min.js"


def emulated(browser, width: int, scheme: str, height: int = 900) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


@pytest.fixture
def plain_again(browser) -> Iterator:
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def violations(browser) -> list[tuple[str, str, str]]:
    """Serious and critical findings of axe-core on the page that is open."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa',"
        " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes: ['violations']})"
        ".then(r => done(r.violations))"
    )
    return [
        (one["id"], node["target"][0], node["failureSummary"][:300])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, pages, plain_again, width, scheme):
    emulated(browser, width, scheme)
    for page in pages:
        opened(browser, page)
        assert violations(browser) == [], page.name


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_an_answer(
    browser, hostile_report, plain_again, width, scheme
):
    emulated(browser, width, scheme)
    for term in ("#term=pier", "#term=no%20such%20word"):
        asked(browser, named(hostile_report).as_uri() + term)
        assert violations(browser) == []
        field = browser.find_element("id", "term")
        field.clear()
        field.send_keys("the")
        assert violations(browser) == []


def test_axe_sees_what_is_wrong(browser, tmp_path):
    """The test above means something."""
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><input></main>')
    opened(browser, page)
    assert [name for name, _, _ in violations(browser)] == ["label"]


PALE_WORDS = """
const colour = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const over = (top, below, alpha) =>
  top.slice(0, 3).map((c, i) => alpha * c + (1 - alpha) * below[i]);
const light = (c) => c.map((v) => v / 255)
  .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const swatch = document.body.appendChild(document.createElement('i'));
swatch.style.color = 'var(--paper)';
const paper = colour(getComputedStyle(swatch).color);
swatch.remove();
const SHAPES = 'path, rect, circle, use, polygon, ellipse';
return [...document.querySelectorAll('main svg text')].flatMap((text) => {
  const box = text.getBoundingClientRect();
  if (!box.width || !text.textContent.trim()) return [];
  const style = getComputedStyle(text);
  const halo = style.paintOrder.startsWith('stroke') && style.stroke.startsWith('rgb');
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  const below = halo ? [] : document.elementsFromPoint(...middle)
    .filter((e) => e.closest('svg') === text.ownerSVGElement && e.matches(SHAPES));
  const ground = below.reverse().reduce((ground, e) => {
    const own = getComputedStyle(e);
    return own.fill.startsWith('rgb')
      ? over(colour(own.fill), ground, own.fillOpacity * own.opacity) : ground;
  }, paper);
  const ink = over(colour(style.fill), ground, style.fillOpacity * style.opacity);
  const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
  const contrast = (a + 0.05) / (b + 0.05);
  return contrast < 4.5
    ? [[text.textContent, style.fill, ground.join(), contrast.toFixed(2)]] : [];
});
"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_pictures_can_be_read(browser, bundled_report, plain_again, width, scheme):
    emulated(browser, width, scheme, 12_000)
    for page in bundled_report:
        opened(browser, page)
        assert browser.execute_script(PALE_WORDS) == [], page.name


# ---------------------------------------------------------------- the term explorer


@pytest.fixture(scope="module")
def uses(hostile_corpus):
    return usage.uses(analysis.open_measures(hostile_corpus))


TEN = "pier danger town council brandt flats 1,200 said ميناء velmar".split()


def shown(browser) -> dict[str, tuple[int, int, float]]:
    """By outlet, (uses, articles, rate) as the page's table of use says."""
    rows = browser.execute_script(
        "const table = [...document.querySelectorAll('#answer table')]"
        ".find(t => t.caption.textContent.startsWith('Use of'));"
        "const at = [...table.tHead.rows[0].cells].map(c => c.textContent);"
        "return [...table.tBodies[0].rows].map(r => ['Outlet', 'Uses', 'Articles with it',"
        "'Per 1,000 words'].map(h => r.cells[at.indexOf(h)].textContent))"
    )
    return {r[0]: (int(r[1]), int(r[2]), float(r[3])) for r in rows if r[1] != "0"}


HEADED = "return [location.hash, document.querySelector('#answer h2')?.textContent ?? '']"


def check_answer(browser, uses, term: str) -> None:
    until = time.monotonic() + 30  # a page answers when it comes to it
    wanted = f"#term={quote(term)}"
    where, found = browser.execute_script(HEADED)
    while (where, found.lower()) != (wanted, term) and time.monotonic() < until:
        time.sleep(0.02)
        where, found = browser.execute_script(HEADED)
    assert (where, found.lower()) == (wanted, term)
    own = uses[uses["term"] == term].set_index("group")
    now = shown(browser)
    assert now.keys() == set(own.index) != set()
    for outlet, (count, articles, rate) in now.items():
        row = own.loc[outlet]
        assert (count, articles) == (row["count"], row["articles"])
        assert rate == pytest.approx(row["per_1000"], rel=0.02)
    assert browser.find_element("id", "found").text.startswith(f"“{found}” is used")


def fresh_explorer(browser, hostile_report):
    opened(browser, named(hostile_report))
    return browser.find_element("id", "term")


def test_ten_terms_by_mouse(browser, hostile_report, uses):
    field = fresh_explorer(browser, hostile_report)
    for term in TEN:
        field.click()
        field.clear()
        field.send_keys(term[:-1])  # not all of it
        options = browser.find_elements("css selector", "#term-list [role=option]")
        (option,) = [o for o in options if o.find_element("tag name", "bdi").text.lower() == term]
        option.click()
        check_answer(browser, uses, term)


def test_ten_terms_by_keyboard(browser, hostile_report, uses):
    from selenium.webdriver.common.keys import Keys

    fresh_explorer(browser, hostile_report)
    body = browser.find_element("tag name", "body")
    for _ in range(20):  # from the top of the page, by Tab alone
        body = browser.switch_to.active_element
        if body.get_attribute("id") == "term":
            break
        body.send_keys(Keys.TAB)
    field = browser.switch_to.active_element
    assert field.get_attribute("role") == "combobox"
    for term in TEN:
        field.send_keys(Keys.ESCAPE, Keys.ESCAPE)
        assert field.get_attribute("value") == ""
        field.send_keys(term[:-1])
        assert field.get_attribute("aria-expanded") == "true"
        for _ in range(12):
            field.send_keys(Keys.ARROW_DOWN)
            active = browser.find_element("id", field.get_attribute("aria-activedescendant"))
            assert active.get_attribute("aria-selected") == "true"
            if active.find_element("tag name", "bdi").text.lower() == term:
                break
        field.send_keys(Keys.ENTER)
        assert field.get_attribute("aria-expanded") == "false"
        assert browser.switch_to.active_element == field
        check_answer(browser, uses, term)


def test_address_keeps_the_term_and_back_goes_back(browser, hostile_report, uses):
    asked(browser, named(hostile_report).as_uri() + "#term=Pier")  # as somebody may have written it
    assert browser.find_element("css selector", "#answer h2").text == "pier"
    assert browser.title.startswith("pier · ")
    field = browser.find_element("id", "term")
    field.clear()
    field.send_keys("council\n")
    check_answer(browser, uses, "council")
    browser.back()
    heading = "return document.querySelector('#answer h2').textContent"
    assert browser.execute_script(heading) == "pier"
    browser.forward()
    assert browser.execute_script(heading) == "council"


def test_word_that_no_article_holds(browser, hostile_report):
    field = fresh_explorer(browser, hostile_report)
    field.send_keys("<img src=x>zeppelin\n")
    assert browser.find_element("css selector", "#answer h2").text == "<img src=x>zeppelin"
    assert "No article" in browser.find_element("id", "answer").text
    assert browser.title.startswith("<img src=x>zeppelin")


def test_word_list_opens_and_closes(browser, hostile_report):
    from selenium.webdriver.common.keys import Keys

    field = fresh_explorer(browser, hostile_report)
    field.send_keys("th")
    assert browser.find_element("id", "term-list").is_displayed()
    field.send_keys(Keys.ARROW_UP)  # from the field round to the last
    last = browser.find_elements("css selector", "#term-list [role=option]")[-1]
    assert field.get_attribute("aria-activedescendant") == last.get_attribute("id")
    field.send_keys(Keys.ESCAPE)
    assert not browser.find_element("id", "term-list").is_displayed()
    assert field.get_attribute("value") == "th"
    field.send_keys(Keys.ESCAPE)
    assert field.get_attribute("value") == ""


def test_evidence_without_text_is_articles(browser, hostile_report):
    asked(browser, named(hostile_report).as_uri() + "#term=pier")
    links = browser.execute_script(
        "return [...document.querySelectorAll('#answer table td a, #answer table th a')]"
        ".map(a => a.href)"
    )
    assert len(links) > 5  # ten rows are on display
    assert all(a.startswith("https://news.example/") for a in links)
    assert browser.find_elements("css selector", ".lines") == []
    assert browser.title.startswith("pier")


def test_evidence_with_text_is_sentences(browser, hostile_text_report):
    asked(browser, hostile_text_report.as_uri() + "#term=pier")
    lines = browser.execute_script(
        "return [...document.querySelectorAll('.lines li')].map(li => [li.querySelector('mark')"
        ".textContent, li.querySelector('p').textContent])"
    )
    assert lines and all(mark.lower() in ("pier", "pier's") for mark, _ in lines)
    assert any(text == "It voted to close the old pier." for _, text in lines)
    asked(browser, hostile_text_report.as_uri() + "#term=executed")
    marked = browser.execute_script("return document.querySelector('mark').textContent")
    assert marked == "executed"
    assert browser.title.startswith("executed · ")
    assert violations(browser) == []


# ---------------------------------------------------------------- print


def test_print_keeps_figures_and_rows_whole(browser, pages, plain_again):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for page in pages:
        opened(browser, page)
        broken = browser.execute_script(
            "return [...document.querySelectorAll('.picture, .table tr, .notes')]"
            ".filter(e => getComputedStyle(e).breakInside !== 'avoid').length"
        )
        assert broken == 0
        clipped = browser.execute_script(
            "return [...document.querySelectorAll('.scroll')]"
            ".filter(e => getComputedStyle(e).overflowY !== 'visible').length"
        )
        assert clipped == 0
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    assert base64.b64decode(pdf["data"]).startswith(b"%PDF-")


STANDING = """
const kinds = 'main :is(h1, h2, h3, p, li, th, td, caption, figcaption, text)';
return [...document.querySelectorAll(kinds)]
  .filter((e) => e.checkVisibility({checkVisibilityCSS: true}))
  .filter((e) => e.getBoundingClientRect().width > 2)
  .filter((e) => !e.querySelector('button, details, li, p, svg, math'))
  .map((e) => e.textContent);
"""


def plain(text: str) -> str:
    """Without spaces, and with letters that print joins apart again."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_what_is_on_display_is_in_print(browser, bundled_report, plain_again):
    """Nothing is clipped: every heading, sentence, cell and word of a picture is in the PDF."""
    for page in bundled_report:
        emulated(browser, 1280, "light")
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        opened(browser, page)
        sheet = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": True}
        pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", sheet)["data"])
        printed = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages)
        standing = {plain(text): text for text in browser.execute_script(STANDING)}
        lost = [text for short, text in standing.items() if short not in plain(printed)]
        assert lost == [], page.name


def test_headings_go_down_one_level_at_a_time(browser, pages):
    for page in pages:
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


# ---------------------------------------------------------------- what readers ask, in two clicks


SEEN = """
return [...document.querySelectorAll('h1,h2,h3,p,td,th,li,text,caption,figcaption,button')]
  .filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width && r.top >= 0 && r.bottom <= innerHeight; })
  .map((e) => e.textContent).join(' | ');
"""


class Reader:
    """Somebody with the overview open, who counts clicks and sees one screen of 1280 × 900."""

    def __init__(self, browser, index: Path) -> None:
        self.browser, self.clicks = browser, 0
        emulated(browser, 1280, "light")
        opened(browser, index)

    def click(self, css: str, text: str = "", within=None) -> None:
        """On the first of these that says so; an answer typed and sent counts as much."""
        found = (within or self.browser).find_elements("css selector", css)
        first = next(e for e in found if text in e.text)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", first)
        self.browser.execute_script("arguments[0].click()", first)
        self._arrived()

    def ask(self, field: str, text: str) -> None:
        self.browser.find_element("id", field).send_keys(f"{text}\n")
        self._arrived()

    def _arrived(self) -> None:
        self.clicks += 1
        assert self.clicks <= 2
        whole(self.browser)

    def sees(self, *texts: str) -> bool:
        """All of it on the one screen that begins at the first of it."""
        found = self.browser.execute_script(
            "const all = [...document.querySelectorAll('h1,h2,h3,p,text,caption,figcaption')];"
            "const first = all.find(e => e.getBoundingClientRect().width"
            " && e.textContent.includes(arguments[0]));"
            "if (first) first.scrollIntoView({block: 'start', behavior: 'instant'});" + SEEN,
            texts[0],
        )
        return all(text in found for text in texts)

    def finding(self, text: str):
        """A finding of the overview that says this."""
        found = self.browser.find_elements("css selector", ".finding")
        return next(f for f in found if text in f.text)


@pytest.fixture
def reader(browser, bundled_report, plain_again) -> Reader:
    return Reader(browser, bundled_report[0])


def test_whom_two_outlets_quote(reader):
    """On the overview without a click; with one, the articles from first word to last."""
    headline = "BBC lets Barack Obama speak most, DW Sergei Lavrov and John Kerry"
    shares = (
        "DW Sergei Lavrov 46 % and John Kerry 42 %",
        "VOA Keith Darden 37 % and John Kerry 35 %",
    )
    assert reader.sees(headline, *shares, "VOA: Keith Darden", "described")
    reader.click(".more a", within=reader.finding(headline))
    assert reader.browser.current_url.endswith("01-story.html#found-story")
    assert reader.sees(headline, *shares, "VOA: Keith Darden", "described")


def test_what_an_outlet_says_more_and_how_sure(reader):
    """The page's first picture is of the comparison in its headline, and holds its word."""
    reader.click(".site a", "Words")
    first = (
        reader.browser.find_element("css selector", ".claim h2").text.split("“")[1].split("”")[0]
    )
    assert reader.sees("BBC uses", first, "tested, q", "more often in Telegraph", "14 of 26")
    bold = reader.browser.execute_script(
        "return [...document.querySelector('.choice .wide svg').querySelectorAll('a text')]"
        ".filter(t => getComputedStyle(t).fontWeight >= 600).map(t => t.textContent)"
    )
    assert bold == [first]


def test_why_nothing_is_tested_of_an_outlet_of_few_articles(reader):
    reader.click(".site a", "The corpus")
    assert reader.sees(
        "can be tested", "A word is tested from 10 articles", "fewer than 4 articles"
    )


def test_who_says_annexation_and_who_reunification_and_in_whose_voice(reader):
    reader.click(".more a", within=reader.finding("annexation"))
    assert reader.browser.current_url.endswith("04-names-and-themes.html#found-names")
    assert reader.sees("annexation", "reunification", "own", "reported", "quoted", "by voice.")
    reader.click(".site a", "Compare")
    assert reader.sees("Names", "annexation", "BBC", "Telegraph", "reported")


def test_which_two_are_most_alike_and_why(reader):
    found = reader.finding("Their closest two share")
    headline = found.find_element("css selector", "h3 bdi").text
    reader.click(".more a", within=found)
    assert reader.browser.current_url.endswith("05-similarity.html#found-alike")
    assert reader.sees(headline, "Their closest two share", "How alike the articles")


def test_which_articles_hold_a_word(reader):
    reader.ask("asked-word", "annexation")
    assert reader.browser.current_url.endswith("explorer.html#term=annexation")
    assert reader.sees("Articles with “annexation”", "BBC", "Telegraph")


def test_what_the_corpus_cannot_tell(reader):
    assert reader.sees("Before you believe it", "have no date", "Fewer than 4 articles")
    reader.click(".site a", "The corpus")
    assert reader.sees(
        "What this collection cannot tell apart", "have no date", "cannot be told apart"
    )


def click(browser, css: str, text: str = "") -> None:
    found = [e for e in browser.find_elements("css selector", css) if text in e.text]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found[0])
    browser.execute_script("arguments[0].click()", found[0])


def test_a_speaker_leads_to_the_articles_that_hear_her(browser, bundled_report):
    opened(browser, bundled_report[0])
    browser.find_element("id", "asked-article").send_keys("Sergei Lavrov\n")
    whole(browser)
    cards = browser.find_elements("css selector", ".cards li")
    assert cards and all("statement" in card.text for card in cards)
    assert any("Lavrov" in card.text for card in cards)
    page = named(bundled_report, "03-voices.html")
    opened(browser, page)
    link = browser.find_element("css selector", "td a[href^='articles.html#search=']")
    asked(browser, link.get_attribute("href"))
    assert browser.find_elements("css selector", ".cards li")


def test_a_family_and_two_words_are_asked_for_by_address(browser, bundled_report):
    asked(browser, named(bundled_report).as_uri() + "#term=annex*&with=referendum")
    assert browser.find_element("css selector", "#answer h2").text == "annex* and referendum"
    pictures = browser.find_elements("css selector", "#answer .pair figure svg")
    assert len(pictures) == 2
    assert "“annex*” is used" in browser.find_element("id", "answer").text


def test_two_outlets_are_compared_and_what_was_not_tested_says_so(browser, bundled_report):
    page = named(bundled_report, "compare.html").as_uri()
    asked(browser, page + "#a=DW&b=VOA")
    assert "This comparison was not tested" in browser.find_element("id", "answer").text
    badges = {b.text for b in browser.find_elements("css selector", "#answer .badge")}
    assert badges == {"described"}


def test_a_badge_explains_itself_at_focus(browser, bundled_report):
    opened(browser, bundled_report[0])
    browser.execute_script("document.querySelector('.badge').focus()")
    browser.execute_async_script("setTimeout(arguments[0], 900)")  # it is scrolled into view
    assert "A count, not a test" in browser.find_element("id", "bubble").text


@pytest.fixture(scope="module")
def example_report(tmp_path_factory) -> list[Path]:
    from analysis.job import corpus_for

    folder = corpus_for(["example"], say=lambda _: None, progress=False)
    out = tmp_path_factory.mktemp("example") / "r"
    return build_report(folder, out, notebooks=[NOTEBOOKS / "01-story.ipynb"], progress=False)


def test_two_articles_side_by_side_lead_from_passage_to_passage(browser, example_report):
    opened(browser, named(example_report, "01-story.html"))
    marks = browser.find_elements("css selector", ".reading [data-passage]")
    assert len(marks) >= 2
    click(browser, ".reading [data-passage]")
    now = browser.find_elements("css selector", ".reading .now")
    assert {m.find_element("xpath", "ancestor::section").id for m in now} and len(now) >= 2
    assert violations(browser) == []


def test_a_phrase_is_found_in_its_sentences(browser, example_report):
    asked(browser, named(example_report).as_uri() + "#term=northern%20basin")
    lines = browser.find_elements("css selector", ".lines mark")
    assert lines and all(m.text.lower() == "northern basin" for m in lines)
