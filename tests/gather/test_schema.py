"""The schema of the Articles table."""

import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.gather.articles import read_articles
from analysis.gather.schema import check_articles


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "Article 'one' has an empty text"),
        ({"id": ""}, "Article '' has an empty id"),
        ({"date": "14.03.2014"}, r"Article 'one' has the date '14\.03\.2014'"),
        ({"outlet": None}, "Column 'outlet' holds"),
    ],
)
def test_the_schema_is_held(folder, change, message):
    articles = read_articles(folder)
    with pytest.raises(AnalysisError, match=message):
        check_articles(articles.assign(**change))
    with pytest.raises(AnalysisError, match=r"Unknown column of an Articles table 'url'\."):
        check_articles(articles.drop(columns="url"))
    with pytest.raises(AnalysisError, match="Id 'one' stands twice"):
        check_articles(pd.concat([articles, articles]))
