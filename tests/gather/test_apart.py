"""A process that reads workbooks and PDFs within bounds of memory and time."""

import pytest

from analysis.gather import apart


def test_what_a_library_refuses_is_told_in_its_words():
    for what in ("workbook", "PDF"):
        kind, words = apart.read(what, b"no such file", 1_000)["error"]
        assert kind.endswith("Error") and words


def test_nothing_comes_of_a_process_that_takes_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "WAITED", 0.0001)
    assert apart.read("PDF", b"%PDF-1.4", 1_000) == {}


def test_a_larger_file_has_more_time(monkeypatch: pytest.MonkeyPatch):
    asked: list[float] = []

    def run(script: list[str], **given: float) -> None:
        asked.append(given["timeout"])
        raise apart.subprocess.TimeoutExpired(script, given["timeout"])

    monkeypatch.setattr(apart.subprocess, "run", run)
    for size in (0, 3 * apart.STEP):
        assert apart.read("PDF", bytes(size)) == {}
    assert asked[1] == 4 * asked[0]
