"""What several test files share: an invented corpus, and where the shared material lies."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

import analysis
from analysis import cache
from analysis.gather.articles import write_articles
from analysis.report.run import build_report

settings.register_profile("project", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("project")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the material in ../shared, which is not part of the project"
)

_HARBOUR = [
    "The harbour council of Velmar met on Monday. It voted to close the old pier.",
    "Mayor Ida Brandt called the pier “a danger to every child in town.” Fishermen disagreed.",
    "“We were never asked,” said Tomas Reuel, who has sold herring there since 1988.",
    "The U.S. firm Norlund Corp. wants to build 1,200 flats. Work may start in May.",
    "Critics speak of a sell-off. The council says the sale is legal and fair.",
    "Nobody knows what the flats will cost. The firm's plans are secret, it's said.",
    "Divers found cracks in eleven piles. The engineer's report is public.",
]


# Without these an article would be an edition of another one of its outlet, and count with it.
_OWN = {
    0: [
        "Tarred ropes dried slowly along seven wooden rails above green water that smelled of rust."
    ],
    1: [
        "Grey gulls circled twice over empty crates while two boys swept fish scales into buckets."
    ],
    2: ["Somebody painted small blue anchors onto every second lamp post between mill and chapel."],
    6: [
        "Cold fog rolled past shuttered kiosks before noon and hid both lights until late evening."
    ],
}


WORDS = "pier harbour council vote flats herring engineer crane tide mayor".split()


def unsqueezed(text: str) -> Any:
    """What `analysis.report.show.squeezed` put into a page."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def corpus(rows: list[tuple[str, str]], **columns: list[str]) -> analysis.Measures:
    """Measures of (outlet, text) pairs; ids in order."""
    table = pd.DataFrame(rows, columns=["outlet", "text"]).assign(**columns)
    table.insert(0, "id", [f"a{i:03}" for i in range(len(table))])
    return analysis.measure_articles(table, publish=list(columns))


def noise(n: int, seed: int = 0, outlets: tuple[str, ...] = ("East", "West")) -> list:
    """n articles per outlet of invented words that differ by chance alone."""
    rng = np.random.default_rng(seed)
    rows = []
    for outlet in outlets:
        for i in range(n):
            words = rng.choice(WORDS, rng.integers(40, 90))
            rows.append((outlet, " ".join(words) + f" unique{outlet}{i}"))
    return rows


def row(table: pd.DataFrame, term: str) -> pd.Series:
    found = table[table["term"] == term]
    assert len(found) == 1
    return found.iloc[0]


TWO = [("East", "Pier pier council."), ("East", "Council vote."), ("West", "Pier vote vote vote")]


def invented_articles() -> pd.DataFrame:
    """Twelve articles by three invented outlets about one invented event."""
    rows = []
    for i in range(12):
        outlet = ("Velmar Post", "Radio Skerry", "The Lantern")[i % 3]
        paragraphs = [_HARBOUR[(i * 3 + k) % 7] for k in range(3 + i % 4)]
        paragraphs += _OWN.get(i, [])
        if outlet == "Radio Skerry":
            paragraphs.append("Listeners phoned the studio about the pier all day.")
        rows.append(
            {
                "id": f"velmar-{i:02}",
                "outlet": outlet,
                "date": f"2031-05-{1 + i:02}" if i != 5 else "",
                "title": f"Velmar's pier: “danger” or home? Part {i}",
                "url": f"https://news.example/{i}",
                "agency": "Coastwire" if i in (2, 7) else "",
                "collection": "invented",
                "stage": "vote" if i < 6 else "aftermath",
                "text": "\n\n".join(paragraphs),
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True, scope="session")
def empty_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests begin with an empty cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def articles() -> pd.DataFrame:
    return invented_articles()


@pytest.fixture(scope="session")
def measures(articles: pd.DataFrame) -> analysis.Measures:
    return analysis.measure_articles(articles, publish=["stage"])


HOSTILE = [
    "<script>document.title = 'executed'</script>",
    '"><img src=x onerror="document.title=\'executed\'">',
    "</script></style></svg><b onclick='x'>bold?</b>",
    "خبر عن ميناء فلمار",
    "$x^2$ costs $5 & [more](javascript:alert(1)) *now*",
    "Donau" + "dampfschiff" * 20,
    "{{ 7 * 7 }} {% raw %} ]]> <!-- ` ' & &amp; \u2028",
]
HOSTILE_ADDRESS = "javascript:document.title='executed'"


def hostile_articles() -> pd.DataFrame:
    """Articles whose titles, outlets, words and addresses try to be more than text."""
    articles = invented_articles()
    articles["outlet"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(articles))]
    articles["title"] = [HOSTILE[(i + 1) % len(HOSTILE)] for i in range(len(articles))]
    articles.loc[3, "url"] = HOSTILE_ADDRESS
    articles.loc[4, "url"] = 'https://news.example/"><script>document.title="executed"</script>'
    lines = {text: f"They wrote {text} on the wall." for text in HOSTILE}
    for row, own in articles[
        "outlet"
    ].items():  # what is published may hold no five words of a text
        said = "\n\n".join(line for text, line in lines.items() if text != own)
        articles.loc[row, "text"] += f"\n\n{said}"
    return articles


@pytest.fixture(scope="session")
def hostile_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hostile articles, measured."""
    articles = hostile_articles()
    measured = analysis.measure_articles(articles, title=f"Velmar {HOSTILE[0]}")
    return analysis.write_measures(measured, tmp_path_factory.mktemp("hostile") / "corpus")


def invented_notebook(*cells: str, title: str = "The harbour") -> nbformat.NotebookNode:
    """A notebook with a title, a question, the parameters cell and these code cells."""
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_markdown_cell(f"# {title}\n\nWho wrote of the *pier*, and how much?"),
        nbformat.v4.new_code_cell('CORPUS = "none"', metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, cells),
    ]
    return made


_CELLS = [
    "import analysis\n"
    "from analysis.compare import usage\n"
    "from analysis.report import figure, say, show\n"
    "from analysis.report.plots.style import axes, described, linked, short, styled\n"
    "articles = analysis.open_measures(CORPUS).articles",
    'articles.attrs["notes"] = ["Words of lead and body; " + articles["title"][0]]\n'
    'show(articles[["id", "outlet", "title", "url", "words"]], f"The {len(articles)} articles")',
    "ax = styled(axes)(None, rows=len(articles))\n"
    'ax.barh(range(len(articles)), articles["words"])\n'
    'ax.set_yticks(range(len(articles)), [short(t) for t in articles["title"]])\n'
    'described(ax, f"Bars: words of {len(articles)} articles; first: {articles.title[0]}")\n'
    'figure(ax, "Words by article", f"n = {len(articles)}; {articles.title[0]}")',
    "uses = usage.uses(analysis.open_measures(CORPUS))\n"
    'show(uses, f"Use of {uses.term.nunique()} terms", rows=None)',
    "ax = styled(axes)(None, rows=5)\n"
    'linked(ax.text(0.1, 0.5, "Reuel’s <pier>"), "reuel")\n'
    'described(ax, "A word that leads to the explorer.")\n'
    'figure(ax, "A word", "n = 1")',
    'say("{outlet} has {words:,} words.", outlet=articles.outlet[0], words=articles.words[0])',
    "from IPython.display import Markdown\nMarkdown(articles.title[0])",
    "print(articles.outlet[1])",
]


@pytest.fixture(scope="session")
def hostile_notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two notebooks that show a corpus in every form there is."""
    folder = tmp_path_factory.mktemp("notebooks")
    first = invented_notebook(*_CELLS)
    method = "## Method\n\nThe rate is $r = \\frac{1000 k}{n}$; see [Words](01-words.ipynb#words)."
    first.cells.append(nbformat.v4.new_markdown_cell(f"{method}\n\n### Caveat\n\nTwo towns."))
    nbformat.write(first, folder / "00-harbour.ipynb")
    second = invented_notebook("1 + 1", title="Words")
    second.cells.append(nbformat.v4.new_markdown_cell("## Words\n\n$$\\log_2 x$$"))
    nbformat.write(second, folder / "01-words.ipynb")
    return folder


def named(report: list[Path], file: str = "explorer.html") -> Path:
    """One page of a report."""
    return report[0].with_name(file)


@pytest.fixture(scope="session")
def hostile_report(
    hostile_corpus: Path, hostile_notebooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """The report of the two notebooks on the hostile corpus."""
    out = tmp_path_factory.mktemp("report") / "reports"
    return build_report(hostile_corpus, out, notebooks=hostile_notebooks, progress=False)


@pytest.fixture(scope="session")
def whole_report(hostile_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The report of the project's own notebooks on the hostile corpus."""
    return build_report(hostile_corpus, tmp_path_factory.mktemp("whole") / "r", progress=False)


@pytest.fixture(scope="session")
def bundled_report(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The report that `make report` makes."""
    return build_report("crimea-2014", tmp_path_factory.mktemp("bundled") / "r", progress=False)


@pytest.fixture(scope="session")
def hostile_text_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The term explorer of hostile articles whose text lies beside their measures."""
    folder = tmp_path_factory.mktemp("with-text")
    articles = hostile_articles()
    measured = analysis.measure_articles(articles)
    analysis.write_measures(measured, folder / "velmar")
    write_articles(articles, folder / "velmar.articles.parquet")
    notebook = folder / "00-velmar.ipynb"
    nbformat.write(invented_notebook("1 + 1"), notebook)
    out = folder / "reports"
    return named(build_report(folder / "velmar", out, notebooks=[notebook], progress=False))


def read_bytes(data: bytes | str, name: str, **options: object) -> list:
    """What the kinds of file make of bytes: drafts, refusals, remarks."""
    from analysis.gather.drafts import Options, Source
    from analysis.gather.sources import read

    data = data.encode("utf-8") if isinstance(data, str) else data
    return list(read(Source(name, data), Options(**options)))


def as_docx(lines: list[str]) -> bytes:
    """A Word document of paragraphs."""
    import io

    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_rtf(lines: list[str]) -> bytes:
    """A rich text file of paragraphs."""
    body = "".join(
        "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in line)
        .replace("\n", "\\line ")
        .replace("\t", "\\tab ")
        + "\\par\n"
        for line in lines
    )
    return ("{\\rtf1\\ansi{\\fonttbl\\f0\\fswiss Arial;}\\f0\n" + body + "}").encode("ascii")


def a_pdf(lines: list[str], text: bool = True) -> bytes:
    """A PDF of one page, written by hand."""
    shown = "".join(f"({x}) Tj T* " for x in lines if x.isascii())
    stream = f"BT /F1 12 Tf 14 TL 40 700 Td {shown}ET" if text else "0 0 m"
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = "%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{n} 0 obj{part}endobj\n"
    table = "".join(f"{p:010} 00000 n \n" for p in places)
    start = f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 6\n0000000000 65535 f \n{table}{start}".encode()
