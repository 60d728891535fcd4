"""The command line: exit codes, what is said, and that nothing half-written is left behind."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from conftest import invented_articles
from typer.main import get_command

import analysis
from analysis import __main__ as command_line
from analysis.data import DATA

ROOT = Path(__file__).resolve().parents[1]
HARBOUR = DATA / "examples" / "harbour.toml"


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as from a shell, in this process."""

    def call(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["analysis", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            command_line.main()
        said = capsys.readouterr()
        return Result(int(left.value.code or 0), said.out, said.err)

    return call


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "velmar.csv"
    path.parent.mkdir()
    invented_articles().to_csv(path, index=False)
    return path


def measured(tmp_path: Path, **options: object) -> Path:
    articles = invented_articles()
    return analysis.write_measures(analysis.measure_articles(articles, **options), tmp_path / "m")


def untouched(folder: Path, *names: str) -> None:
    """Nothing but these stands in the folder."""
    assert sorted(p.name for p in folder.iterdir()) == sorted(names)


# ---------------------------------------------------------------- as a whole


def test_it_runs_as_a_module_and_lists_its_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0 and done.stderr == ""
    for name in get_command(command_line.app).commands:  # type: ignore[attr-defined]
        assert name in done.stdout


def test_every_command_and_option_is_explained() -> None:
    for name, command in get_command(command_line.app).commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        for option in command.params:
            if option.param_type_name == "option" and option.name != "help":
                assert getattr(option, "help", None), f"{name} {option.name}"


def test_an_unknown_command_or_option_is_refused(run: Run) -> None:
    assert run("compare").code == 2
    wrong = run("validate", "--hash")
    assert wrong.code == 2 and "--hash" in wrong.err


def test_a_refusal_is_one_message_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    refused = run("validate", tmp_path / "nowhere")
    assert refused.code == 1 and refused.out == ""
    assert refused.err.startswith("Error: Unknown corpus")
    assert "crimea-2014" in refused.err and "Traceback" not in refused.err


# ---------------------------------------------------------------- gather


def test_gather_writes_articles_that_can_be_read_again(
    run: Run, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "articles.parquet"
    done = run("gather", table, "--out", out, "--keep-boilerplate")
    assert done.code == 0
    assert f"12 articles of 3 outlets in {out}" in done.out
    assert len(analysis.read_articles(out)) == 12


@pytest.mark.parametrize("what", ["absent", "no outlet", "broken"])
def test_gather_refuses_and_writes_nothing(run: Run, tmp_path: Path, what: str) -> None:
    source = tmp_path / "source.csv"
    if what == "no outlet":
        source.write_text("id,text\na,The pier.\n", encoding="utf-8")
    elif what == "broken":
        source = tmp_path / "source.parquet"
        source.write_bytes(b"no parquet")
    before = [p.name for p in tmp_path.iterdir()]
    refused = run("gather", source, "--out", tmp_path / "articles.parquet")
    assert refused.code == 1
    assert refused.err.startswith("Error: ") and "source" in refused.err
    untouched(tmp_path, *before)


@pytest.mark.parametrize("where", ["beside", "named"])
def test_gather_obeys_the_columns_of_a_description(run: Run, tmp_path: Path, where: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("saidby,words,date\nPost,The pier stands.,\n", encoding="utf-8")
    about = (folder if where == "beside" else tmp_path) / "corpus.toml"
    about.write_text('[columns]\ntext = "words"\noutlet = "saidby"\n', encoding="utf-8")
    out = tmp_path / "articles.csv"
    asked = ["--about", about] if where == "named" else []
    assert run("gather", folder, "--out", out, *asked).code == 0
    (row,) = analysis.read_articles(out).itertuples()
    assert (row.outlet, row.text) == ("Post", "The pier stands.")


def test_gather_leaves_out_what_is_bad_only_where_asked(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text("id,outlet,text\na,Post,The pier stands.\nb,,No name.\n", encoding="utf-8")
    out = tmp_path / "articles.parquet"
    assert run("gather", source, "--out", out).code == 1 and not out.exists()
    done = run("gather", source, "--out", out, "--skip-bad")
    assert done.code == 0 and "1 article of 1 outlet in" in done.out
    assert "outlet" in done.out


# ---------------------------------------------------------------- measure, validate


def test_measure_shows_progress_and_writes_a_folder_that_validates(
    run: Run, table: Path, tmp_path: Path
) -> None:
    about = tmp_path / "about.toml"
    about.write_text('title = "Velmar"\n', encoding="utf-8")
    done = run("measure", table, "--out", tmp_path / "m", "--about", about)
    assert done.code == 0
    assert re.search(r"measuring: 100%.*12/12", done.err)
    assert "12 articles of 3 outlets" in done.out
    assert analysis.open_measures(tmp_path / "m").package["title"] == "Velmar"
    assert run("validate", tmp_path / "m").out.endswith(
        "Every file is the one that was published.\n"
    )


def test_lists_of_ones_own_alone_and_beside_the_bundled(
    run: Run, table: Path, tmp_path: Path
) -> None:
    done = run("measure", table, "--out", tmp_path / "m", "--lexicon", HARBOUR)
    assert done.code == 0 and "harbour: compare-coverage lexicon check says" in done.out
    assert {*_lists(tmp_path / "m")} == {"harbour"}
    both = ["--lexicon", "generic", "--lexicon", HARBOUR]
    assert run("measure", table, "--out", tmp_path / "m", *both).code == 0
    found = analysis.open_measures(tmp_path / "m")
    assert len(_lists(tmp_path / "m")) == 2 and "harbour" in _lists(tmp_path / "m")
    own = found.indicators[found.indicators["lexicon"] == "harbour"]
    assert own.groupby("entry", observed=True)["count"].sum()["cost"] > 0


def _lists(folder: Path) -> dict[str, object]:
    return analysis.open_measures(folder).package["measured"]["lexicons"]


BAD_LISTS = {
    "absent": (None, "There is no file"),
    "not TOML": ("title = ", "not TOML"),
    "no match": ('{ pattern = "a.b", s', "can never match"),
    "name of a bundled one": ("generic", "Two lexicons are called 'generic'"),
}


@pytest.mark.parametrize("what", BAD_LISTS)
def test_a_bad_list_is_refused_before_anything_is_written(
    run: Run, table: Path, tmp_path: Path, what: str
) -> None:
    change, message = BAD_LISTS[what]
    path = tmp_path / ("generic.toml" if "name" in what else "mine.toml")
    text = HARBOUR.read_text("utf-8")
    if what == "not TOML":
        path.write_text(str(change), encoding="utf-8")
    elif what == "no match":
        path.write_text(text.replace('{ pattern = "danger*|unsafe", s', str(change)), "utf-8")
    elif what != "absent":
        path.write_text(text, encoding="utf-8")
    before = [p.name for p in tmp_path.iterdir()]
    lists = ["--lexicon", "generic", "--lexicon", path]
    refused = run("measure", table, "--out", tmp_path / "m", *lists)
    assert refused.code == 1 and message in refused.err
    untouched(tmp_path, *before)


def test_measure_refuses_a_folder_that_holds_something_else(
    run: Run, table: Path, tmp_path: Path
) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("Mine.", encoding="utf-8")
    refused = run("measure", table, "--out", other)
    assert refused.code == 1 and "which is no table of measures" in refused.err
    untouched(other, "chapter.txt")
    untouched(tmp_path, "in", "thesis")


@pytest.mark.parametrize("text", [None, "title = ", b"\xff\xfe"])
def test_measure_and_reference_refuse_a_description_they_cannot_read(
    run: Run, table: Path, tmp_path: Path, text: str | bytes | None
) -> None:
    about = tmp_path / "about.toml"
    if text is not None:
        about.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = [p.name for p in tmp_path.iterdir()]
    for command in ("measure", "reference"):
        refused = run(command, table, "--out", tmp_path / "m", "--about", about)
        assert refused.code == 1 and "about.toml cannot be read as TOML" in refused.err
    untouched(tmp_path, *before)


def test_paths_of_the_wrong_kind_are_refused(run: Run, table: Path, tmp_path: Path) -> None:
    no_file = run("measure", table, "--out", tmp_path / "m", "--speakers", tmp_path / "none.toml")
    assert no_file.code == 1 and "There is no file" in no_file.err
    a_file = run("reference", table, "--out", table)
    assert a_file.code == 2 and "is a file" in a_file.err
    a_folder = run("coding-sheet", measured(tmp_path), "--out", table / "sheet.csv")
    assert a_folder.code == 1 and a_folder.err.startswith("Error: ")
    untouched(tmp_path, "in", "m")


def test_validate_names_the_file_that_was_changed(run: Run, tmp_path: Path) -> None:
    folder = measured(tmp_path)
    path = folder / "outlets.csv"
    path.write_text(path.read_text("utf-8").replace("Radio", "Ratio"), encoding="utf-8")
    refused = run("validate", folder)
    assert refused.code == 1 and "outlets.csv is not the file that was published" in refused.err


def test_reference_writes_a_list_that_says_what_it_is_of(
    run: Run, table: Path, tmp_path: Path
) -> None:
    done = run("reference", table, "--out", tmp_path / "list", "--min-articles", "2")
    assert done.code == 0 and "terms in" in done.out
    assert (tmp_path / "list" / "reference.json").is_file()
    assert run("reference", table, "--out", tmp_path / "x", "--min-articles", "0").code == 2


# ---------------------------------------------------------------- coding-sheet


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def test_a_sheet_of_articles_asks_every_question_of_each(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "sheets" / "sheet.csv"
    done = run("coding-sheet", measured(tmp_path), "--out", out, "--articles", 3)
    sheet = read(out)
    assert done.code == 0 and f"{len(sheet)} rows in {out}" in done.out
    assert len(sheet) == 3 * 17 and (sheet["code"] == "").all()
    assert "passage" not in sheet.columns


def test_a_sheet_of_hits_holds_their_sentences(run: Run, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.csv"
    folder = measured(tmp_path, lexicons=[HARBOUR])
    articles = tmp_path / "a.parquet"
    invented_articles().to_parquet(articles)
    done = run("coding-sheet", folder, "--out", out, "--lexicon", HARBOUR, "--texts", articles)
    sheet = read(out)
    assert done.code == 0
    assert "12 of 12 articles: the text is at hand." in done.out
    counted = analysis.open_measures(folder).indicators["count"].sum()
    assert len(sheet) == counted and sheet["passage"].ne("").all()


def test_a_sheet_takes_no_sentence_from_a_text_that_was_not_measured(
    run: Run, tmp_path: Path
) -> None:
    folder = measured(tmp_path, lexicons=[HARBOUR])
    articles = invented_articles()
    articles["text"] += " A danger that nobody measured."
    articles.to_parquet(tmp_path / "a.parquet")
    done = run(
        "coding-sheet",
        folder,
        *("--out", tmp_path / "s.csv", "--lexicon", HARBOUR, "--texts", tmp_path / "a.parquet"),
    )
    assert done.code == 1 and "None of these texts is one that was measured" in done.err
    assert not (tmp_path / "s.csv").exists()


def test_a_sheet_that_may_hold_codes_is_not_written_over(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "sheet.csv"
    out.write_text("coded for a week", encoding="utf-8")
    refused = run("coding-sheet", measured(tmp_path), "--out", out)
    assert refused.code == 1 and "sheet.csv exists" in refused.err
    assert out.read_text("utf-8") == "coded for a week"


def test_a_sheet_for_an_unknown_list_is_refused_with_those_there_are(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.csv"
    refused = run("coding-sheet", measured(tmp_path), "--out", out, "--lexicon", "frames")
    assert refused.code == 1
    assert "Unknown lexicon 'frames'. Available: generic." in refused.err
    assert not out.exists()


# ---------------------------------------------------------------- report on anything


def test_the_version_is_said(run: Run) -> None:
    assert run("--version").out == f"compare-coverage {analysis.__version__}\n"


def test_help_imports_nothing_that_computes() -> None:
    code = "import sys; from analysis.__main__ import app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600
    )
    assert not {"numpy", "pandas", "pyarrow", "sklearn"} & {*done.stdout.split()}


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--only", "outlet", "--only 'outlet'. Write --only name=value."),
        ("--columns", "text=", "--columns 'text='. Write --columns name=value."),
        ("--only", "outlet=Nobody", "Unknown outlet 'Nobody'"),
        ("--by", "weather", "Unknown column"),
    ],
)
def test_report_says_which_option_it_does_not_understand(
    run: Run, table: Path, tmp_path: Path, option: str, value: str, message: str
) -> None:
    refused = run("report", table, "--out", tmp_path / "r", option, value)
    assert refused.code == 1 and message in refused.err
    untouched(tmp_path, "in")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory")
@pytest.mark.parametrize(("megabytes", "says"), [(250, "needs 500 MB"), (900, "needs 3,000 MB")])
def test_too_little_memory_is_one_message(megabytes: int, says: str, tmp_path: Path) -> None:
    line = [sys.executable, "-m", "analysis", "report", "example", "--out", str(tmp_path / "r")]
    code = f'ulimit -v {megabytes * 1000}; exec "$@"'
    done = subprocess.run(
        ["/bin/sh", "-c", code, "sh", *line], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1
    assert says in done.stderr
