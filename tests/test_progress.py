"""How far long work has come, shown once."""

import threading

import pytest

from analysis.progress import SHARES, Bar, job, say, step


def shown(capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str]]:
    said = capsys.readouterr()
    return said.out, [line for line in said.err.replace("\n", "\r").split("\r") if line.strip()]


def test_the_steps_of_a_job_are_one_bar_that_never_goes_back(capsys):
    with job():
        with step("reading", 2, "file") as done:
            done(1)
            done(1)
        say("2 files were read.")
        with step("writing pages", 4, "cell", shown=True) as done:  # what was measured was kept
            done(3)
    out, bars = shown(capsys)
    assert out == "2 files were read.\n"
    reached = [int(line.partition(" %")[0].rpartition(":")[2]) for line in bars if " %" in line]
    assert reached == sorted(reached) and reached[-1] == 100
    assert bars[-1].startswith("done: 100 %")


def test_a_step_alone_has_a_bar_of_its_own_where_it_is_asked_for(capsys):
    with step("measuring", 3, "article", shown=True) as done:
        done(3)
    assert "measuring: 100%" in shown(capsys)[1][-1]
    with step("measuring", 3, "article") as done:
        done(3)
    assert shown(capsys)[1] == []


def test_a_bar_waits_for_no_other_process():
    assert isinstance(Bar.get_lock(), type(threading.RLock()))


def test_a_job_that_fails_is_not_shown_as_done(capsys):
    with pytest.raises(ValueError, match="no"), job(), step("reading", 1, "file"):
        raise ValueError("no")
    assert not any("100" in line for line in shown(capsys)[1])
    with step("measuring", 1, "article"):
        pass
    assert shown(capsys)[1] == [] and sum(SHARES.values()) == 100
