import dataclasses

from conftest import corpus

from analysis.compare.ground.inference import DESCRIBED
from analysis.compare.kinds import honorifics, house_words, kinds_of, topic_terms
from analysis.compare.vocabulary import keyness
from analysis.measure.measures import Measures


def test_names_of_one_word_are_set_aside_everywhere() -> None:
    assert house_words(["Skerry", "The Lantern Times"]) == honorifics() | {"skerry"}


def test_keyness_sets_house_style_aside_and_says_so() -> None:
    """The outlets' names, but neither the town that all write of nor the valley below it."""
    here = "The Herald asked in Orle, and the valley was dry. The Herald will ask again."
    there = "The valley above Orle was wet, said Mr Holm of the Gazette."
    names = {"Orle Valley Herald": here, "Dune Gazette": there}
    measures = corpus([(outlet, text) for outlet, text in names.items() for _ in range(3)])
    both = {"target": "Orle Valley Herald", "reference": "Dune Gazette", "plan": DESCRIBED}
    without, with_them = keyness(measures, **both), keyness(measures, house_style=True, **both)
    gone = set(with_them["term"]) - set(without["term"])
    assert {"herald", "gazette", "mr"} == {term for term in gone if " " not in term}
    assert all({"herald", "gazette", "mr"} & set(term.split()) for term in gone)
    assert {"orle", "valley", "the"} <= set(without["term"])
    note = "Set aside as house style (courtesy titles, outlets' own names): Gazette, Herald, Mr."
    assert note in without.attrs["notes"]
    assert not any("house style" in note for note in with_them.attrs["notes"])
    assert without["tokens_target"].iloc[0] == with_them["tokens_target"].iloc[0]


def test_a_named_term_is_never_set_aside(measures: Measures) -> None:
    table = keyness(
        measures, target="Velmar Post", reference="Radio Skerry", terms=["velmar"], plan=DESCRIBED
    )
    assert list(table["term"]) == ["velmar"]


def test_kinds_of_words(measures: Measures) -> None:
    terms = ["the", "mr", "don't", "colour", "monday", "velmar", "said", "herring", "four"]
    style = "house style"
    expected = ["function word", style, style, style, style, "name", style, "", ""]
    assert list(kinds_of(measures, terms)) == expected


def test_terms_of_the_topic_are_those_of_the_description(measures: Measures) -> None:
    package = {**measures.package, "about": {"topic": ["Pier*", "Velmar"]}}
    about = dataclasses.replace(measures, package=package)
    assert about.description.topic == ("Pier*", "Velmar")
    assert list(topic_terms(about, ["pier", "piers", "velmar", "vel"])) == [True, True, True, False]
    assert list(kinds_of(about, ["piers"])) == ["topic"]
    assert not topic_terms(measures, ["pier"]).any()
