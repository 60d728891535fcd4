"""Writing: whole or not at all, beside first, nothing overwritten that was not made here."""

import csv
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import analysis
from analysis import writing
from analysis.errors import AnalysisError
from analysis.gather.articles import may_write, write_articles
from analysis.measure.reference import (
    Reference,
    build_reference,
    read_reference,
    write_reference,
)
from analysis.progress import Bar
from analysis.report import run

needs_kill = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and fork")


def ours(path: Path) -> str:
    content = path / "mark" if path.is_dir() else path
    return "" if content.is_file() and content.read_text().startswith("ours") else "not ours"


def write(target: Path, text: str, *, folder: bool = False) -> None:
    with writing.replacing(writing.may_replace(target, ours), ours) as made:
        if folder:
            made.mkdir()
            (made / "mark").write_text(f"ours {text}")
        else:
            made.write_text(f"ours {text}")


@pytest.fixture(params=["exchange", "renames"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the system's exchange of folders, and without."""
    if request.param == "renames":
        monkeypatch.setattr(writing, "_exchanged", lambda *_: False)
    return str(request.param)


@pytest.mark.parametrize("folder", [False, True])
def test_a_file_and_a_folder_are_replaced_and_nothing_else_is_left(
    system: str, folder: bool, tmp_path: Path
) -> None:
    for text in ("one", "two"):
        write(tmp_path / "out", text, folder=folder)
        place = tmp_path / "out" / "mark" if folder else tmp_path / "out"
        assert place.read_text() == f"ours {text}"
        assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_fails_changes_nothing(system: str, tmp_path: Path) -> None:
    write(tmp_path / "out", "one", folder=True)
    with (
        pytest.raises(OSError, match="disk full"),
        writing.replacing(tmp_path / "out", ours) as made,
    ):
        made.mkdir()
        raise OSError("disk full")
    assert (tmp_path / "out/mark").read_text() == "ours one"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_what_is_not_ours_and_what_is_read_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a year of work")
    with pytest.raises(AnalysisError, match=r"mine exists: not ours\. Give a new name\.$"):
        writing.may_replace(tmp_path / "mine", ours)
    with pytest.raises(AnalysisError, match="or overwrite it with force=True"):
        writing.may_replace(tmp_path / "mine", ours, force=False)
    assert writing.may_replace(tmp_path / "mine", ours, force=True) == tmp_path / "mine"
    with pytest.raises(AnalysisError, match="is or holds an input"):
        writing.may_replace(tmp_path / "mine", ours, inputs=[tmp_path / "mine"], force=True)
    with pytest.raises(AnalysisError, match="is or holds an input"):
        writing.may_replace(tmp_path, ours, inputs=[tmp_path / "mine"], force=True)
    with pytest.raises(AnalysisError, match="lies in an input"):
        writing.may_replace(tmp_path / "mine", ours, inputs=[tmp_path], force=True)
    (tmp_path / "again").hardlink_to(tmp_path / "mine")
    with pytest.raises(AnalysisError, match="is or holds an input"):
        writing.may_replace(tmp_path / "again", ours, inputs=[tmp_path / "mine"], force=True)


def test_no_folder_is_written_over_by_force(tmp_path: Path) -> None:
    (tmp_path / "o.csv").mkdir()
    (tmp_path / "o.csv" / "mine").write_text("a year of work")
    with pytest.raises(AnalysisError, match=r"it is a folder; .* Give a new name\.$"):
        may_write(tmp_path / "o.csv", force=True)
    assert (tmp_path / "o.csv" / "mine").read_text() == "a year of work"


def test_what_can_be_no_place_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "mine").write_text("a year of work")
    with pytest.raises(AnalysisError, match="circle is a link to itself"):
        writing.may_replace(tmp_path / "mine", ours, inputs=[tmp_path / "circle"], force=True)
    with pytest.raises(AnalysisError, match="would lie in a file"):
        writing.may_replace(tmp_path / "mine" / "out", ours)
    with pytest.raises(AnalysisError, match="/ exists: not ours"):
        writing.may_replace("/", lambda _: "not ours")
    with pytest.raises(AnalysisError, match=r"Looked for: .*~nobody-of-that-name"):
        analysis.open_measures("~nobody-of-that-name/corpus")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_nothing_is_written_into_a_pipe_or_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for place in (tmp_path / "pipe.csv", Path(os.devnull)):
        with pytest.raises(AnalysisError, match="is a pipe, socket or device"):
            writing.may_replace(place, lambda _: "", force=True)


def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "out")
    write(tmp_path / "link", "one")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "out").read_text() == "ours one"


def test_a_link_leads_to_nothing_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("a diary")
    (tmp_path / "link").symlink_to("theirs")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(AnalysisError, match="link exists: not ours"):
        write(tmp_path / "link", "one")
    with pytest.raises(AnalysisError, match="a link to itself"):
        write(tmp_path / "circle", "one")
    assert (tmp_path / "theirs").read_text() == "a diary"
    assert (tmp_path / "link").is_symlink()


def test_what_a_killed_run_left_is_put_back_or_cleared(tmp_path: Path) -> None:
    write(tmp_path / "out", "one", folder=True)
    (tmp_path / "out").rename(tmp_path / "out.old")  # killed between two renames
    (tmp_path / ".out-abcdefgh.tmp").mkdir()
    (tmp_path / ".out-mine.tmp").mkdir()  # not a name that is given here
    write(tmp_path / "out", "two", folder=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out-mine.tmp", "out"]
    (tmp_path / "out").rename(tmp_path / "out.old")
    writing.put_back(tmp_path / "out", ours)
    assert (tmp_path / "out/mark").read_text() == "ours two"


def test_a_run_that_still_writes_keeps_its_place(tmp_path: Path) -> None:
    with writing.replacing(tmp_path / "out", ours) as made:
        write(tmp_path / "out", "other")
        made.write_text("ours and last")
    assert (tmp_path / "out").read_text() == "ours and last"


def test_a_long_name_and_a_name_of_patterns(tmp_path: Path) -> None:
    for name in ("n" * 240, "[a]*?"):
        write(tmp_path / name, "one")
        write(tmp_path / name, "two")
        assert (tmp_path / name).read_text() == "ours two"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "plain", "'tis"])
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, cell: str) -> None:
    table = pd.DataFrame({"title": [cell], "n": [-1], "p": [-0.5]})
    writing.write_csv(table, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"][:1] not in ("=", "+", "-", "@", "\t")
    assert writing.from_spreadsheet(row["title"]) == cell
    assert (row["n"], row["p"]) == ("-1", "-0.5")  # a number stays one


def test_formulas_in_titles_come_back_as_they_were(articles: pd.DataFrame, tmp_path: Path) -> None:
    odd = articles.assign(title="=HYPERLINK(1)", outlet="@Post")
    folder = analysis.write_measures(analysis.measure_articles(odd), tmp_path / "m")
    assert "'=HYPERLINK" in (folder / "articles.csv").read_text("utf-8")
    again = analysis.open_measures(folder).articles
    assert set(again["title"]) == {"=HYPERLINK(1)"} and set(again["outlet"]) == {"@Post"}


# ---------------------------------------------------------------- killed anywhere


Once = Callable[[Path], object]  # writes one output into a folder


def _measures(n: int, articles: pd.DataFrame) -> Once:
    measured = analysis.measure_articles(articles.assign(title=f"Run {n}"))
    return lambda folder: analysis.write_measures(measured, folder / "out")


def _articles(n: int, articles: pd.DataFrame) -> Once:
    table = articles.assign(title=f"Run {n}")

    def once(folder: Path) -> None:
        may_write(folder / "out.parquet")
        write_articles(table, folder / "out.parquet")

    return once


def _reference(n: int, articles: pd.DataFrame) -> Once:
    built = build_reference(articles["text"].to_list(), min_articles=1 + n % 2, name=f"run {n}")
    return lambda folder: write_reference(built, folder / "out")


def _report(n: int, articles: pd.DataFrame) -> Once:
    """A report whose pages were made before: what is killed is how they are put in place."""
    page = f'<meta name="generator" content="{run.GENERATOR}"><p>run {n}</p>{"x" * 50_000}</html>'
    patch = pytest.MonkeyPatch()  # undone with the process
    patch.setattr(run, "find_corpus", Path)
    patch.setattr(run, "study_of", lambda folder: SimpleNamespace(measures=None))
    patch.setattr(run, "executed", lambda paths, *_, **how: [None for _ in paths])
    patch.setattr(run, "_tool_pages", lambda *_: dict.fromkeys(run.TOOLS, page))
    patch.setattr(run, "notebook_page", lambda *_: page)
    patch.setattr(run, "index_page", lambda *_: page)
    return lambda folder: run.build_report("corpus", folder / "out")


def _read_articles(folder: Path) -> None:
    assert analysis.read_articles(folder / "out.parquet")["title"].nunique() == 1


def _read_reference(folder: Path) -> None:
    assert isinstance(read_reference(folder / "out"), Reference)


def _read_report(folder: Path) -> None:
    run.may_replace(folder / "out", run._not_report)  # the next run: it puts back what was away
    pages = [p.read_text("utf-8") for p in sorted((folder / "out").iterdir())]
    notebooks = len(list((Path(run.NOTEBOOKS)).glob("*.ipynb")))
    assert len(pages) == 1 + notebooks + len(run.TOOLS)
    assert len(set(pages)) == 1 and pages[0].endswith("</html>")


WRITERS: dict[str, tuple[Callable[[int, pd.DataFrame], Once], Once, str]] = {
    "measures": (_measures, lambda folder: analysis.open_measures(folder / "out"), "out"),
    "articles": (_articles, _read_articles, "out.parquet"),
    "reference": (_reference, _read_reference, "out"),
    "report": (_report, _read_report, "out"),
}


def _alone(act: Callable[..., object], *args: object) -> None:
    """Act with a lock of its own: at the fork a thread of the parent may hold that of bars."""
    Bar.set_lock(threading.RLock())
    act(*args)


def _started(act: Callable[..., object], *args: object) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=_alone, args=(act, *args))
    process.start()
    return process


# A child that is forked while another thread of this process holds a lock may wait for that lock
# for ever. It is started again after so many seconds, for what takes a few.
_AT_MOST = 20


def _ended(act: Callable[..., object], *args: object) -> int | None:
    """The exit code of a child that did something."""
    for _ in range(5):
        process = _started(act, *args)
        process.join(_AT_MOST)
        if process.exitcode is not None:
            return process.exitcode
        process.kill()
        process.join(_AT_MOST)
    raise AssertionError("no child of five has ended")


def _forever(writer: str, n: int, articles: pd.DataFrame, folder: Path) -> None:
    once = WRITERS[writer][0](n, articles)
    while True:
        once(folder)


def _one(writer: str, n: int, articles: pd.DataFrame, folder: Path) -> None:
    WRITERS[writer][0](n, articles)(folder)


def _next_run_clears(writer: str, articles: pd.DataFrame, folder: Path) -> None:
    """The output is whole; after the next run it stands alone."""
    _, read, name = WRITERS[writer]
    read(folder)
    assert _ended(_one, writer, 99, articles, folder) == 0
    read(folder)
    assert [p.name for p in folder.iterdir()] == [name]


def _killed(writer: str, kills: int, seed: int, articles: pd.DataFrame, folder: Path) -> None:
    """Kill a writer at random, again and again: the output is whole, nothing stays behind."""
    _, read, name = WRITERS[writer]
    chance = random.Random(seed)
    for n in range(kills):
        process = _started(_forever, writer, n, articles, folder)
        until = time.monotonic() + _AT_MOST
        while not (folder / name).exists() and not (folder / "out.old").exists():
            assert process.is_alive(), "nothing is written"
            if time.monotonic() > until:
                process.kill()
                process, until = _started(_forever, writer, n, articles, folder), until + _AT_MOST
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.12))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join(_AT_MOST)
        read(folder)
    _next_run_clears(writer, articles, folder)


@needs_kill
@pytest.mark.parametrize("writer", list(WRITERS))
def test_killed_at_random(system: str, writer: str, articles: pd.DataFrame, tmp_path: Path) -> None:
    _killed(writer, 4, 1, articles, tmp_path)


@needs_kill
@pytest.mark.slow
@pytest.mark.parametrize("writer", list(WRITERS))
def test_killed_at_random_a_hundred_times(
    system: str, writer: str, articles: pd.DataFrame, tmp_path: Path
) -> None:
    _killed(writer, 100, 2, articles, tmp_path)


RENAMES = ("rename", "replace")


def _dies_at(step: int, writer: str, articles: pd.DataFrame, folder: Path) -> None:
    """Write an output, and end without warning before the rename of this number."""
    once = WRITERS[writer][0](1, articles)
    left = iter(range(step))

    def guard(original: Callable[..., object]) -> Callable[..., object]:
        def rename(self: Path, *args: object) -> object:
            if next(left, None) is None:
                os._exit(9)
            return original(self, *args)

        return rename

    for name in RENAMES:
        setattr(Path, name, guard(getattr(Path, name)))
    once(folder)
    os._exit(0)


@needs_kill
@pytest.mark.parametrize("writer", list(WRITERS))
def test_ended_before_each_rename(
    system: str, writer: str, articles: pd.DataFrame, tmp_path: Path
) -> None:
    for step in range(5):
        folder = tmp_path / str(step)
        folder.mkdir()
        _ended(_one, writer, 0, articles, folder)
        code = _ended(_dies_at, step, writer, articles, folder)
        _next_run_clears(writer, articles, folder)
        if code == 0:
            break
    renames = 1 if writer == "articles" else 0 if system == "exchange" else 3
    assert code == 0 and step == renames
