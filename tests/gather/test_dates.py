"""Written dates: read for sure or refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.gather.dates import is_date, iso, read_date


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
    ],
)
def test_one_day_written_in_many_ways(written):
    assert read_date(written) == "2014-03-14"
    assert is_date(written)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("03/04/2014", "can be read day first or month first. Say which with dayfirst=True"),
        ("30 February 2014", "'30 February 2014' is not a day of the calendar"),
        ("2014-13-01", "not a day of the calendar"),
        ("14 March", "holds no date that can be read"),
        ("14/03/14", "holds no date that can be read"),
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
    assert iso(day) == iso(dt.datetime.combine(day, dt.time(23, 59))) == day.isoformat()
