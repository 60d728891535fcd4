"""Credits of agencies and sign-offs, and sentences that only look like them."""

import pytest

from analysis.gather.credits import agencies, is_signed, take_credits

BODY = ["The old bridge at Tarn was closed on Monday.", "The ferry will run until eight."]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("(Reporting by Ada Orr and Ben Vale in Tarn; Editing by Cleo Hart)", ""),
        ("(Additional reporting by Ada Orr)", ""),
        ("Writing by Ida Renn; editing by Jana Moss and Hugo Lind", ""),
        ("Reporting and writing by Ada Orr, with Reuters", "Reuters"),
        ("The Associated Press contributed to this report.", "AP"),
        ("ab/cd (AFP, dpa)", "AFP, dpa"),
        ("Mit Material von dpa und AFP", "dpa, AFP"),
    ],
)
def test_a_credit_goes_and_its_agency_is_kept(line, agency):
    assert take_credits([*BODY, line]) == ([*BODY, ""], agency)


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the council shows that the bridge was lost.",
        "Writing by hand is what the mayor of Tarn likes best.",
        "Editing by Ada Orr made the letter shorter, the ferryman said.",
        "He contributed 40 crowns to the bridge.",
    ],
)
def test_a_sentence_is_no_credit(line):
    assert take_credits([*BODY, line]) == ([*BODY, line], "")


def test_names_of_agencies():
    assert agencies("the Associated Press and Reuters") == ["AP", "Reuters"]
    assert agencies("Ada Orr and Reuters") == []
    assert not is_signed("(Reporting by " + "A" * 100_000)


def test_an_article_based_on_wire_reports_says_so_in_a_credit():
    body = "The bridge of Tarn was closed on Monday."
    for line in (
        "• This article is based in part on wire-service reports.",
        "⦁ Ada Orr contributed to this article, which is based on staff reports.",
    ):
        assert take_credits([body, line]) == ([body, ""], "")
    kept = "The plan is based on reports of the council."
    assert take_credits([body, kept]) == ([body, kept], "")
