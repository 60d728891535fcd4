"""Corpora whose articles each count for themselves, for tests of how alike articles are."""

import dataclasses

import pandas as pd

import analysis
from analysis.measure.measures import Measures


def without_editions(measures: Measures) -> Measures:
    """The same corpus with every article counted for itself: some are editions of others."""
    return dataclasses.replace(measures, overlaps=measures.overlaps.head(0))


def corpus(*texts: str, **columns: list[str]) -> Measures:
    """Articles t0, t1, … with these texts, each of an outlet of its own unless one is given."""
    frame = pd.DataFrame({"id": [f"t{i:02}" for i in range(len(texts))], "text": texts})
    frame = frame.assign(outlet=frame["id"]).assign(**columns)
    return analysis.measure_articles(frame, publish=list(columns))
