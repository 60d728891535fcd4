"""Every refusal has its words in the data, and every word of them is said somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.data import DATA, read_list
from analysis.errors import command_line
from analysis.gather.problems import BadArticle, refused

SOURCES = Path(__file__).resolve().parents[2] / "analysis" / "gather"
LISTED = read_list(DATA / "refusals.toml")


def test_refusals_are_those_of_the_code() -> None:
    code = "".join(p.read_text("utf-8") for p in sorted(SOURCES.rglob("*.py")))
    named = set(re.findall(r'refused\(\s*[^()"]*?(?:\([^()]*\)[^()"]*?)?"([a-z0-9-]+)"', code))
    named |= set(re.findall(r'"(missing-[a-z]+)"', code))
    named |= set(re.findall(r'"refused": "([a-z-]+)"', code))  # by the process that reads apart
    named.discard("refused")
    assert named == set(LISTED)


@pytest.mark.parametrize("which", sorted(LISTED))
def test_a_refusal_names_its_file_and_what_would_work(which: str) -> None:
    parts = LISTED[which]
    said = {
        n: 7 if f else "x" for n, f in re.findall(r"\{(\w+)[!r]*(:[^.}]*[,X])?", "".join(parts))
    }
    said.pop("how", None)
    said.pop("file", None)
    error = refused("a.csv", which, 3, "text", **said)
    assert isinstance(error, BadArticle)
    assert str(error).startswith("a.csv, row 3, field 'text': ")
    assert error.remedy and "{" not in error.found
    with command_line():
        in_command = refused("a.csv", which, **said)
    assert (in_command.remedy != error.remedy) == (len(parts) == 4)
