"""Findings: said only where the numbers allow, with the tables' figures, true of any corpus."""

import pandas as pd
import pytest
from planted import outlet, studied

from analysis.compare import robustness
from analysis.compare.sourcing import most_heard
from analysis.data import NOTEBOOKS
from analysis.report import findings, holds, tables
from analysis.report.study import study_of


def test_planted_word_is_named_with_the_table_s_figures(planted):
    found = findings.words(planted)
    row = planted.words[planted.words["term"] == "pier"].iloc[0]
    assert "Skerry uses “pier”" in found.headline.plain() and found.sure == "tested"
    rates = row[["per_1000_target", "per_1000_reference"]]
    assert f"{rates.max() / rates.min():.1f} times" in found.headline.plain()
    high, low = sorted([row["per_1000_target"], row["per_1000_reference"]], reverse=True)
    assert f"{high:.2f} against {low:.2f}" in found.line.plain()
    assert found.link == "02-vocabulary.html#found-words"
    assert str(found) in map(str, findings.findings(planted))


def test_the_page_of_words_pictures_the_headline_s_comparison_first(planted):
    row = findings.words(planted).headline.values["r"]
    shown = findings.pictured(planted)
    assert next(iter(shown.values())) == (row["target"], row["reference"], "pier")
    assert len(shown) == len(set(shown.values()))


def test_without_a_headline_word_what_is_pictured_marks_none(tmp_path):
    given = studied(outlet("Skerry", 9, 0.06, 1), outlet("Post", 30, 0.01, 2), folder=tmp_path)
    assert {term for _, _, term in findings.pictured(given).values()} == {""}


def test_few_articles_are_not_tested(tmp_path):
    given = studied(outlet("Skerry", 9, 0.06, 1), outlet("Post", 30, 0.01, 2), folder=tmp_path)
    found = findings.words(given)
    assert found.headline.plain() == "Too few articles to test single words of any outlet"
    assert found.sure == "described" and str(found) not in map(str, findings.findings(given))


def test_nothing_is_found_where_nothing_differs(tmp_path):
    given = studied(outlet("Skerry", 15, 0.01, 3), outlet("Post", 15, 0.01, 4), folder=tmp_path)
    assert findings.words(given).headline.plain() == "No outlet’s words differ beyond chance"


def test_a_topic_s_own_word_is_no_finding(tmp_path):
    sides = outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2)
    given = studied(*sides, folder=tmp_path, topic=["pier"], topic_least=1)
    found = findings.words(given)
    assert "beyond chance, topic" in found.headline.plain() and "pier" in found.line.plain()


def test_what_was_gathered_otherwise_is_confounded_and_comes_last(tmp_path):
    first, second = outlet("Skerry", 15, 0.06, 1), outlet("Post", 15, 0.01, 2)
    for rows, name in ((first, "searched for the pier"), (second, "everything")):
        for row in rows:
            row["collection"] = name
    given = studied(first, second, folder=tmp_path)
    found = findings.findings(given)
    assert findings.words(given).sure == "confounded"
    assert [claim.sure for claim in found].index("confounded") == len(found) - 1
    (told,) = (rival for rival in findings.words(given).rivals if "held still" in rival)
    assert told.startswith("Whether it is found") and told.endswith("change places: collection.")


def test_what_fails_within_a_genre_and_what_cannot_be_asked_are_said_apart():
    held = dict.fromkeys(robustness.ASPECTS, "") | {
        "genre": robustness.FAILS,
        "week": robustness.UNKNOWN,
        "length": robustness.HOLDS,
    }
    said = " ".join(findings.held_still(pd.Series(held)))
    assert "not found again when this was held still: genre." in said
    assert "cannot be told, since too few articles can change places: week." in said
    assert "length" not in said


def test_at_most_one_of_a_kind_and_each_with_a_page(planted):
    found = findings.findings(planted)
    kinds = [claim.kind for claim in found]
    assert len(set(kinds)) == len(kinds) <= 6
    pages = {f"{path.stem}.html" for path in NOTEBOOKS.glob("*.ipynb")}
    assert all(claim.link.split("#")[0] in pages for claim in found)


@pytest.mark.parametrize("n", [1, 3])
def test_one_outlet_says_nothing_false(tmp_path, n):
    given = studied(outlet("Skerry", n, 0.02, 1), folder=tmp_path)
    assert given.pair == ("", "") and findings.starting_terms(given) == []
    assert findings.the_story(given) is None
    for rule in (findings.words, findings.alike, findings.voices, findings.themes, findings.names):
        assert rule(given).picture is None, rule.__name__
    assert "1 outlet" in findings.the_corpus(given).headline.plain()
    assert findings.the_corpus(given).headline.plain().startswith(f"{n} article")
    assert "No word passed" in holds.claim(given).headline.plain()
    for name in ("detectable", "choices", "calibration"):
        assert tables.shaped(name, given).empty


def test_a_word_that_the_others_never_use_is_no_ratio(tmp_path):
    rows = [outlet("Skerry", 15, 0.03, 1), outlet("Post", 15, 0.0, 2)]
    given = studied(*rows, folder=tmp_path)
    found = findings.words(given)
    assert found.headline.plain() == "Skerry uses “pier”, Post never"
    assert "0 of 15" in found.line.plain() and "times" not in found.headline.plain()
    assert tables.passing(given).set_index("word").loc["pier", "times"] != float("inf")


def test_what_one_outlet_never_uses_the_others_do(tmp_path):
    """The others are many, whoever they are."""
    rows = [outlet(name, 15, 0.03, k) for k, name in enumerate(("Lantern", "Post", "Wire"))]
    given = studied(*rows, outlet("Skerry", 15, 0.0, 9), folder=tmp_path)
    assert findings.words(given).headline.plain() == "The other outlets use “pier”, Skerry never"


CLOSES = "that the harbour would close for the whole winter"
OPENS = "that it would open again in spring"


def told(name: str, *said: str) -> list[dict[str, str]]:
    """An article of one event, which two others of these tell too."""
    text = " ".join([f"The harbour council of {VELMAR} met on Monday.", *said])
    row = dict.fromkeys(["url", "agency", "collection", "title"], "")
    return [row | {"id": name, "outlet": name, "date": "2031-05-01", "text": text}]


VELMAR = "Velmar voted to close the old herring pier near the eastern lighthouse"


def test_whom_one_statement_puts_first_does_not_lead_alone(tmp_path):
    brandt = f"Mayor Ida Brandt said {CLOSES}. Brandt said {CLOSES}. Brandt said {OPENS}."
    tied = f"Tomas Reuel said {CLOSES}. Ida Brandt said {CLOSES}, at last."
    given = studied(
        told("Post", brandt, f"Tomas Reuel said {OPENS}."), told("Skerry", tied), folder=tmp_path
    )
    heard = most_heard(given.measures)
    assert heard.groupby("group")["speaker"].agg(list).to_dict() == {
        "Post": ["Ida Brandt"],
        "Skerry": ["Ida Brandt", "Tomas Reuel"],
    }
    found = findings.voices(given)
    assert found.headline.plain() == "No two outlets are told apart by whom they let speak most"
    assert "Ida Brandt" in found.line.plain()


def test_one_article_does_not_say_whom_an_outlet_of_many_hears(tmp_path):
    def heard(articles: int) -> str:
        rows = []
        for name, speaker in (("Post", "Ida Brandt"), ("Skerry", "Tomas Reuel")):
            for i in range(5):
                own = " ".join(f"{name.lower()}{i}x{k}" for k in range(60))  # no editions of one
                said = f" {speaker} said {CLOSES}. {speaker} said {OPENS}." * (i < articles)
                rows += [row | {"id": f"{name} {i}"} for row in told(name, own + "." + said)]
        given = studied(rows, folder=tmp_path / str(articles))
        return findings.voices(given).headline.plain()

    assert heard(1) == "No two outlets are told apart by whom they let speak most"
    assert heard(2) == "Post lets Ida Brandt speak most, Skerry Tomas Reuel"


def test_outlets_are_told_apart_by_whom_they_hear_only_where_no_name_is_shared(tmp_path):
    brandt, reuel = (
        f"{who} said {CLOSES}. {who} said {OPENS}." for who in ("Ida Brandt", "Tomas Reuel")
    )
    near = f"Ida Brandt said {CLOSES}. Tomas Reuel said {CLOSES}."
    given = studied(
        told("Post", brandt), told("Skerry", reuel), told("Isle", near), folder=tmp_path
    )
    found = findings.the_story(given)
    assert found.headline.plain() == (
        "On the same story Post lets Ida Brandt speak most, Skerry Tomas Reuel"
    )
    assert "Isle Ida Brandt 50 % and Tomas Reuel 50 %" in found.line.plain()
    tied = studied(told("Post", brandt), told("Isle", near), folder=tmp_path / "tied")
    assert "no two outlets are told apart" in findings.the_story(tied).headline.plain()
    same = studied(told("Post", brandt), told("Isle", brandt), folder=tmp_path / "same")
    assert (
        findings.the_story(same).headline.plain()
        == "On the same story Isle and Post let Ida Brandt speak most"
    )


def test_one_person_under_two_names_tells_no_outlets_apart(tmp_path):
    led = (f"{who} said {CLOSES}. {who} said {OPENS}." for who in ("Ida Brandt", "Brandt"))
    given = studied(*map(told, ("Post", "Skerry"), led), folder=tmp_path)
    assert "no two outlets are told apart" in findings.the_story(given).headline.plain()


def test_the_outlets_of_a_headline_come_first_in_its_line(tmp_path):
    once = " ".join(f"{who} said {CLOSES}." for who in ("Jon Arp", "Una Holm", "Per Lind"))
    led = {
        name: f"{who} said {CLOSES}. {who} said {OPENS}. {who} said {CLOSES}, at last. {once}"
        for name, who in (("Post", "Ida Brandt"), ("Skerry", "Tomas Reuel"))
    }
    two = f"Eva Sund said {CLOSES}. Max Berg said {CLOSES}."
    isles = [told(f"Isle {i}", two) for i in range(5)]
    given = studied(*(told(*one) for one in led.items()), *isles, folder=tmp_path)
    found = findings.the_story(given)
    assert found.headline.plain().endswith("Post lets Ida Brandt speak most, Skerry Tomas Reuel")
    assert "Of the words of others: Post Ida Brandt" in found.line.plain()
    assert "; Skerry Tomas Reuel" in found.line.plain()


def test_pairs_nearer_than_their_mean_may_be_off_are_hardly_more_alike(planted, monkeypatch):
    row = {"articles_a": 9, "articles_b": 9, "pairs": 81, "off": 0.02}
    table = pd.DataFrame([row | {"a": a, "b": b} for a, b in ("AB", "AC", "BC")])
    table["p_adjusted"] = 0.2
    monkeypatch.setitem(vars(planted), "across", table.assign(cosine=[0.30, 0.29, 0.20]))
    said = "Articles of A and B are hardly more alike than those of 1 other pair"
    assert findings.alike(planted).headline.plain() == said
    monkeypatch.setitem(vars(planted), "across", table.assign(cosine=[0.30, 0.27, 0.20]))
    assert findings.alike(planted).headline.plain() == "Articles of A and B are most alike"


def test_what_is_shown_as_words_alone_has_no_rate_and_makes_no_headline():
    study = study_of("crimea-2014")
    shown = {*study.themes.query("shown == 'words'")["entry"]} | {
        *study.names.query("shown == 'words'")["set"]
    }
    assert shown and all(shown & {*pair} for pair in study.as_words)
    assert not shown & {
        *tables.theme_names(study),
        *tables.name_sets(study),
        findings.contested(study),
    }
    assert shown & {*tables.told_by(study)}
    assert {*tables.listed(study, "words_alone")["theme"]} <= shown
    for name, column in (("themes_of_articles", "theme"), ("names_of_articles", "names for")):
        assert not shown & {*tables.listed(study, name)[column]}
