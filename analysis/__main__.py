"""The command line: parses what was asked and calls the package, nothing else."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

import analysis
from analysis.errors import AnalysisError, command_line

app = typer.Typer(
    help="Compare how outlets covered an event, and say how sure one may be.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Paths = Annotated[list[Path], typer.Argument(help="Pages, tables or folders of them.")]
Metadata = Annotated[
    Path | None, typer.Option(help="CSV: file or id → any field the sources do not say.")
]
DayFirst = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="How 03/04/2014 is meant."),
]
SkipBad = Annotated[
    bool, typer.Option(help="Leave out what cannot be read, and list it at the end.")
]


@app.command()
def report(
    corpus: Annotated[
        str, typer.Argument(help="Name of a corpus in data/, or a Measures folder.")
    ] = "crimea-2014",
    out: Annotated[Path, typer.Option(help="Where the pages go.")] = Path("reports"),
) -> None:
    """Run the notebooks on a corpus and export them as HTML: the main job."""
    from analysis.report.run import build_report

    pages = build_report(corpus, out)
    typer.echo(f"{len(pages)} pages. Open {pages[0]}")


@app.command()
def gather(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="Where the articles go.")] = Path("articles.parquet"),
    metadata: Metadata = None,
    skip_bad: SkipBad = False,
    explain: Annotated[bool, typer.Option(help="List every line that was removed.")] = False,
    keep_boilerplate: Annotated[
        bool, typer.Option(help="Keep lines that recur across an outlet's articles.")
    ] = False,
    day_first: DayFirst = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding; else it is detected.")] = None,
) -> None:
    """Read saved pages and tables into one table of articles."""
    from analysis.gather.articles import gather as read
    from analysis.gather.articles import write_articles
    from analysis.gather.boilerplate import remove_boilerplate

    gathered = read(paths, metadata, skip_bad, dayfirst=day_first, encoding=encoding)
    articles = gathered.articles
    if not keep_boilerplate:
        articles, removed = remove_boilerplate(articles, gathered.removed)
    write_articles(articles, out)
    if explain:
        for row in gathered.removed.itertuples():
            typer.echo(f"{row.id}: removed ({row.reason}): {row.line}")
        if not keep_boilerplate:
            typer.echo(removed.drop(columns="sha256").to_string(index=False))
    for note in articles.attrs["notes"]:
        typer.echo(note)
    for row in gathered.problems.itertuples():
        typer.echo(f"{row.outcome}: {row.received} {row.remedy}", err=True)
    typer.echo(f"{len(articles)} articles of {articles['outlet'].nunique()} outlets in {out}")


@app.command()
def measure(
    articles: Annotated[Path, typer.Argument(help="A table of articles, as gather writes it.")],
    out: Annotated[Path, typer.Option(help="The Measures folder to write.")],
    about: Annotated[
        Path | None, typer.Option(help="TOML: what the corpus is about (its description).")
    ] = None,
    lexicon: Annotated[
        list[Path] | None,
        typer.Option(help="Word list, by name or file, beside those described; may be repeated."),
    ] = None,
    speakers: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="TOML table of speakers and sides, instead of the bundled.",
        ),
    ] = None,
) -> None:
    """Count articles into a Measures folder that holds no sentence of them."""
    from analysis.description import described

    base = described(about)
    given: dict[str, Any] = {"title": base.title or f"Measures of {articles.name}"}
    if lexicon:
        given["lexicons"] = [*base.lexicons, *lexicon]
    if speakers:
        given["speakers"] = speakers
    described(base, **given)  # what is wrong is said before the work
    table = analysis.read_articles(articles)
    measures = analysis.measure_articles(table, base, progress=True, **given)
    analysis.write_measures(measures, out)
    _say_size(measures, out)


@app.command()
def coding_sheet(
    corpus: Annotated[str, typer.Argument(help="Name of a corpus in data/, or a Measures folder.")],
    out: Annotated[Path, typer.Option(help="The CSV to write.")],
    lexicon: Annotated[
        str, typer.Option(help="Word list the coders judge: name or file.")
    ] = "frames-generic",
    articles: Annotated[
        int | None, typer.Option(min=1, help="Draw so many articles at random; else all.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(help="The articles with their text: code each hit in its sentence."),
    ] = None,
) -> None:
    """Write a sheet to be coded by hand: articles by indicators, or hits in their sentences."""
    from analysis.compare import framing
    from analysis.measure.concordance import at_hand
    from analysis.measure.passages import indicator_hits

    if out.exists():
        raise AnalysisError(f"{out} exists.", "Give a new file: codes may stand in this one.")
    measures = analysis.open_measures(corpus)
    hits = None
    if texts:
        measured = at_hand(measures, analysis.read_articles(texts))
        if measured.empty:
            raise AnalysisError(
                f"None of these texts is one that was measured ({texts}).",
                "Give the table of articles that `measure` was given.",
            )
        hits = indicator_hits(measured, [lexicon])
        typer.echo(f"{len(measured)} of {len(measures.articles)} articles: the text is at hand.")
    sheet = framing.coding_sheet(measures, Path(lexicon).stem, articles=articles, hits=hits)
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.to_csv(out, index=False, encoding="utf-8", lineterminator="\n")
    typer.echo(f"{len(sheet)} rows in {out}. Copy it for each coder, and fill in the column code.")


@app.command()
def validate(
    folder: Annotated[Path, typer.Argument(help="A Measures folder.")],
) -> None:
    """Check every table of a Measures folder against its hash and schema."""
    measures = analysis.open_measures(folder)
    _say_size(measures, folder)
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
    from analysis.measure.reference import build_reference, write_reference

    described = _described(about)
    described.setdefault("name", articles.stem)
    texts = analysis.read_articles(articles, skip_bad=True)["text"]
    built = build_reference(texts.to_list(), min_articles=min_articles, **described)
    write_reference(built, out)
    typer.echo(f"{len(built.terms):,} terms in {out}. {built.note}")


def _described(about: Path | None) -> dict[str, Any]:
    """What a TOML file says of a corpus or list; nothing where there is none."""
    if about is None:
        return {}
    try:
        return tomllib.loads(about.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AnalysisError(
            f"{about} cannot be read as TOML in UTF-8: {error}.", 'Give lines such as title = "…".'
        ) from error


def _say_size(measures: analysis.Measures, folder: Path) -> None:
    articles = measures.articles
    typer.echo(
        f"{folder}: {len(articles):,} articles of {articles['outlet'].nunique()} outlets, "
        f"{articles['words'].sum():,} words"
    )


def main() -> None:
    """Run the command line; a refusal is one message and exit code 1."""
    try:
        with command_line():
            app()
    except (AnalysisError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
