"""The command line: parses what was asked and calls the package, nothing else."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import analysis
from analysis.data import DATA, read_list
from analysis.errors import AnalysisError, command_line, counted

if TYPE_CHECKING:
    import pandas as pd

    from analysis.description import Description

app = typer.Typer(
    help="Compare how outlets covered an event, and say how sure one may be.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _help(name: str) -> str:
    """What ``data/command_line.toml`` says of ``out`` (for all commands) or ``report.out``."""
    command, _, key = name.rpartition(".")
    return str(read_list(DATA / "command_line.toml")[command or "all"][key])


def _option(name: str, *flags: str, **more: Any) -> Any:
    return typer.Option(*flags, help=_help(name), **more)


def _argument(name: str, **more: Any) -> Any:
    return typer.Argument(help=_help(name), **more)


Paths = Annotated[list[Path], _argument("paths")]
Out = Annotated[Path, _option("out")]
Metadata = Annotated[Path | None, _option("metadata")]
Columns = Annotated[str, _option("columns", metavar="FIELD=COLUMN,…")]
DayFirst = Annotated[bool | None, _option("day_first", "--day-first/--month-first")]
Encoding = Annotated[str, _option("encoding")]
SkipBad = Annotated[bool, _option("skip_bad", "--skip-bad")]
About = Annotated[Path | None, _option("about")]
Lexicon = Annotated[list[str] | None, _option("lexicon")]
Speakers = Annotated[str, _option("speakers")]
Force = Annotated[bool, _option("force", "--force")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"compare-coverage {analysis.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, _option("version", "--version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    _enough_memory(500, "The least command")


@app.command()
def report(
    what: Annotated[list[str] | None, _argument("report.what")] = None,
    out: Annotated[Path, _option("report.out")] = Path("reports"),
    by: Annotated[str, _option("report.by")] = "",
    first_day: Annotated[str, _option("report.from", "--from")] = "",
    last_day: Annotated[str, _option("report.to", "--to")] = "",
    only: Annotated[list[str] | None, _option("report.only", metavar="COLUMN=VALUE")] = None,
    about: About = None,
    lexicon: Lexicon = None,
    speakers: Speakers = "",
    metadata: Metadata = None,
    columns: Columns = "",
    day_first: DayFirst = None,
    encoding: Encoding = "",
    skip_bad: SkipBad = False,
    as_zip: Annotated[bool, _option("report.zip", "--zip")] = False,
) -> None:
    """Compare the coverage and write the report: the main job."""
    _enough_memory(3_000, "A report")
    from analysis.gather.drafts import Options
    from analysis.job import Choice, corpus_for
    from analysis.progress import job, say
    from analysis.report.run import build_report, may_report, packed

    may_report(out)
    chosen: dict[str, list[str]] = {}
    for column, value in (_pair(one, "--only") for one in only or ()):
        chosen.setdefault(column, []).append(value)
    reading = Options(day_first, encoding, _pairs(columns), metadata, skip_bad)
    choice = Choice(by, chosen, (first_day, last_day))
    description = _description(about, lexicon, speakers)
    with job():
        folder = corpus_for(what or [], description, reading, choice, say=say)
        pages = build_report(folder, out, called=Path(what[0]).name if what else "")
    if as_zip:
        typer.echo(f"Packed: {packed(pages)}")
    typer.echo(f"{len(pages)} pages. Open {pages[0]}")


@app.command()
def gather(
    paths: Paths,
    out: Out = Path("articles.parquet"),
    about: About = None,
    metadata: Metadata = None,
    columns: Columns = "",
    skip_bad: SkipBad = False,
    explain: Annotated[bool, _option("gather.explain", "--explain")] = False,
    keep_boilerplate: Annotated[
        bool, _option("gather.keep_boilerplate", "--keep-boilerplate")
    ] = False,
    day_first: DayFirst = None,
    encoding: Encoding = "",
    force: Force = False,
) -> None:
    """Read saved pages, exports and tables into one table of articles (.parquet, .csv, .jsonl)."""
    from analysis.gather.articles import gathered, may_write, write_articles
    from analysis.gather.boilerplate import remove_boilerplate
    from analysis.gather.drafts import Options
    from analysis.job import about_beside

    may_write(out, [*paths, *(p for p in (metadata, about) if p)], force=force)
    description = _description(about or about_beside(paths[0]), None, "")
    named = {**(description.columns if description else {}), **_pairs(columns)}
    read = gathered(paths, Options(day_first, encoding, named, metadata, skip_bad))
    articles, lines = read.articles, [read.removed]
    if not keep_boilerplate:
        articles, removed = remove_boilerplate(articles, read.removed)
        lines.append(removed)
    write_articles(articles, out)
    for row in [row for table in lines for row in table.itertuples()] if explain else []:
        typer.echo(f"{row.id}: removed ({row.reason}): {row.line}")
    _say(*articles.attrs["notes"], f"{_sizes(articles)} in {out}")


@app.command()
def measure(
    articles: Annotated[Path, _argument("measure.articles")],
    out: Annotated[Path, _option("measure.out")],
    about: About = None,
    lexicon: Lexicon = None,
    speakers: Speakers = "",
    scheduler: Annotated[str, _option("measure.scheduler")] = "",
) -> None:
    """Count articles into a Measures folder that holds no sentence of them."""
    from contextlib import nullcontext

    from analysis.job import about_beside
    from analysis.measure.cluster import cluster
    from analysis.measure.package import may_measure

    about = about or about_beside(articles)
    may_measure(out, [articles, *([about] if about else [])])
    description = _description(about, lexicon, speakers)
    table = analysis.read_articles(articles)
    with cluster(scheduler) if scheduler else nullcontext() as executor:
        measures = analysis.measure_articles(table, description, executor=executor, progress=True)
    analysis.write_measures(measures, out)
    _say(_size(measures, out), *measures.notes)


@app.command()
def coding_sheet(
    corpus: Annotated[str, _argument("coding_sheet.corpus")],
    out: Annotated[Path, _option("coding_sheet.out")],
    lexicon: Annotated[str, _option("coding_sheet.lexicon")] = "generic",
    articles: Annotated[int | None, _option("coding_sheet.articles", min=1)] = None,
    texts: Annotated[Path | None, _option("coding_sheet.texts")] = None,
    hits: Annotated[int | None, _option("coding_sheet.hits", min=1)] = None,
    per: Annotated[str, _option("coding_sheet.per")] = "set",
) -> None:
    """Write a sheet to be coded by hand: articles by indicators, or hits in their sentences."""
    from analysis.compare.coding import write_coding_sheet

    _, notes = write_coding_sheet(
        corpus, out, lexicon, texts=texts, articles=articles, each=hits, per=per
    )
    _say(*notes)


@app.command()
def collect(
    reading_list: Annotated[Path, _argument("collect.list", metavar="LIST")],
    contact: Annotated[str, _option("collect.contact")],
    out: Out = Path("articles.parquet"),
    columns: Columns = "",
    pause: Annotated[float, _option("collect.pause", min=0)] = 1.0,
    archive: Annotated[str, _option("collect.archive")] = "https://web.archive.org",
    refresh: Annotated[bool, _option("collect.refresh", "--refresh")] = False,
    force: Force = False,
) -> None:
    """Fetch the articles of a reading list, politely; a second run fetches only what is missing."""
    from analysis.gather.collect import collect as fetch
    from analysis.gather.fetch import Manners

    had = fetch(
        reading_list,
        out,
        manners=Manners(contact, pause, archive=archive),
        columns=_pairs(columns),
        refresh=refresh,
        force=force,
        progress=True,
    )
    outcomes = had.report["outcome"].value_counts().sort_index()
    _say(*(f"{outcome}: {count}" for outcome, count in outcomes.items()))
    _say(f"{len(had.articles)} articles in {out}; what was not had, and why: beside it.")


lists = typer.Typer(help="Word lists of one's own.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(lists, name="lexicon")


@lists.command("check")
def check(lexicon: Annotated[str, _argument("check.lexicon")], articles: Paths) -> None:
    """What each entry finds in articles, with sentences, and what it probably should not find."""
    from analysis.measure.evidence import check_lexicon

    table = check_lexicon(lexicon, analysis.read_articles(*articles, skip_bad=True))
    for row in table.itertuples():
        _say(f"{row.set}, {row.label}, {row.pattern}: {row.hits} hits in {row.articles}")
        about = {"words": row.words, "look": row.look}
        _say(*(f"  {name}: {said}" for name, said in about.items() if said))
        _say(*(f"  – {passage}" for passage in row.passages))
    _say(*table.attrs["notes"])


@app.command()
def describe(
    articles: Paths, out: Annotated[Path, _option("describe.out")] = Path("corpus.toml")
) -> None:
    """Write a commented draft of a corpus's description, with what was found in it."""
    from analysis.compare.corpus import describe as draft
    from analysis.writing import may_replace, replacing

    target = may_replace(out, lambda _: "a description may stand in it", inputs=articles)
    text = draft(analysis.measure_articles(analysis.read_articles(*articles, skip_bad=True)))
    with replacing(target, lambda _: "a description may stand in it") as made:
        made.write_text(text, encoding="utf-8", newline="\n")
    _say(f"{out}: read it, take the # away where it fits, and give it with --about.")


@app.command()
def validate(folder: Annotated[Path, _argument("validate.folder")]) -> None:
    """Check every table of a Measures folder against its hash and schema."""
    from analysis.measure.package import check_folder

    _say(_size(check_folder(folder), folder), "Every file is the one that was published.")


@app.command()
def reference(
    articles: Annotated[Path, _argument("reference.articles")],
    out: Annotated[Path, _option("reference.out", file_okay=False)],
    about: Annotated[Path | None, _option("reference.about")] = None,
    min_articles: Annotated[int, _option("reference.min_articles", min=1)] = 3,
) -> None:
    """Build a reference list: how common each term is in news at large."""
    from analysis.checks import checked
    from analysis.measure.reference import Described, build_reference, may_build, write_reference

    may_build(out, [articles, *([about] if about else [])])
    given = {"name": articles.stem, **(read_list(about) if about else {})}
    described = checked(Described, given, str(about))
    texts = analysis.read_articles(articles, skip_bad=True)["text"]
    built = build_reference(texts.to_list(), min_articles=min_articles, **described)
    write_reference(built, out)
    _say(f"{len(built.terms):,} terms in {out}. {built.note}")


@app.command()
def cache(clear: Annotated[bool, _option("cache.clear", "--clear")] = False) -> None:
    """Say what is kept of earlier reports, which may hold texts of articles; or remove it."""
    from analysis import cache as kept

    done = f"Removed {kept.clear() / 1e6:,.1f} MB" if clear else f"{kept.size() / 1e6:,.1f} MB"
    _say(f"{done} in {kept.folder()}")


# ---------------------------------------------------------------- what options say


def _description(
    about: Path | None, lexicon: list[str] | None, speakers: str
) -> Description | None:
    """The description with the lists named here in place of its own; None where nothing is.

    What is to be said of lists of one's own is said.
    """
    from analysis.description import described
    from analysis.measure.lexicon.load import available_lexicons, read_lexicons

    given = {k: v for k, v in (("lexicons", lexicon), ("speakers", speakers)) if v}
    if not (about or given):
        return None
    found = described(about, **given)
    for one in read_lexicons(found.lexicons, beside=found.folder):
        if one.name not in available_lexicons():
            finds = f"{one.name}: compare-coverage lexicon check says what it finds."
            _say(*one.remarks, finds)
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise AnalysisError(f"{option} {text!r}.", f"Write {option} name=value.")
    return name, value


def _pairs(columns: str) -> dict[str, str]:
    return dict(_pair(one, "--columns") for one in columns.split(",") if one.strip())


def _say(*lines: str) -> None:
    for line in lines:
        typer.echo(line)


def _size(measures: analysis.Measures, folder: Path) -> str:
    articles = measures.articles
    return f"{folder}: {_sizes(articles)}, {articles['words'].sum():,} words"


def _sizes(articles: pd.DataFrame) -> str:
    outlets = counted(articles["outlet"].nunique(), "outlet")
    return f"{counted(len(articles), 'article')} of {outlets}"


# What libraries say where they get no memory, or no thread for want of it.
_NO_MEMORY = re.compile(
    r"(?i)map segment|allocate memory|alloc of size|start new thread|worker thread"
)


def _enough_memory(least: int, what: str) -> None:
    """Refuse a limit (in MB) in which a library would end the process without a word."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if 0 <= limit < least * 1e6:
        received = f"Programs may use {limit / 1e6:,.0f} MB of memory here (ulimit -v)."
        raise AnalysisError(received, f"{what} needs {least:,} MB.")


def main() -> None:
    """Run the command line; a refusal is one message and exit code 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is open is closed and cleared
    try:
        with command_line():
            app(prog_name="compare-coverage")
    except (AnalysisError, OSError, ImportError, MemoryError, RuntimeError) as error:
        short = isinstance(error, MemoryError) or _NO_MEMORY.search(str(error))
        if isinstance(error, RuntimeError) and not short:
            raise
        told = "there is too little memory. Close programs, or give less." if short else error
        typer.echo(f"Error: {told}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
