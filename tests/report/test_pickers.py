"""Pickers: live where somebody has the notebook open, else the plain answer, the same each time."""

import nbformat
import pytest
from conftest import invented_notebook
from nbclient import NotebookClient

from analysis.compare import corpus
from analysis.errors import AnalysisError
from analysis.report.pickers import pick


def words(measures):
    return int(measures.terms["count"].sum())


def test_answers_for_each_choice(measures):
    picker = pick(words, measures)
    assert list(picker.choices) == ["outlet", "stage", "voice"]
    assert picker.answer() == picker.answer(outlet="all") == words(measures)
    only = measures.select(outlet="Radio Skerry", voice="quoted")
    assert picker.answer(outlet="Radio Skerry", voice="quoted", stage="all") == words(only)


def test_offers_what_the_corpus_has(measures):
    picker = pick(words, measures, ["collection", "mood", "country", "zone"])
    assert list(picker.choices) == ["zone"]  # one collection, no mood, no known country


def test_choosing_asks_anew(measures):
    asked = []
    picker = pick(lambda m: asked.append(words(m)), measures, live=True)
    outlets, _, voices = picker.widget().children[0].children
    assert outlets.options == ("all", "Radio Skerry", "The Lantern", "Velmar Post")
    outlets.value = "The Lantern"
    voices.value = "quoted"
    assert asked == [
        words(measures),
        words(measures.select(outlet="The Lantern")),
        words(measures.select(outlet="The Lantern", voice="quoted")),
    ]


def test_refusal_is_shown_not_raised(measures, capsys):
    def ask(m):
        if len(m.articles) < 12:
            raise AnalysisError("Only <one> group.", "Choose all.")

    outlets = pick(ask, measures, live=True).widget().children[0].children[0]
    outlets.value = "The Lantern"
    assert "Only &lt;one&gt; group." in capsys.readouterr().out


@pytest.mark.parametrize("session, export, live", [("", "", 0), ("a", "1", 0), ("a", "", 1)])
def test_live_only_where_a_notebook_is_open(measures, monkeypatch, session, export, live):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.delenv("ANALYSIS_EXPORT", raising=False)
    if session:
        monkeypatch.setenv("JPY_SESSION_NAME", session)
    if export:
        monkeypatch.setenv("ANALYSIS_EXPORT", export)
    assert pick(corpus.overview, measures).live == bool(live)


def test_a_notebook_run_holds_the_plain_answer(hostile_corpus, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    made = invented_notebook(
        "import analysis\n"
        "from analysis.compare import corpus\n"
        "from analysis.report import show\n"
        "from analysis.report.pickers import pick\n"
        f"measures = analysis.open_measures({str(hostile_corpus)!r})\n"
        "pick(lambda m: show(corpus.overview(m), 'Size'), measures)",
        "show(corpus.overview(measures), 'Size')",
    )
    nbformat.validate(made)
    NotebookClient(made, timeout=60).execute()
    picked, plain = (cell.outputs for cell in made.cells[2:])
    assert [dict(o.data) for o in picked] == [dict(o.data) for o in plain]
