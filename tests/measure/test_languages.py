"""Languages are told, kept and acted on; articles about something else are set aside."""

import pandas as pd
import pytest

import analysis
from analysis.measure.languages import compared, languages_of
from analysis.measure.reference import read_reference

ENGLISH = (
    "The harbour of Velmar was closed on Monday, the mayor said, and nobody may go there. " * 3
)
GERMAN = (
    "Der Hafen von Velmar wurde am Montag geschlossen, sagte die Bürgermeisterin, und niemand darf "
    "dorthin gehen, denn der alte Pier sei zu gefährlich für die Kinder der Stadt. "
)
BOSNIAN = (
    "Luka u Velmaru zatvorena je u ponedjeljak, rekla je gradonačelnica, i niko ne smije tamo ići "
    "jer je stari mol previše opasan za djecu iz grada koja se na njemu igraju. "
)


def table(*rows: tuple[str, str], **columns: list[str]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["outlet", "text"])
    made.insert(0, "id", [f"a{i:02}" for i in range(len(rows))])
    return made.assign(**{"language": "", **columns})


def test_told_from_the_text_then_the_outlet_then_the_corpus() -> None:
    rows = [("Post", ENGLISH), ("Post", ENGLISH), ("Bote", GERMAN)]
    rows += [("Bote", "Kurz."), ("Neu", "X.")]
    assert languages_of(table(*rows)).tolist() == ["en", "en", "de", "de", "en"]
    assert languages_of(table(*rows), "fr").unique().tolist() == ["fr"]
    given = table(*rows, language=["", "DE-at", "", "", ""])  # then German is the commonest
    assert languages_of(given).tolist() == ["en", "de", "de", "de", "de"]
    assert languages_of(table(("Neu", "X."))).tolist() == [""]


def test_what_needs_rules_is_not_measured_where_there_are_none_and_said_once() -> None:
    rows = [("Post", ENGLISH), ("Bote", GERMAN + "„Er ist illegal“, said Ida Brandt. Illegal war.")]
    measures = analysis.measure_articles(table(*rows))
    assert set(measures.statements["article"]) == {"a00"}
    assert "a01" not in set(measures.indicators["article"])
    voices = measures.terms[measures.terms["article"] == "a01"]["voice"]
    assert set(voices) == {"narrator", "quoted"}
    assert measures.articles["language"].tolist() == ["en", "de"]
    (note,) = measures.notes
    assert note.startswith("1 of 2 articles is in a language without rules here (de 1): of these,")


def test_a_rare_language_is_doubtful_and_stays() -> None:
    measures = analysis.measure_articles(table(*[("Post", ENGLISH)] * 60, ("Bote", GERMAN)))
    assert "Doubtful language (de), since few articles have it: a60." in measures.notes
    assert len(measures.articles) == 61


@pytest.mark.parametrize(("text", "languages"), [(GERMAN, {"de"}), (BOSNIAN, {"bs", "hr", "sr"})])
def test_without_a_list_of_its_language_the_corpus_is_its_own_reference(
    text: str, languages: set[str]
) -> None:
    measures = analysis.measure_articles(table(("Bote", text), ("Post", text + text)))
    assert set(measures.articles["language"]) <= languages
    assert "this corpus itself" in measures.reference.note
    assert measures.reference.n_articles == 2
    assert measures.reference.n_tokens == measures.terms["count"].sum()
    one = measures.select(outlet="Bote")
    assert one.reference.n_articles == 2  # what is selected does not change it
    english = analysis.measure_articles(table(("Post", ENGLISH)))
    assert english.reference.about == read_reference().about


def test_articles_about_something_else_are_set_aside_listed_and_taken_in_again() -> None:
    rows = [("Post", ENGLISH), ("Post", "A match was played. " * 9), ("Bote", "The harbour. " * 2)]
    measures = analysis.measure_articles(table(*rows), topic=["harbour*", "pier"], topic_least=3)
    aside = measures.off_topic
    assert aside[["id", "topic_uses"]].values.tolist() == [["a02", 2], ["a01", 0]]
    kept = measures.on_topic()
    assert kept.articles["id"].tolist() == ["a00"] and set(kept.terms["article"]) == {"a00"}
    assert kept.notes == ("Set aside: 2 of 3 articles with fewer than 3 uses of harbour*, pier.",)
    assert len(measures.articles) == 3  # nothing else filters
    all_of_them = analysis.measure_articles(table(*rows))
    assert all_of_them.on_topic() is all_of_them


def test_other_names_of_an_outlet_and_what_is_said_of_it() -> None:
    rows = [("Post (Velmar)", ENGLISH), ("Post", ENGLISH)]
    said = {"aliases": ["Post (Velmar)"], "country": "Velmar", "ownership": "private"}
    measures = analysis.measure_articles(table(*rows), outlets={"Post": {**said, "source": "us"}})
    assert set(measures.articles["outlet"]) == {"Post"}
    assert measures.outlets.values.tolist() == [["Post", "Velmar", "private", "us"]]


def test_articles_are_compared_within_one_language_and_its_like() -> None:
    def said(*codes: str) -> list[str]:
        return compared(pd.DataFrame({"language": codes}, dtype="str"))

    assert said("en", "en", "hr") == ["en"]
    assert said("hr", "bs", "hr", "en", "en") == ["bs", "hr"]
    assert said("", "", "") == [""] and said("", "en", "en", "de") == ["", "en"]
    assert said(*["en"] * 99, "fr") == ["en", "fr"], "one in a hundred may be a mistake"
