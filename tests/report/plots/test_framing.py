"""The picture of how good the lists are."""

import pandas as pd

from analysis.report.plots import framing
from analysis.report.plots.style import figure


def test_lists_at_chance_are_hollow_and_counted():
    table = pd.DataFrame(
        {
            "indicator": ["conflict", "morality"],
            "coded": [60, 40],
            "articles": [200, 200],
            "auc": [0.8, 0.52],
            "auc_low": [0.74, 0.43],
            "auc_high": [0.86, 0.61],
            "verdict": ["better than chance", "at chance"],
        }
    )
    alt = figure(framing.quality(table), "Quality").alt
    assert "from conflict (0.80) to morality (0.52)" in alt and "At chance: 1" in alt


def test_no_figures_is_said():
    empty = pd.DataFrame({"indicator": []})
    assert "no figures" in figure(framing.quality(empty), "Quality").alt
