"""An executed notebook → one self-contained page; and the index of pages."""

import base64
import hashlib
import html
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import latex2mathml.converter
import nbformat
import yaml
from markupsafe import Markup
from nbconvert.filters.ansi import ansi2html
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analysis.data import SHIPPED
from analysis.errors import AnalysisError, counted
from analysis.measure.languages import unmeasured
from analysis.measure.measures import Measures
from analysis.measure.speech.statements import has_rules
from analysis.report.addresses import TEMPLATES, TOOLS
from analysis.report.claims import GLOSSARY, Claim, listed
from analysis.report.findings import findings as found
from analysis.report.findings import starting_terms
from analysis.report.plots.corpus import over_time
from analysis.report.plots.style import figure
from analysis.report.show import squeezed
from analysis.report.study import FEW, Study

GENERATOR = "coverage-comparison"
CITATION = SHIPPED / "CITATION.cff"


@dataclass(frozen=True)
class Page:
    """One notebook as a page: its file name without suffix, and what its first cells say."""

    name: str
    notebook: nbformat.NotebookNode = field(repr=False)

    @property
    def file(self) -> str:
        return f"{self.name}.html"

    @property
    def title(self) -> str:
        found = re.search(r"^# +(.+)", self._prose(), re.M)
        return found[1].strip() if found else self.name

    @property
    def short_title(self) -> str:
        """What stands before a colon, for navigation."""
        return self.title.partition(":")[0]

    @property
    def question(self) -> str:
        """First paragraph of the notebook, as Markdown."""
        prose = re.sub(r"^#.*", "", self._prose(), flags=re.M).strip()
        return " ".join(re.split(r"\n\s*\n", prose)[0].split())

    def _prose(self) -> str:
        return "\n\n".join(c.source for c in self.notebook.cells if c.cell_type == "markdown")


def read_notebook(path: Path) -> tuple[Path, nbformat.NotebookNode]:
    """A notebook file, checked.

    Raises
    ------
    AnalysisError
        Where there is none, or it is no notebook.
    """
    if not path.is_file():
        raise AnalysisError(f"There is no notebook {path}.", "Give a folder of .ipynb files.")
    try:
        return path, nbformat.read(path, as_version=4)
    except (ValueError, KeyError, AttributeError) as error:
        raise AnalysisError(f"{path} is not a notebook ({error}).", "Save it again.") from error


# ---------------------------------------------------------------- the shell of every page


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = lambda text: Markup(_inline(text))
    environment.globals |= {"generator": GENERATOR, "tools": TOOLS, "glossary": GLOSSARY}
    environment.globals["style"] = Markup((TEMPLATES / "page.css").read_text("utf-8"))
    environment.globals["citation"] = _citation()
    return environment


def _render(
    template: str,
    measures: Measures,
    pages: list[Page],
    scripts: tuple[str, ...] = ("page.js",),
    **values: Any,
) -> str:
    """A page, with the style sheet and script in it and a policy that allows nothing else."""
    script = "".join(f"{(TEMPLATES / name).read_text('utf-8')}\n" for name in scripts)
    script += "started();\n"
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    values |= {"script": Markup(script), "script_hash": digest, "pages": pages}
    page = _environment().get_template(template)
    return page.render(corpus=corpus_title(measures), **values)


def corpus_title(measures: Measures) -> str:
    """The corpus's name for people."""
    return str(measures.package.get("title") or "News coverage")


def _citation() -> dict[str, str] | None:
    """Authors, title and version of the software, from CITATION.cff where that is at hand."""
    if not CITATION.is_file():
        return None
    cff = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    parts = ("name", "given-names", "family-names")
    names = [" ".join(a[p] for p in parts if a.get(p)) for a in cff.get("authors", [])]
    known = {key: str(cff.get(key, "")) for key in ("title", "version", "doi")}
    known["year"] = str(cff.get("date-released", ""))[:4]
    return {"authors": ", ".join(names), **known}


# ---------------------------------------------------------------- notebook → page


def notebook_page(
    measures: Measures, pages: list[Page], page: Page, executed: nbformat.NotebookNode, corpus: str
) -> str:
    """The HTML of one executed notebook.

    Parameters
    ----------
    measures
        The corpus; only its title is used.
    pages
        All pages of the report, for the links between them.
    page, executed
        The page and its notebook with outputs.
    corpus
        What the reader of the folded code would give as `CORPUS`.
    """
    headings: list[Heading] = []
    sections, left_out = _kept(_sections(executed, headings))
    shown = [h for h in headings if h.level == 2 and h.text not in left_out]
    at = pages.index(page)
    return _render(
        "notebook.html.j2",
        measures,
        pages,
        page=page,
        cited=Markup(_inline(page.title)).striptags(),
        code=Markup(_code(executed, corpus)),
        sections=sections,
        contents=shown,
        left_out=listed(left_out, len(left_out)) if left_out else "",
        before=pages[at - 1] if at else None,
        after=pages[at + 1] if at + 1 < len(pages) else None,
    )


class Heading(NamedTuple):
    """A heading of a page, for its table of contents."""

    level: int
    anchor: str
    text: str


@dataclass
class Section:
    """A part of a page up to the next heading; folded under it where the notebook says so."""

    title: str = ""
    folded: bool = False
    parts: list[str] = field(default_factory=list)  # HTML
    results: list[str] = field(default_factory=list)  # those of them that a cell gave


def _sections(notebook: nbformat.NotebookNode, headings: list[Heading]) -> list[Section]:
    """Markdown and results in their order; the page's word about its numbers stands under none."""
    sections, rivals = [Section()], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = _markdown(cell.source, headings, attachments=cell.get("attachments", {}))
            if cell.source.lstrip().startswith(("# ", "## ")):
                title, mark, rest = text.partition("</h2>")
                folded = "folded" in cell.metadata.get("tags", [])
                sections.append(Section(Markup(title + mark), folded))
                text = rest if folded else text
            sections[-1].parts.append(Markup(text))
        for output in filter(None, map(_output, cell.get("outputs", []))):
            if _ABOUT in output:
                sections.append(Section())
            if all(h.level != 2 for h in headings):  # a claim before any section is one
                output = _CLAIM.sub(r"<h2\1>\2</h2>", output, count=1)
            # The answer, its picture, and then what else could explain it.
            output, held = _apart(output)
            sections[-1].parts.append(Markup(f'<div class="result">{output}{rivals}</div>'))
            sections[-1].results.append(output)
            rivals = held
    return sections


def _kept(sections: list[Section]) -> tuple[list[Section], list[str]]:
    """The sections without those of which every result is empty; and the headings of these."""
    kept, left_out = [], []
    for section in sections:
        empty = [_EMPTY in result and "<figure" not in result for result in section.results]
        if "<h2" in section.title and empty and all(empty):
            left_out.append(Markup(section.title).striptags())
            continue
        if any('class="claim"' in result for result in section.results):
            section.parts = [
                p for p in section.parts if not p.startswith(f'<div class="result">{_EMPTY}')
            ]
        kept.append(section)
    return kept, left_out


_EMPTY = '<p class="empty">'


_CLAIM = re.compile(r'<h3( id="found-[^"]*")>(.*?)</h3>')


def _apart(claim: str) -> tuple[str, str]:
    """A claim without its rivals, and these."""
    found = re.search(r'<ul class="rivals".*?</ul>', claim, re.DOTALL)
    return (claim.replace(found[0], ""), found[0]) if found else (claim, "")


_ABOUT = '<details class="about">'  # the page's last word stands under no fold


def _code(notebook: nbformat.NotebookNode, corpus: str) -> str:
    """All code of a notebook, highlighted; parameters as the reader would give them."""
    cells = [c for c in notebook.cells if c.cell_type == "code"]
    cells = [c for c in cells if "parameters" not in c.metadata.get("tags", [])]
    # The folder's place on this machine is nobody's business, and would differ elsewhere.
    given = [
        f"CORPUS = {corpus!r}" if "injected-parameters" in c.metadata.get("tags", []) else c.source
        for c in cells
    ]
    joined = "\n\n".join(source.strip() for source in given if source.strip())
    return str(Highlight2HTML(pygments_lexer="ipython3")(joined)) if joined else ""


def _output(output: nbformat.NotebookNode) -> str:
    """The richest form of an output that a page can show; empty where there is none."""
    if output.output_type == "stream":  # warnings and progress are for who runs, not who reads
        output.data = {"text/plain": output.text} if output.name == "stdout" else {}
    data = output.data
    if "text/html" in data:
        return str(data["text/html"])
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""  # nothing answers it in a page
    if "text/markdown" in data:
        return _markdown(data["text/markdown"], [], trusted=False)
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            return _image(kind, data[kind], output.metadata.get(kind, {}).get("alt"))
    text = data.get("text/plain", "")
    return f'<pre class="output">{ansi2html(text)}</pre>' if text else ""


def _image(kind: str, data: str, alt: str | None) -> str:
    if kind == "image/svg+xml":  # as an image it can neither run nor fetch anything
        data = base64.b64encode(data.encode("utf-8")).decode("ascii")
    alt = html.escape(alt or "Picture without a description", quote=True)
    return f'<img alt="{alt}" src="data:{kind};base64,{"".join(data.split())}">'


# ---------------------------------------------------------------- Markdown


def _markdown(
    source: str,
    headings: list[Heading],
    *,
    trusted: bool = True,
    attachments: dict[str, dict[str, str]] | None = None,
) -> str:
    renderer = _Renderer(headings, escape=not trusted, attachments=attachments)
    return MarkdownWithMath(renderer=renderer).render(source)


def _inline(text: str) -> str:
    """One paragraph of Markdown without the paragraph."""
    return re.sub(r"^<p>(.*)</p>\s*$", r"\1", _markdown(text, []), flags=re.DOTALL)


_METHOD = re.compile(r"\s*<p><strong>Method")


class _Renderer(IPythonRenderer):
    """Markdown → HTML with headings that can be linked to and formulas as MathML."""

    def __init__(self, headings: list[Heading], **options: Any) -> None:
        super().__init__(allow_harmful_protocols=False, **options)
        self.headings = headings

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        plain = html.unescape(re.sub(r"<[^>]+>", "", text))
        base = re.sub(r"[^\w]+", "-", plain.lower()).strip("-") or "section"
        taken = {h.anchor for h in self.headings}
        numbered = (f"{base}-{i}" if i > 1 else base for i in range(1, len(taken) + 2))
        anchor = next(a for a in numbered if a not in taken)
        self.headings.append(Heading(level, anchor, plain))
        return f'<h{level} id="{html.escape(anchor, quote=True)}">{text}</h{level}>\n'

    def block_quote(self, text: str) -> str:
        """A quotation; or, where it begins with **Method**, a box."""
        if not _METHOD.match(text):
            return super().block_quote(text)
        return f'<div class="method" role="note">\n{text}</div>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # Notebooks name each other; so do their pages.
        return super().link(text, re.sub(r"^([\w.-]+)\.ipynb(#.*)?$", r"\1.html\2", url), title)

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return f'<div class="scroll formula">{_mathml(body, "block")}</div>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def _mathml(tex: str, display: str) -> str:
    try:
        return latex2mathml.converter.convert(" ".join(tex.split()), display=display)
    except Exception:  # the library's errors share no base; the source can be read as well
        return f"<code>{html.escape(tex)}</code>"


# ---------------------------------------------------------------- the index


def index_page(study: Study, pages: list[Page], anchors: dict[str, set[str]]) -> str:
    """The HTML of the first page: what was asked and found, and what speaks against it.

    Parameters
    ----------
    anchors
        By page file, the ids that can be linked to.
    """
    measures, articles = study.measures, study.measures.articles
    return _render(
        "index.html.j2",
        measures,
        pages,
        ("page.js", "index.js"),
        page=None,
        cited="",
        question=measures.description.question or corpus_title(measures),
        description=str(measures.package.get("description", "")),
        n_articles=counted(len(articles), "article"),
        n_outlets=counted(articles["outlet"].nunique(), "outlet"),
        n_words=int(articles["words"].sum()),
        dates=sorted(date[:10] for date in articles["date"] if date),
        undated=bool((articles["date"] == "").any()),
        overview=Markup(figure(over_time(articles), "Articles over time.").both()),
        findings=_findings(found(study), anchors),
        cautions=_cautions(study),
        outlets=study.sizes.index.tolist(),
        example=next((term for _, terms in starting_terms(study) for _, term in terms), ""),
        limits=Markup(_markdown((TEMPLATES / "limits.md").read_text("utf-8"), [])),
        sources=_names(measures.package.get("sources", [])),
        licences=_names(measures.package.get("licenses", [])),
    )


def _names(listed: list[dict[str, str]]) -> list[str]:
    return [name for one in listed if (name := one.get("title") or one.get("name"))]


def _findings(claims: list[Claim], anchors: dict[str, set[str]]) -> list[dict[str, Any]]:
    """Each with its first rival that no other has named yet."""
    shown, told = [], set[str]()
    for claim in claims:
        rivals = [rival for rival in claim.rivals if rival not in told] or [*claim.rivals]
        told |= {*rivals[:1]}
        said, held = _apart(replace(claim, rivals=rivals[:1]).html())
        file, _, anchor = claim.link.partition("#")
        page = file if file in anchors else ""  # alone where it has no such heading
        shown.append(
            {
                **{"html": Markup(said), "rivals": Markup(held)},
                "plain": claim.headline.plain(),
                "picture": Markup(claim.picture().both()) if claim.picture else "",
                "href": claim.link if anchor in anchors.get(file, ()) else page,
            }
        )
    return shown


def _cautions(study: Study) -> list[str]:
    """What is missing, undated, set aside, and what the collection cannot tell apart."""
    articles, whole = study.measures.articles, study.whole.articles
    undated, aside = int((articles["date"] == "").sum()), len(study.whole.off_topic)
    few = study.sizes.index[study.sizes < FEW].tolist()
    rivals = study.rivals
    told = undated and (rivals["aspect"] == "date").any()
    far, rule = study.doubtful
    skipped = [n for n in study.measures.package.get("gathered", []) if n.startswith("Skipped")]
    given = [
        f"{undated:,} of {len(articles):,} articles have no date." if undated and not told else "",
        *unmeasured(articles),
        f"Far from all others, and perhaps about something else: {listed(far)}. {rule}" * bool(far),
        *skipped[:3],
        f"{aside:,} of {len(whole):,} articles are set aside: too few of the topic’s words."
        * bool(aside),
        *(n for n in study.measures.notes if "another language" in n),
        f"Fewer than {FEW} articles: {listed(few)}. What is said of them rests on so few."
        * bool(few),
    ]
    given += [f"{r.difference} {r.caution}" for r in rivals.head(4).itertuples()]
    found = list(dict.fromkeys(text for text in given if text))
    return found or ["Nothing is undated, set aside or confounded here; see the page The corpus."]


def tool_page(
    measures: Measures, pages: list[Page], file: str, data: dict[str, Any], **values: Any
) -> str:
    """The HTML of a page on which a reader asks: explorer, compare or articles.

    Parameters
    ----------
    file
        One of `analysis.report.addresses.TOOLS`; its template and script have the same name.
    data
        What the script of the page reads.
    **values
        What else its template needs.
    """
    name = file.removesuffix(".html")
    return _render(
        f"{name}.html.j2",
        measures,
        pages,
        ("page.js", "chart.js", f"{name}.js"),
        page=file,
        cited=TOOLS[file][0],
        data=squeezed(data),
        parted=any(map(has_rules, measures.articles["language"].unique())),
        aside=" ".join(note for note in measures.notes if note.startswith("Set aside")),
        **values,
    )
