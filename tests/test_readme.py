"""The README's commands, run as they stand on a folder of invented articles."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import invented_articles

from analysis.data import DATA

ROOT = DATA.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a folder of articles of three invented outlets, as a reader would have it."""
    place = tmp_path_factory.mktemp("own")
    (place / "FOLDER").mkdir()
    table = invented_articles().drop(columns=["id", "agency"])
    table.head(8).to_csv(place / "FOLDER" / "first.csv", index=False)
    table.tail(4).to_json(place / "FOLDER" / "second.jsonl", orient="records", lines=True)
    return place


def test_the_two_commands_are_make_s() -> None:
    commands = re.findall(r"^make (\w+)", "".join(blocks("")), flags=re.M)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
    assert commands[:2] == ["report", "test"]
    assert set(commands) <= set(targets)


def test_the_commands_on_one_s_own_articles(own: Path) -> None:
    """The real notebooks on a corpus never seen: three outlets, four articles each."""
    lines = [line for block in blocks("") for line in block.splitlines() if "-m analysis" in line]
    assert [shlex.split(line)[3] for line in lines] == ["gather", "measure", "report"]
    for line in lines:
        words = [sys.executable, *shlex.split(line)[1:]]
        done = subprocess.run(words, cwd=own, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    pages = {p.name for p in (own / "report").glob("*.html")}
    notebooks = {p.stem + ".html" for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert pages == notebooks | {"index.html", "explorer.html"}
    index = (own / "report" / "index.html").read_text("utf-8")
    assert "Radio Skerry" in index


def test_the_lines_of_python(own: Path) -> None:
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line]) == 5
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "more_used_by" in done.stdout


def test_the_map_names_every_room() -> None:
    rooms = sorted(p.name for p in (ROOT / "analysis").iterdir() if (p / "__init__.py").is_file())
    assert rooms == ["compare", "gather", "measure", "report"]
    assert all(f"`analysis/{room}`" in README for room in rooms)


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
