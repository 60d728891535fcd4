"""All batches together: what may be measured, and what of it may be published."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.cache import VARIABLE
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.measure import corpus
from analysis.measure.corpus import _children
from analysis.measure.schema import SCHEMA

ROW = {"id": "a", "outlet": "Post", "text": "The pier of Velmar is closed until the end of May."}


def articles(**columns: object) -> pd.DataFrame:
    return pd.DataFrame([ROW | columns])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([ROW], "Articles were given as list. Give a table as analysis.read_articles"),
        (pd.DataFrame({"id": [], "outlet": [], "text": []}), "No articles to measure"),
        (articles().drop(columns="text"), "Unknown column of articles 'text'. Available: id, out"),
        (articles(text=None), "Row 0, text: 'None', which is no text"),
        (articles(outlet=3), "Row 0, outlet: '3', which is no text"),
        (pd.concat([articles(), articles()], ignore_index=True), "The id 'a' stands twice"),
    ],
)
def test_what_is_no_table_of_articles(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        analysis.measure_articles(table)
    assert str(refused.value).startswith(message)


def test_only_tags_that_are_named_leave_the_articles() -> None:
    table = articles(stage="vote", body="The whole text once more.", summary="x")
    measured = analysis.measure_articles(table, publish=["stage"])
    assert {"body", "summary", "text"}.isdisjoint(measured.articles.columns)
    assert measured.articles["stage"].tolist() == ["vote"]
    with pytest.raises(AnalysisError, match=r"column under publish in the descr.*: 'phase'"):
        analysis.measure_articles(table, publish=["phase"])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"stage": "x" * 61}, "Article a, stage: 61 characters"),
        ({"stage": "one two three four five six seven eight nine"}, "stage: 44 characters, 9 w"),
        ({"stage": "Velmar is closed until the end"}, "stage: 'Velmar is closed.* five words in a"),
        ({"section": ROW["text"]}, "section: .* has five words in a row of the text"),
        ({"title": "word " * 61}, "title: 305 characters, 61 words"),
        ({"agency": "a " * 21}, "agency: 42 characters, 21 words"),
    ],
)
def test_values_that_would_carry_text_are_refused(columns: dict[str, str], message: str) -> None:
    tags = [name for name in columns if name == "stage"]
    with pytest.raises(AnalysisError, match=message):
        analysis.measure_articles(articles(**columns), publish=tags)


def test_an_outlet_whose_long_name_its_text_holds_is_no_text() -> None:
    name = "The Harbour Committee for Freedom of the Press"
    table = articles(outlet=name, text=f"{name} asked on Monday why the bridge is closed.")
    assert analysis.measure_articles(table).articles["outlet"].tolist() == [name]
    for column in ("section", "stage"):  # capitals make nothing else a name
        tagged = table.assign(outlet="The Lantern", **{column: name})
        with pytest.raises(AnalysisError, match=f"{column}: .* has five words in a row"):
            analysis.measure_articles(tagged, publish=["stage"] if column == "stage" else [])


def test_a_tag_that_is_different_everywhere_is_refused() -> None:
    table = pd.concat([articles(id=f"a{i}", stage=f"s{i}") for i in range(5)], ignore_index=True)
    with pytest.raises(AnalysisError, match="'stage' has another value in every article"):
        analysis.measure_articles(table, publish=["stage"])
    assert len(analysis.measure_articles(table.head(4), publish=["stage"]).articles) == 4


@pytest.mark.skipif(os.name == "nt" or not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_run(tmp_path: Path, how: signal.Signals) -> None:
    table = pd.concat([articles(id=f"a{i}") for i in range(900)], ignore_index=True)
    table["text"] = table["text"] * 25
    table.to_json(tmp_path / "in.jsonl", orient="records", lines=True)
    line = [sys.executable, "-m", "analysis", "measure", "in.jsonl", "--out", "m"]
    kept = str(tmp_path.with_name(f"{tmp_path.name}-cache"))
    environment = {**os.environ, "PYTHONPATH": str(DATA.parent), VARIABLE: kept}
    run = subprocess.Popen(line, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    workers: list[int] = []
    until = time.monotonic() + 60
    while len(workers) < 2 and run.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
    assert len(workers) >= min(2, os.cpu_count() or 1) or run.poll() is not None
    run.send_signal(how)
    run.wait(60)
    until = time.monotonic() + 20
    while any(_is_running(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(_is_running(pid) for pid in workers)
    assert sorted(p.name for p in tmp_path.iterdir()) in (["in.jsonl"], ["in.jsonl", "m"])


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core, so no process besides this")
def test_a_worker_that_is_killed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    table = pd.concat([articles(id=f"a{i}") for i in range(900)], ignore_index=True)
    table["text"] = table["text"] * 25

    def kill_the_first() -> None:
        until = time.monotonic() + 60
        while not (found := [*_children()]) and time.monotonic() < until:
            time.sleep(0.01)
        found[0].kill()

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    with pytest.raises(AnalysisError, match="A process that measured was stopped from outside"):
        analysis.measure_articles(table)
    killer.join(60)
    assert not [p for p in (tmp_path / "cache").iterdir() if p.name.startswith(".making-")]


class OneByOne(Executor):
    """Measures batch after batch, at most so many; the sizes of those it measured."""

    def __init__(self, most: int = 1_000) -> None:
        self.most, self.sizes = most, list[int]()

    def map(self, function, *batches, **_):  # type: ignore[no-untyped-def]
        for batch in batches[0]:
            if len(self.sizes) == self.most:
                raise KeyboardInterrupt
            self.sizes.append(len(batch))
            yield function(batch)


def test_a_run_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.concat([articles(id=f"a{i:03d}") for i in range(300)], ignore_index=True)
    table["text"] += [f" Berth {i} stays open, said Ida Brandt." for i in range(300)]
    table, added = table.drop(index=77), table.loc[[77]]
    whole = analysis.measure_articles(table)
    monkeypatch.setattr(corpus, "_FEW_CHARACTERS", 0)
    monkeypatch.setattr(corpus, "_ARTICLES", 20)
    stopped, on, again, more, other = (OneByOne(3 if i == 0 else 1_000) for i in range(5))
    with pytest.raises(KeyboardInterrupt):
        analysis.measure_articles(table, executor=stopped)
    resumed = analysis.measure_articles(table, executor=on)
    kept = analysis.measure_articles(table, executor=again)
    assert sum(stopped.sizes) + sum(on.sizes) == 299 and len(on.sizes) > 5 and not again.sizes
    for name in SCHEMA:
        pd.testing.assert_frame_equal(getattr(resumed, name), getattr(whole, name))
        pd.testing.assert_frame_equal(getattr(kept, name), getattr(whole, name))
    analysis.measure_articles(pd.concat([table, added]), executor=more)
    assert len(more.sizes) <= 2 and sum(more.sizes) < 150  # an id may begin a batch of its own
    analysis.measure_articles(table, executor=other, topic=["pier"])
    assert sum(other.sizes) == 299  # other rules, other counts


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_script_that_measures_is_not_run_again_by_each_process(tmp_path):
    script = tmp_path / "ours.py"
    script.write_text(
        "import pandas as pd\n"
        "import analysis\n"
        "from analysis.measure import corpus\n"
        "corpus._FEW_CHARACTERS, corpus._ARTICLES, corpus.os.cpu_count = 1, 4, lambda: 2\n"
        "rows = [{'id': str(i), 'outlet': 'Oru', 'text': f'Shut {i}.'} for i in range(20)]\n"
        "print(len(analysis.measure_articles(pd.DataFrame(rows)).articles), 'measured')\n",
        encoding="utf-8",
    )
    own = os.environ | {"COMPARE_COVERAGE_CACHE": str(tmp_path / "cache")}
    ran = subprocess.run([sys.executable, script], env=own, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "20 measured\n"), ran.stderr


def test_where_processes_cannot_share_locks_one_measures(monkeypatch, tmp_path):
    monkeypatch.setenv("COMPARE_COVERAGE_CACHE", str(tmp_path))
    monkeypatch.setattr(corpus, "_FEW_CHARACTERS", 1)
    monkeypatch.setattr(corpus, "_ARTICLES", 4)
    monkeypatch.setattr(corpus.os, "cpu_count", lambda: 2)

    def refused(self):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(multiprocessing.context.SpawnContext, "Lock", refused)
    monkeypatch.setattr(corpus, "ProcessPoolExecutor", None)
    rows = [{"id": str(i), "outlet": "Oru", "text": f"The quay is shut {i}."} for i in range(20)]
    assert len(corpus.measure_articles(pd.DataFrame(rows)).articles) == 20
