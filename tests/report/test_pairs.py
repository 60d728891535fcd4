"""What the page knows that compares any two: whole, and of one value with the other pages."""

import pandas as pd
import pytest

import analysis
from analysis.compare import usage
from analysis.report import pairs
from analysis.report.pairs import pairs_data
from analysis.report.study import Study, study_of

SAID = {
    "Gull": "Ida Renn said the quay was lost. Tom Brandt said the pump was old. "
    "The union said the wall would fall. The ferry left at noon with all the boats.",
    "Tern": "Tom Brandt said the wall was sold. Ida Renn said that nobody had asked. "
    "Jana Moss said the market would close. The rain went on for a week in the town.",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    rows = [
        {"id": f"{outlet}-{i}", "outlet": outlet, "date": "2031-05-01", "text": f"{text} Day {i}."}
        for outlet, text in SAID.items()
        for i in range(3)
    ]
    measured = analysis.measure_articles(pd.DataFrame(rows))
    return study_of(analysis.write_measures(measured, tmp_path_factory.mktemp("pairs") / "quay"))


def test_speakers_and_their_shares_are_those_of_the_page_of_voices(study: Study) -> None:
    data = pairs_data(study)
    sides = study.sides.set_index(["outlet", study.heard_as])["words_share"]
    assert len(data["shares"]) == len(sides) > 0 and data["all_heard"]
    for group, who, share in data["shares"]:
        assert share == sides[(data["groups"][group], who)]
    heard = {(data["groups"][s[0]], s[1]): s[3] for s in data["speakers"]}
    assert heard == study.speakers.set_index(["group", "speaker"])["statements"].to_dict()


def test_who_is_left_out_for_room_is_left_out_of_every_group(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "MOST_HEARD", 4)
    data = pairs_data(study)
    kept, held = {s[1] for s in data["speakers"]}, study.speakers
    assert not data["all_heard"] and 0 < len(kept) < held["speaker"].nunique()
    assert len(data["speakers"]) == held["speaker"].isin(kept).sum() <= 4


def test_words_are_counted_as_in_the_explorer(study: Study) -> None:
    data = pairs_data(study)
    uses = usage.uses(study.measures).set_index(["term", "group"])["count"]
    found = {
        (term, data["groups"][flat[i]]): flat[i + 1]
        for term, flat in zip(data["terms"], data["uses"], strict=True)
        for i in range(0, len(flat), 5)
    }
    assert found == uses[uses > 0].to_dict() and data["tested"] == []
