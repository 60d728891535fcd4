"""From what a reader names to a measured corpus: found, measured once, chosen."""

import json
from pathlib import Path

import pandas as pd
import pytest
from conftest import invented_articles

import analysis
from analysis import job
from analysis.data import DATA
from analysis.errors import AnalysisError
from analysis.gather.drafts import Options
from analysis.job import Choice, corpus_for
from analysis.measure.evidence import texts_beside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "velmar"
    place.mkdir()
    invented_articles().to_csv(place / "articles.csv", index=False)
    return place


def quiet(*what: object, **options: object) -> Path:
    return corpus_for([str(w) for w in what], progress=False, say=lambda line: None, **options)


def test_nothing_is_the_bundled_corpus_and_a_name_is_itself(folder: Path, tmp_path: Path) -> None:
    assert quiet() == quiet(job.BUNDLED) == DATA / job.BUNDLED
    measured = analysis.write_measures(
        analysis.measure_articles(invented_articles()), tmp_path / "m"
    )
    assert quiet(measured) == measured
    with pytest.raises(AnalysisError, match="measured already, with its own description"):
        quiet(measured, about=folder / "corpus.toml")


def test_articles_are_measured_with_their_texts_at_hand(folder: Path) -> None:
    said: list[str] = []
    corpus = corpus_for([folder], progress=False, say=said.append)
    measures = analysis.open_measures(corpus)
    assert len(measures.articles) == 12
    assert measures.package["title"] == "velmar"
    texts = texts_beside(corpus)
    assert texts is not None and len(texts) == 12
    assert said == measures.package["gathered"]
    assert any("1 of 12 articles have no date" in line for line in said)


def test_what_was_measured_is_not_measured_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = quiet(folder)
    monkeypatch.setattr(job, "measure_articles", lambda *a, **k: pytest.fail("measured again"))
    assert quiet(folder) == first
    (folder / "corpus.toml").write_text('title = "The pier of Velmar"\n')
    with pytest.raises(pytest.fail.Exception, match="measured again"):
        quiet(folder)


def test_the_description_beside_the_articles_is_read(folder: Path) -> None:
    (folder / "corpus.toml").write_text('title = "The pier"\nby = "stage"\npublish = ["stage"]\n')
    measures = analysis.open_measures(quiet(folder))
    assert (measures.package["title"], measures.description.by) == ("The pier", "stage")


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    table = invented_articles().rename(columns={"text": "words of it", "outlet": "paper"})
    table.to_csv(tmp_path / "t.csv", index=False)
    reading = Options(columns={"text": "words of it", "outlet": "paper"})
    measures = analysis.open_measures(quiet(tmp_path / "t.csv", reading=reading))
    assert measures.articles["outlet"].nunique() == 3


def test_some_articles_are_chosen(folder: Path) -> None:
    choice = Choice(only={"outlet": ["Radio Skerry", "The Lantern"]}, between=("2031-05-02", ""))
    corpus = quiet(folder, choice=choice)
    measures = analysis.open_measures(corpus)
    assert set(measures.articles["outlet"]) == {"Radio Skerry", "The Lantern"}
    assert measures.articles["date"].min() >= "2031-05-02"
    package = json.loads((corpus / "datapackage.json").read_text("utf-8"))
    assert any("Radio Skerry" in note for note in package["selected"])
    assert texts_beside(corpus) is not None
    with pytest.raises(AnalysisError, match="Unknown outlet 'Radio Skery'"):
        quiet(folder, choice=Choice(only={"outlet": ["Radio Skery"]}))


def test_a_broken_file_is_refused_and_a_broken_row_is_named(folder: Path, tmp_path: Path) -> None:
    table = invented_articles()
    table.loc[3, "text"] = ""
    table.to_csv(folder / "articles.csv", index=False)
    said: list[str] = []
    corpus = corpus_for([folder], progress=False, say=said.append)
    assert len(analysis.open_measures(corpus).articles) == 11
    assert any("articles.csv" in line and line.startswith("Skipped") for line in said)
    (folder / "broken.jsonl").write_text('{"outlet": "Velmar Post", "text": \n')
    with pytest.raises(AnalysisError, match=r"broken\.jsonl"):
        quiet(folder)
    assert len(analysis.open_measures(quiet(folder, reading=Options(skip_bad=True))).articles) == 11


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    table = invented_articles()
    for name, part in (("a", table.head(5)), ("b", table.tail(7))):
        part.to_csv(tmp_path / f"{name}.csv", index=False)
    one = quiet(tmp_path / "a.csv", tmp_path / "b.csv")
    other = quiet(tmp_path / "b.csv", tmp_path / "a.csv")
    frames = [pd.read_parquet(c / "terms.parquet") for c in (one, other)]
    pd.testing.assert_frame_equal(*frames)
