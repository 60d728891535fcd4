"""What several test files share: an invented corpus, and where the shared material lies."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

import analysis

settings.register_profile("project", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("project")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the material in ../shared, which is not part of the project"
)

_HARBOUR = [
    "The harbour council of Velmar met on Monday. It voted to close the old pier.",
    "Mayor Ida Brandt called the pier “a danger to every child in town.” Fishermen disagreed.",
    "“We were never asked,” said Tomas Reuel, who has sold herring there since 1988.",
    "The U.S. firm Norlund Corp. wants to build 1,200 flats. Work may start in May.",
    "Critics speak of a sell-off. The council says the sale is legal and fair.",
    "Nobody knows what the flats will cost. The firm's plans are secret, it's said.",
    "Divers found cracks in eleven piles. The engineer's report is public.",
]


def invented_articles() -> pd.DataFrame:
    """Twelve articles by three invented outlets about one invented event."""
    rows = []
    for i in range(12):
        outlet = ("Velmar Post", "Radio Skerry", "The Lantern")[i % 3]
        paragraphs = [_HARBOUR[(i * 3 + k) % 7] for k in range(3 + i % 4)]
        if outlet == "Radio Skerry":
            paragraphs.append("Listeners phoned the studio about the pier all day.")
        rows.append(
            {
                "id": f"velmar-{i:02}",
                "outlet": outlet,
                "date": f"2031-05-{1 + i:02}" if i != 5 else "",
                "title": f"Velmar's pier: “danger” or home? Part {i}",
                "url": f"https://news.example/{i}",
                "agency": "Coastwire" if i in (2, 7) else "",
                "collection": "invented",
                "stage": "vote" if i < 6 else "aftermath",
                "text": "\n\n".join(paragraphs),
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def articles() -> pd.DataFrame:
    return invented_articles()


@pytest.fixture(scope="session")
def measures(articles: pd.DataFrame) -> analysis.Measures:
    return analysis.measure_articles(articles)
