"""The whole report on corpora never seen: no page says what is not in the corpus.

Three invented corpora in ``tests/fixtures``: one with its own description, list and speakers; one
without a description; one in a language that has no rules.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from analysis.compare.sourcing import most_heard
from analysis.data import LANGUAGES, read_list
from analysis.job import corpus_for
from analysis.report import findings
from analysis.report.run import build_report
from analysis.report.study import Study, study_of

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = ["ferry", "orchard", "bruecke"]

# Of other events: words that no sentence of the tool may hold, whatever its corpus.
FOREIGN = re.compile(
    r"crimea(?!-2014)|russia|ukrain|kremlin|putin|lavrov|kerry|\bthe talks\b|\bthe west\b"
    r"|annexation|referendum|sevastopol|velmar|\bpier\b",
    re.IGNORECASE,
)
# What a corpus without rules for its language cannot have been measured for.
ENGLISH = re.compile(
    r"is heard most|speak most|quote nobody|hand-coded news.*they find|no side|40 hits|negated"
)


@pytest.fixture(scope="module")
def folders() -> dict[str, Path]:
    return {name: corpus_for([FIXTURES / name], say=len, progress=False) for name in NAMES}


@pytest.fixture(scope="module", params=NAMES)
def given(request: pytest.FixtureRequest, folders: dict[str, Path]) -> tuple[str, Study]:
    return request.param, study_of(folders[request.param])


def articles(name: str) -> pd.DataFrame:
    lines = (FIXTURES / name / "articles.jsonl").read_text("utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])


def words(texts: pd.Series) -> int:
    """Words of plain text, counted without the tool."""
    return sum(len(re.findall(r"\w+(?:['’-]\w+)*", text)) for text in texts)


def claims(study: Study) -> list[str]:
    rules: list[Callable[[Study], findings.Claim | None]] = [
        *findings.RULES.values(),
        findings.the_corpus,
    ]
    said = (rule(study) for rule in rules)
    return [f"{c.headline.plain()} {c.line.plain()}" for c in said if c is not None]


def test_findings_are_of_this_corpus_and_right(given: tuple[str, Study]) -> None:
    name, study = given
    table = articles(name)
    text = " ".join(claims(study))
    known = " ".join([*table["text"], *table["title"]])
    assert not [m for m in FOREIGN.findall(text) if m.lower() not in known.lower()]
    outlets = table["outlet"].nunique()
    assert f"{len(table)} articles of {outlets} outlets" in text
    assert f"{words(table['text']):,} words" in text
    assert study.sizes.to_dict() == table["outlet"].value_counts().to_dict()
    for claim in findings.findings(study):
        assert claim.sure == "described", "three articles of an outlet test nothing"
        assert sum(outlet in claim.headline.plain() for outlet in study.sizes.index) != 1


@pytest.mark.parametrize("name", ["ferry", "orchard"])
def test_shares_of_voices_are_those_of_the_statements(folders: dict[str, Path], name: str) -> None:
    study = study_of(folders[name])
    said = study.measures.statements
    outlet = study.measures.articles.set_index("id")["outlet"]
    own = said.assign(
        outlet=said["article"].astype(str).map(outlet), who=said["speaker"].astype(str)
    )
    heard = most_heard(study.measures, "outlet")
    shown = heard.drop_duplicates("group").set_index("group")
    assert len(shown) == study.measures.articles["outlet"].nunique()
    for group, rows in own.groupby("outlet"):
        by_name = rows[rows["who"] != ""].groupby("who")["words"].sum()
        assert shown.loc[group, "words"] == by_name.max()
        assert shown.loc[group, "share"] == pytest.approx(by_name.max() / rows["words"].sum())
        longest = rows.loc[rows["who"] == shown.loc[group, "speaker"], "words"].max()
        near = by_name[by_name >= by_name.max() - longest]
        assert {*heard.loc[heard["group"] == group, "speaker"]} == {*near.index}


def test_sides_are_those_described(folders: dict[str, Path]) -> None:
    assert set(study_of(folders["ferry"]).measures.statements["side"]) == {"", "operator", "island"}
    assert set(study_of(folders["orchard"]).measures.statements["side"]) == {""}
    german = study_of(folders["bruecke"])
    assert german.measures.statements.empty and german.measures.indicators.empty
    assert not ENGLISH.search(" ".join(claims(german)))


def visible(page: Path) -> str:
    """The text of a page, its scripts and styles aside; what pictures are said to show."""
    root = html.fromstring(page.read_bytes())
    for element in root.xpath("//script|//style|//details[.//pre]"):
        element.drop_tree()
    alt = " ".join(root.xpath("//img/@alt|//svg/@aria-label|//*[name()='desc']/text()"))
    return " ".join(f"{root.text_content()} {alt}".split())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_page_says_what_is_not_in_the_corpus(
    folders: dict[str, Path], name: str, tmp_path: Path
) -> None:
    pages = build_report(folders[name], tmp_path / name, called=name, progress=False)
    table = articles(name)
    known = " ".join([*table["text"], *table["title"]]).lower()
    sets = read_list(LANGUAGES / "en" / "generic.toml").tables["set"]
    generic = [label["name"] for one in sets for label in one["label"]]
    assert len(pages) == 11 and generic
    for page in pages:
        text = visible(page)
        found = [m for m in FOREIGN.findall(text) if m.lower() not in known]
        assert not found, (page.name, found)
        assert 'class="badge tested"' not in page.read_text("utf-8"), page.name
        assert not re.search(
            r"\b1 (?:articles|outlets|words|pairs|stories)\b|\bnan\b|\bNone\b", text
        )
        if name == "orchard":
            assert not re.search(r"\b(?:operator|island)\b", text)
        if name == "bruecke":
            assert not ENGLISH.search(text), page.name
            assert not [theme for theme in generic if f"“{theme}”" in text], page.name
    notes = [visible(page) for page in pages if page.name[:2].isdigit()]
    if name == "bruecke":
        assert all("in a language without rules here (de 6)" in text for text in notes)
    index = visible(pages[0])
    assert f"{len(table)} articles of {table['outlet'].nunique()} outlets" in index
    assert f"{words(table['text']):,} words" in index
