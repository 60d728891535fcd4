"""The README's commands, as they stand, in a shell with the installed package and no checkout."""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from conftest import invented_articles

from analysis.data import DATA

ROOT = DATA.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def commands() -> list[str]:
    return [line for block in blocks("") for line in block.splitlines() if line.startswith(".venv")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it would be published."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", place]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=600)
    (made,) = place.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def own(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another project: its .venv holds the wheel and sees the packages that are here, and a folder
    of articles of three invented outlets lies beside it."""
    place = tmp_path_factory.mktemp("own")
    venv.EnvBuilder(symlinks=True, with_pip=False).create(place / ".venv")
    python = place / ".venv" / "bin" / "python"
    paths = {"base": str(place / ".venv"), "platbase": str(place / ".venv")}
    site = Path(sysconfig.get_path("purelib", vars=paths))
    (site / "present.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps"]
    subprocess.run(
        [*install, "--no-index", "--quiet", wheel], check=True, capture_output=True, timeout=600
    )
    (place / "FOLDER").mkdir()
    table = invented_articles().drop(columns=["id", "agency"])
    table.head(8).to_csv(place / "FOLDER" / "first.csv", index=False)
    table.tail(4).to_json(place / "FOLDER" / "second.jsonl", orient="records", lines=True)
    return place


def shell(line: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a new shell would, that knows nothing of this environment."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(place), "LANG": "C.UTF-8"}
    env["COMPARE_COVERAGE_CACHE"] = os.environ["COMPARE_COVERAGE_CACHE"]
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


needs_posix = pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")


def test_the_two_commands_are_make_s() -> None:
    named = re.findall(r"^make (\S+)", "".join(blocks("")), flags=re.M)
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
    assert named[:2] == ["report", "test"]
    assert set(named) <= set(targets)


@needs_posix
def test_the_commands_on_one_s_own_articles(own: Path) -> None:
    """The real notebooks on a corpus never seen: three outlets, four articles each."""
    assert [shlex.split(line)[1] for line in commands()] == [
        "report",
        "gather",
        "measure",
        "report",
    ]
    for line in commands():
        done = shell(line, own)
        assert done.returncode == 0, done.stderr
    for out in {shlex.split(line)[-1] for line in commands() if " report " in line}:
        pages = {p.name for p in (own / out).glob("*.html")}
        notebooks = {p.stem + ".html" for p in (ROOT / "notebooks").glob("*.ipynb")}
        assert pages >= notebooks | {"index.html", "explorer.html"}
        assert "Radio Skerry" in (own / out / "index.html").read_text("utf-8")


@needs_posix
def test_the_lines_of_python(own: Path) -> None:
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line]) == 5
    (own / "lines.py").write_text(code, encoding="utf-8")
    done = shell(".venv/bin/python lines.py", own)
    assert done.returncode == 0, done.stderr
    assert "more_used_by" in done.stdout


@needs_posix
def test_the_installed_package_is_not_the_checkout(own: Path) -> None:
    done = shell(".venv/bin/python -c 'import analysis.data as d; print(d.DATA)'", own)
    assert Path(done.stdout.strip()).is_relative_to(own / ".venv")


def test_the_map_names_every_room() -> None:
    rooms = sorted(p.name for p in (ROOT / "analysis").iterdir() if (p / "__init__.py").is_file())
    assert rooms == ["compare", "gather", "measure", "report"]
    assert all(f"`analysis/{room}`" in README for room in rooms)


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
