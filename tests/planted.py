"""Outlets of invented words, one of which they use unequally."""

from pathlib import Path

import numpy as np
import pandas as pd

import analysis
from analysis.report.study import Study, study_of

WORDS = [f"word{i}" for i in range(60)]


def outlet(name: str, n: int, planted: float, seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    rate = np.full(61, (1 - planted) / 60)
    rate[60] = planted
    return [
        {
            **dict.fromkeys(["url", "agency", "collection"], ""),
            "id": f"{name}-{i}",
            "outlet": name,
            "language": "en",
            "date": f"2031-05-{1 + i % 28:02}",
            "title": "",
            "text": " ".join(rng.choice([*WORDS, "pier"], 200, p=rate)),
        }
        for i in range(n)
    ]


def studied(*outlets: list[dict[str, str]], folder: Path, **about: object) -> Study:
    rows = pd.DataFrame([row for rows in outlets for row in rows])
    measured = analysis.measure_articles(rows, **about)
    return study_of(analysis.write_measures(measured, folder / "corpus"))
