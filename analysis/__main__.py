"""The command line: parses what was asked and calls the package, nothing else."""

from __future__ import annotations

import dataclasses
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import analysis
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

Paths = Annotated[list[Path], typer.Argument(help="Pages, exports, tables, or folders of them.")]
Metadata = Annotated[
    Path | None, typer.Option(help="CSV: file or id → any field the sources do not say.")
]
Columns = Annotated[
    str,
    typer.Option(
        metavar="FIELD=COLUMN,…", help="Names of your columns: text=content,outlet=publication"
    ),
]
DayFirst = Annotated[
    bool | None, typer.Option("--day-first/--month-first", help="How 03/04/2014 is meant.")
]
Encoding = Annotated[str, typer.Option(help="Encoding of text files; else it is detected.")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Leave out what cannot be read, and list it.")
]
About = Annotated[
    Path | None, typer.Option(help="Description of the corpus (TOML); else corpus.toml beside it.")
]
Lexicon = Annotated[
    list[str] | None,
    typer.Option(help="Word list: a name or a file, instead of the description's; repeatable."),
]
Speakers = Annotated[
    str, typer.Option(help="Table of speakers and sides: a name or a file (TOML).")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite any file.")]
CorpusName = Annotated[str, typer.Argument(help="A Measures folder, or the name of a corpus.")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"compare-coverage {analysis.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    _enough_memory(500, "The least command")


@app.command()
def report(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Articles (files, folders), or a measured corpus; else the bundled one."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the pages go.")] = Path("reports"),
    by: Annotated[str, typer.Option(help="What is compared: a column, such as outlet.")] = "",
    first_day: Annotated[str, typer.Option("--from", help="From this day on: 2014-03-10.")] = "",
    last_day: Annotated[str, typer.Option("--to", help="Up to this day: 2014-03-16.")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Only such articles; may be repeated."),
    ] = None,
    about: About = None,
    lexicon: Lexicon = None,
    speakers: Speakers = "",
    metadata: Metadata = None,
    columns: Columns = "",
    day_first: DayFirst = None,
    encoding: Encoding = "",
    skip_bad: SkipBad = False,
    as_zip: Annotated[
        bool, typer.Option("--zip", help="Pack the pages into one file, for mail.")
    ] = False,
) -> None:
    """Compare the coverage and write the report: the main job."""
    _enough_memory(3_000, "A report")
    from analysis.job import Choice, Reading, corpus_for
    from analysis.report.run import build_report, packed

    chosen: dict[str, list[str]] = {}
    for one in only or ():
        column, value = _pair(one, "--only")
        chosen.setdefault(column, []).append(value)
    reading = Reading(metadata, _pairs(columns, "--columns"), day_first, encoding or None, skip_bad)
    folder = corpus_for(
        what or [],
        _description(about, lexicon, speakers),
        reading,
        Choice(by, chosen, (first_day, last_day)),
        say=typer.echo,
    )
    pages = build_report(folder, out, called=Path(what[0]).name if what else "")
    if as_zip:
        typer.echo(f"Packed: {packed(pages)}")
    typer.echo(f"{len(pages)} pages. Open {pages[0]}")


@app.command()
def gather(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="Where the articles go.")] = Path("articles.parquet"),
    about: About = None,
    metadata: Metadata = None,
    columns: Columns = "",
    skip_bad: SkipBad = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="List every line that was removed.")
    ] = False,
    keep_boilerplate: Annotated[
        bool,
        typer.Option("--keep-boilerplate", help="Keep lines that recur across an outlet's texts."),
    ] = False,
    day_first: DayFirst = None,
    encoding: Encoding = "",
    force: Force = False,
) -> None:
    """Read saved pages, exports and tables into one table of articles (.parquet, .csv, .jsonl)."""
    from analysis.gather.articles import gather as read
    from analysis.gather.articles import may_write, write_articles
    from analysis.gather.boilerplate import remove_boilerplate
    from analysis.job import about_beside

    may_write(out, [*paths, *(p for p in (metadata, about) if p)], force=force)
    description = _description(about or about_beside(paths[0]), None, "")
    gathered = read(
        paths,
        metadata,
        skip_bad,
        columns={**(description.columns if description else {}), **_pairs(columns, "--columns")},
        dayfirst=day_first,
        encoding=encoding or None,
    )
    articles = gathered.articles
    lines = [gathered.removed]
    if not keep_boilerplate:
        articles, removed = remove_boilerplate(articles, gathered.removed)
        lines.append(removed)
    write_articles(articles, out)
    for row in [row for table in lines for row in table.itertuples()] if explain else []:
        typer.echo(f"{row.id}: removed ({row.reason}): {row.line}")
    for note in articles.attrs["notes"]:
        typer.echo(note)
    typer.echo(f"{_sizes(articles)} in {out}")


@app.command()
def measure(
    articles: Annotated[Path, typer.Argument(help="A table of articles, as gather writes it.")],
    out: Annotated[Path, typer.Option(help="The Measures folder to write.")],
    about: About = None,
    lexicon: Lexicon = None,
    speakers: Speakers = "",
    scheduler: Annotated[
        str, typer.Option(help="Address of a Dask cluster that measures: tcp://HOST:8786.")
    ] = "",
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
    _say_size(measures, out)


@app.command()
def coding_sheet(
    corpus: CorpusName,
    out: Annotated[Path, typer.Option(help="The CSV to write.")],
    lexicon: Annotated[
        str, typer.Option(help="Word list the coders judge: name or file.")
    ] = "generic",
    articles: Annotated[
        int | None, typer.Option(min=1, help="Draw so many articles at random; else all.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(help="The articles with their text: code each hit in its sentence."),
    ] = None,
    hits: Annotated[
        int | None, typer.Option(min=1, help="Draw so many hits; else all. Needs --texts.")
    ] = None,
    per: Annotated[
        str, typer.Option(help="What --hits counts: of every set, or of every entry.")
    ] = "set",
) -> None:
    """Write a sheet to be coded by hand: articles by indicators, or hits in their sentences."""
    from analysis.compare.coding import write_coding_sheet

    _, notes = write_coding_sheet(
        corpus, out, lexicon, texts=texts, articles=articles, each=hits, per=per
    )
    for note in notes:
        typer.echo(note)


@app.command()
def collect(
    reading_list: Annotated[
        Path,
        typer.Argument(
            metavar="LIST", help="Addresses: CSV, export, plain list, feed or site map."
        ),
    ],
    contact: Annotated[
        str, typer.Option(help="Your e-mail or web address: servers are told who asks.")
    ],
    out: Annotated[Path, typer.Option(help="Where the articles go.")] = Path("articles.parquet"),
    columns: Columns = "",
    pause: Annotated[float, typer.Option(min=0, help="Seconds between requests to a host.")] = 1.0,
    archive: Annotated[
        str | None, typer.Option(help="Base address of the web archive; '' for none.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for what was had before.")
    ] = False,
    force: Force = False,
) -> None:
    """Fetch the articles of a reading list, politely; a second run fetches only what is missing."""
    from tqdm.auto import tqdm

    from analysis.gather.collect import collect as fetch
    from analysis.gather.fetch import Manners

    manners = Manners(contact=contact, pause=pause)
    if archive is not None:
        manners = dataclasses.replace(manners, archive=archive, available="")
    named = _pairs(columns, "--columns")
    with tqdm(unit="address", desc="collecting") as bar:

        def show(done: int, of: int, _address: str) -> None:
            bar.total = of
            bar.update(done - bar.n)

        had = fetch(
            reading_list,
            out,
            manners=manners,
            columns=named,
            refresh=refresh,
            force=force,
            progress=show,
        )
    for outcome, count in had.report["outcome"].value_counts().sort_index().items():
        typer.echo(f"{outcome}: {count}")
    typer.echo(f"{len(had.articles)} articles in {out}; what was not had, and why: beside it.")


lists = typer.Typer(help="Word lists of one's own.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(lists, name="lexicon")


@lists.command("check")
def check(
    lexicon: Annotated[str, typer.Argument(help="Word list: a name or a file.")], articles: Paths
) -> None:
    """What each entry finds in articles, with sentences, and what it probably should not find."""
    from analysis.measure.evidence import check_lexicon

    table = check_lexicon(lexicon, analysis.read_articles(*articles, skip_bad=True))
    for row in table.itertuples():
        typer.echo(f"{row.set}, {row.label}, {row.pattern}: {row.hits} hits in {row.articles}")
        for line in [row.words and f"words: {row.words}", row.look and f"look: {row.look}"]:
            if line:
                typer.echo(f"  {line}")
        for passage in row.passages:
            typer.echo(f"  – {passage}")
    for note in table.attrs["notes"]:
        typer.echo(note)


@app.command()
def describe(
    articles: Paths,
    out: Annotated[Path, typer.Option(help="The description to write.")] = Path("corpus.toml"),
) -> None:
    """Write a commented draft of a corpus's description, with what was found in it."""
    from analysis.compare.describe import describe as draft
    from analysis.writing import may_replace, replacing

    target = may_replace(out, lambda _: "a description may stand in it", inputs=articles)
    text = draft(analysis.measure_articles(analysis.read_articles(*articles, skip_bad=True)))
    with replacing(target, lambda _: "a description may stand in it") as made:
        made.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{out}: read it, take the # away where it fits, and give it with --about.")


@app.command()
def validate(folder: Annotated[Path, typer.Argument(help="A Measures folder.")]) -> None:
    """Check every table of a Measures folder against its hash and schema."""
    from analysis.measure.package import check_folder

    _say_size(check_folder(folder), folder)
    typer.echo("Every file is the one that was published.")


@app.command()
def reference(
    articles: Annotated[Path, typer.Argument(help="A large table of general news articles.")],
    out: Annotated[Path, typer.Option(file_okay=False, help="Where the list goes.")],
    about: Annotated[
        Path | None, typer.Option(help="TOML: name, source, licence, period, …")
    ] = None,
    min_articles: Annotated[
        int, typer.Option(min=1, help="Cut terms that fewer articles hold.")
    ] = 3,
) -> None:
    """Build a reference list: how common each term is in news at large."""
    from analysis.checks import checked
    from analysis.data import read_list
    from analysis.measure.reference import Described, build_reference, may_write, write_reference

    may_write(out, [articles, *([about] if about else [])])
    given = {"name": articles.stem, **(read_list(about) if about else {})}
    described = checked(Described, given, str(about))
    texts = analysis.read_articles(articles, skip_bad=True)["text"]
    built = build_reference(texts.to_list(), min_articles=min_articles, **described)
    write_reference(built, out)
    typer.echo(f"{len(built.terms):,} terms in {out}. {built.note}")


@app.command()
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove all that is kept.")] = False,
) -> None:
    """Say what is kept of earlier reports, which may hold texts of articles; or remove it."""
    from analysis import cache as kept

    done = f"Removed {kept.clear() / 1e6:,.1f} MB" if clear else f"{kept.size() / 1e6:,.1f} MB"
    typer.echo(f"{done} in {kept.folder()}")


# ---------------------------------------------------------------- what options say


def _description(
    about: Path | None, lexicon: list[str] | None, speakers: str
) -> Description | None:
    """The description with the lists named here in place of its own; None where nothing is.

    What is to be said of lists of one's own is said.
    """
    from analysis.description import described
    from analysis.measure.lexicon.load import available_lexicons, read_lexicons

    named = {"lexicons": lexicon, "speakers": speakers}
    given = {key: value for key, value in named.items() if value}
    if not (about or given):
        return None
    found = described(about, **given)
    for one in read_lexicons(found.lexicons, beside=found.folder):
        if one.name not in available_lexicons():
            finds = f"{one.name}: compare-coverage lexicon check says what it finds."
            typer.echo("\n".join([*one.remarks, finds]))
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise AnalysisError(f"{option} {text!r}.", f"Write {option} name=value.")
    return name, value


def _pairs(text: str, option: str) -> dict[str, str]:
    return dict(_pair(one, option) for one in text.split(",") if one.strip())


def _say_size(measures: analysis.Measures, folder: Path) -> None:
    articles = measures.articles
    typer.echo(f"{folder}: {_sizes(articles)}, {articles['words'].sum():,} words")


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
