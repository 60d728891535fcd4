"""Written dates: read for sure or refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError, command_line
from analysis.gather.dates import is_date, only_changed, read_date, read_time


@pytest.mark.parametrize(
    "written",
    [
        "2014-03-14",
        "2014-03-14T09:26:00+01:00",
        "2014-03-14 09:26:00.000Z",
        "2014/03/14",
        "20140314",
        "14.03.2014",
        "14.3.2014",
        "14. 03. 2014",
        "Fr 14.03.2014, 18:05 Uhr",
        "14 March 2014",
        "14th March 2014",
        "14 Mar 2014",
        "14-Mar-2014",
        "March 14, 2014",
        "Mar. 14, 2014",
        "Friday, March 14, 2014 6:05 PM EDT",
        "Published: 14 March 2014 at 18.05 GMT",
        "9:26PM GMT 14 Mar 2014",
        "Updated 15 March 2014, published 14 March 2014",
        "Published 14 March 2014 | Updated 15 March 2014",
        "14/03/2014",
        "03/14/2014",
        "14. März 2014",
        "14 mars 2014",
        "14 марта 2014 г.",
        "14 de marzo de 2014",
        "20140314T180500Z",
        "20140314180500",
        "Fri, 14 Mar 2014 18:05:00 +0000",
        "Fri Mar 14 18:05:00 +0000 2014",
        "14 марта 2014 года",
        "14 березня 2014 року",
        "2014. március 14.",
        "14 Mart 2014 Cuma",
        "14 Mar. 2014, 6:05 pm IST",
        "2014年3月14日",
        "14 marca 2014 r.",
        "14-MAR-14",
        "14/Mar/2014",
        "14MAR2014",
        "2014-Mar-14",
        "Mar-14-2014",
        "2014-073",
        "2014-073T10:30:00Z",
        "2014-W11-5",
        "2014. 3. 14.",
        "2014-03-14T18:05+01",
        "vr 14 mrt. 2014 18:05",
        "14 mars 2014 à 18 h 05",
        "14.03.14",
        "Stand: 14. 3. 14, 18.05 Uhr",
        "14.3.2014 klo 18.05",
        "١٤ مارس ٢٠١٤",
    ],
)
def test_one_day_written_in_many_ways(written):
    assert read_date(written) == "2014-03-14"
    assert is_date(written)


def test_a_year_of_two_digits_behind_slashes_needs_to_be_told_of_and_is_no_date_line():
    assert read_date("03/04/14", dayfirst=True) == "2014-04-03"
    assert read_date("3/14/14", dayfirst=False) == "2014-03-14"
    assert not is_date("03/04/14")
    assert read_time("14.03.14 18.05") == "18:05"
    for other in ("99.04.12", "14-03-14", "1.14.3.14"):
        assert not is_date(other)


def test_a_range_of_hours_is_no_time_zone():
    assert read_time("2014-03-14 18:00-20") == "18:00"
    assert read_time("2014-03-14 18:00:30-05") == "18:00-05"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("03/04/2014", "can be read day first or month first. Say which with dayfirst=True"),
        ("30 February 2014", "'30 February 2014' is not a day of the calendar"),
        ("2014-13-01", "not a day of the calendar"),
        ("2014-366", "not a day of the calendar"),
        ("2014-000", "not a day of the calendar"),
        ("2014-W54-1", "not a day of the calendar"),
        ("2014-073-1", "holds no date that can be read"),
        ("14 March", "holds no date that can be read"),
        ("14/03/14", "holds no date that can be read: its year has two digits"),
        ("14. listopada 2014", "listopada is month 10 or 11, depending on the language"),
        ("14-13-14", "holds no date that can be read: its year has two digits"),
        ("14 March 3014", "the year 3014 is out of range"),
        ("0014-03-14", "the year 14 is out of range"),
        ("yesterday", "holds no date that can be read"),
        ("The bridge fell on 14 March 2014", "is not a date alone"),
    ],
)
def test_refusals(written, message):
    with pytest.raises(AnalysisError, match=message):
        read_date(written)


def test_the_order_of_day_and_month_may_be_told():
    assert read_date("03/04/2014", dayfirst=True) == "2014-04-03"
    assert read_date("03/04/2014", dayfirst=False) == "2014-03-04"
    assert read_date("03/03/2014") == "2014-03-03"
    assert read_date("") == ""


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_in_every_form(day):
    forms = ["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%a %d %b %Y", "%Y%m%d"]
    assert {read_date(day.strftime(form)) for form in forms} == {day.isoformat()}
    assert read_date(dt.datetime.combine(day, dt.time(23, 59)).isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2014-03-14T09:26:00+01:00", "09:26+01:00"),
        ("20140314T092600Z", "09:26Z"),
        ("9:26PM GMT 14 Mar 2014", "21:26 GMT"),
        ("Freitag, 14. März 2014, 18.05 Uhr", "18:05"),
        ("March 14, 2014 at 12 am", "00:00"),
        ("14.03.2014", ""),
        ("2014-03-14", ""),
    ],
)
def test_the_time_of_day(written, time):
    assert read_time(written) == time


def test_the_day_of_a_change_is_told_from_the_day_of_publication():
    assert only_changed("Last updated: 15 March 2014")
    assert only_changed("Aktualisiert am 15.03.2014")
    assert not only_changed("Updated 15 March 2014, published 14 March 2014")
    assert not only_changed("Published 14 March 2014")


def test_messages_speak_the_language_of_who_asked():
    with command_line(), pytest.raises(AnalysisError, match="--day-first or --month-first"):
        read_date("03/04/2014")
