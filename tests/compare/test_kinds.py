import dataclasses

from analysis.compare.ground.inference import DESCRIBED
from analysis.compare.kinds import honorifics, house_words, kinds_of, topic_terms
from analysis.compare.vocabulary import keyness
from analysis.measure.measures import Measures


def test_names_of_one_word_everywhere_of_several_where_compared() -> None:
    outlets = ["Skerry", "The Lantern Times"]
    assert house_words(outlets) == honorifics() | {"skerry"}
    assert house_words(outlets, ["The Lantern Times"]) == (
        honorifics() | {"skerry", "the", "lantern", "times"}
    )


def test_keyness_sets_house_style_aside_and_says_so(measures: Measures) -> None:
    listed = {"plan": DESCRIBED}
    without = keyness(measures, target="Velmar Post", reference="Radio Skerry", **listed)
    with_them = keyness(
        measures, target="Velmar Post", reference="Radio Skerry", house_style=True, **listed
    )
    assert "velmar" in set(with_them["term"]) - set(without["term"])
    house = {"velmar", "post", "radio", "skerry"}
    listed = {term for term in with_them["term"] if house.isdisjoint(term.split())}
    assert set(without["term"]) == listed and any(" " in term for term in listed)
    note = "Set aside as house style (courtesy titles, outlets' own names): Velmar."
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
