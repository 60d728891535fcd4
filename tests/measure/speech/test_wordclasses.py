"""Word classes and the expressions over them."""

from analysis.measure.speech.wordclasses import (
    attribution_verbs,
    class_names,
    pattern,
    word_classes,
)


def test_every_verb_form_is_listed_once_in_small_letters() -> None:
    forms = attribution_verbs()
    assert all(form == form.lower() and verb.takes for form, verb in forms.items())
    assert {"said", "says", "tweeted", "rejects"} <= set(forms)


def test_patterns_are_written_with_the_names_of_classes() -> None:
    assert pattern("NAME+ (, DET [ADV WORD]* )? SAID").pattern == "N+(,D[al]*)?V"


def test_every_class_has_a_name() -> None:
    letters = set("".join(word_classes().values()))
    assert all(name.isupper() for name in class_names("".join(sorted(letters))))
