"""Every table of a page, of the smallest corpora."""

from functools import partial

import pandas as pd
import pytest
from planted import outlet, studied

from analysis.report import holds, story, tables
from analysis.report.study import Study

EVERY = [
    *(tables.removed, tables.off_topic, tables.passing),
    *(tables.locked, tables.speakers, tables.hit_by_hit),
    *(
        partial(tables.shaped, name)
        for name in ("differences", "across", "list_quality", "hits_read")
    ),
    *(
        partial(tables.listed, name=name)
        for name in ("names", "names_of_articles", "themes_of_articles", "words_alone")
    ),
    *(
        partial(tables.shaped, name)
        for name in ("first", "cues", "sources", "detectable", "contrasts", "silences")
    ),
    *(tables.closest_pairs, tables.copies, tables.stories),
    *(story.side_by_side, story.only_one, story.shared_by_all),
    *(story.names_used, story.heard, holds.checks),
]


def _called(make: object) -> str:
    """A name that is the same in every process."""
    if isinstance(make, partial):
        return make.args[0] if make.args else make.keywords["name"]
    return make.__qualname__


@pytest.fixture(scope="module", params=[1, 2])
def little(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two articles of one outlet or of each of two, none of the first dated."""
    rows = [outlet(f"Skerry {i}", 2, 0.02, i) for i in range(request.param)]
    for row in rows[0]:
        row["date"] = ""
    return studied(*rows, folder=tmp_path_factory.mktemp("little"))


@pytest.mark.parametrize("make", EVERY, ids=_called)
def test_every_table_of_a_page_can_be_made_of_little(little, make):
    assert isinstance(make(little), pd.DataFrame)
