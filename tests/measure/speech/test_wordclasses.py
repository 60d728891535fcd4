"""Word classes and the expressions over them."""

from analysis.data import word_list
from analysis.measure.speech.wordclasses import (
    Clauses,
    attribution_verbs,
    class_names,
    listed,
    mask,
    outline,
    pattern,
    word_classes,
)


def _sentence(text: str) -> Clauses:
    masked = mask(text, [])
    return Clauses(text, masked, 0, len(text), outline(masked), frozenset())


def test_every_verb_form_is_listed_once_in_small_letters() -> None:
    forms = attribution_verbs()
    assert all(form == form.lower() and verb.takes for form, verb in forms.items())
    assert {"said", "says", "tweeted", "rejects"} <= set(forms)


def test_patterns_are_written_with_the_names_of_classes() -> None:
    assert pattern("NAME+ (, DET [ADV WORD]* )? SAID").pattern == "N+(,D[al]*)?V"


def test_every_class_has_a_name() -> None:
    letters = set("".join(word_classes().values()))
    assert all(name.isupper() for name in class_names("".join(sorted(letters))))


def test_every_named_group_of_a_pattern_is_a_list() -> None:
    ends = set(word_list("clause_words")["endings"])
    kinds = {k for p in word_list("clauses")["patterns"].values() for k in pattern(p).groupindex}
    named = {kind.removeprefix("not_") for kind in kinds}
    assert {"agent", "past", "narrator"} - named == {"narrator"}
    assert all(listed(kind) for kind in named - ends)


def test_what_a_named_group_ends_with_has_to_be_of_its_list() -> None:
    sentence = _sentence("It was said in Oru by Ida Renn")
    assert sentence.search("agent", 3) is not None
    assert sentence.match("agent", 3) is None  # "in"
    by = sentence.match("agent", 5)
    assert by is not None and by.end() == 6


def test_words_are_looked_up_in_small_letters() -> None:
    sentence = _sentence("Nobody said it")
    assert sentence.is_a("no_one", 0) and not sentence.is_a("not_no_one", 0)
    assert not sentence.is_a("no_one", -1) and not sentence.is_a("not_no_one", 3)
    assert sentence.has("no_one") and not sentence.has("no_one", 1)
    assert (sentence.letter(-1), sentence.letter(1), sentence.letter(3)) == ("", "V", "")
