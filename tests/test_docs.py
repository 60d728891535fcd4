"""What the documents tell a reader to type works, and every command is told of."""

import ast
import re
import shlex
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from analysis import __main__ as command_line
from analysis.data import DATA

ROOT = DATA.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = get_command(command_line.app).commands  # type: ignore[attr-defined]


def lines(path: Path) -> list[list[str]]:
    """The arguments of every call of the command line in a document's blocks."""
    text = re.sub(r"\\\n\s*", " ", path.read_text("utf-8"))
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.M | re.S)
    found = [line for block in blocks for line in block.splitlines() if "compare-coverage" in line]
    return [shlex.split(line.partition("compare-coverage")[2], comments=True) for line in found]


ALL = [(path.name, words) for path in DOCS for words in lines(path)]


@pytest.mark.parametrize(
    ("document", "words"), ALL, ids=[f"{d}-{i}" for i, (d, _) in enumerate(ALL)]
)
def test_commands_and_options_exist(document: str, words: list[str]) -> None:
    command = COMMANDS[words[0]]
    if hasattr(command, "commands"):
        command = command.commands[words[1]]
    known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
    assert {w.partition("=")[0] for w in words[1:] if w.startswith("--")} <= known


def test_every_command_is_told_of() -> None:
    text = " ".join(path.read_text("utf-8") for path in DOCS)
    assert {name for name in COMMANDS if not re.search(rf"`?\b{name}\b`?", text)} == set()


@pytest.mark.slow
def test_the_guide_from_its_first_line_to_its_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(DATA, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    guide = ROOT / "docs" / "guide.md"
    for words in lines(guide):
        monkeypatch.setattr(sys, "argv", ["compare-coverage", *words])
        with pytest.raises(SystemExit) as left:
            command_line.main()
        assert not left.value.code, words
    names: dict[str, object] = {}
    for code in re.findall(r"^```python\n(.*?)^```", guide.read_text("utf-8"), flags=re.M | re.S):
        exec(code, names)
    assert (tmp_path / "pier" / "index.html").is_file()
    assert (tmp_path / "pier-words.csv").read_text("utf-8").startswith("term,")
    assert (tmp_path / "pier-lengths.svg").is_file()


def test_links_lead_to_files() -> None:
    for path in DOCS:
        for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text("utf-8")):
            if "://" not in link:
                assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_every_module_has_a_test_file_of_its_own() -> None:
    rooms, spanning = ROOT / "analysis", {"__main__": "cli"}
    missing = []
    for path in rooms.rglob("*.py"):
        defines = any(hasattr(node, "body") for node in ast.parse(path.read_text("utf-8")).body)
        name = f"test_{spanning.get(path.stem, path.stem)}.py"
        own = ROOT / "tests" / path.relative_to(rooms).with_name(name)
        if path.stem != "__init__" and defines and not own.is_file():
            missing.append(own.relative_to(ROOT).as_posix())
    assert sorted(missing) == []
