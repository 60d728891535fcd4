"""How valid the generic frame indicators are, measured on articles coded by hand.

For each frame: AUC of its rate (hits per 1,000 words), with a bootstrap interval over articles,
and precision and recall at the threshold that gives the best F1 on four folds, tested on the
fifth. Nothing is tuned on what it is tested on. Run: ``python -m tests.benchmarks.bench_frames``;
with ``--write`` the figures go to ``data/quality/frames.json``, where `framing.quality` of
`analysis.compare` reads them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score
from sklearn.model_selection import StratifiedKFold

import analysis
from analysis.compare.quality import QUALITY
from analysis.measure.lexicon.load import load_lexicon
from analysis.measure.lexicon.matching import Matcher, find_hits
from analysis.measure.tokens import find_tokens

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOLD = SHARED / "gold" / "frames" / "climate-news-frames.tsv"
SEED = 2014
LEXICON = "generic"
SOURCE = (
    "phenixace/narrative-framing (MIT), news on climate change, labelled by hand for the five "
    "frames of Semetko and Valkenburg (2000)"
)
METHOD = (
    f"Rate: hits per 1,000 words. AUC: 95 % percentile bootstrap over articles, 1,000 samples. "
    f"Precision and recall: threshold of best F1 on four folds, tested on the fifth; seed {SEED}."
)
CODED = {
    "RE": "responsibility",
    "HI": "human interest",
    "CO": "conflict",
    "MO": "morality",
    "EC": "economic consequences",
}


def rates(texts: list[str]) -> pd.DataFrame:
    """Hits per 1,000 words, texts × indicators."""
    matcher = Matcher([load_lexicon(LEXICON)])
    rows = []
    for text in texts:
        n = len(find_tokens(text).words)
        found = [matcher.entries[hit.rank][1].label for hit in find_hits(text, matcher)]
        rows.append(pd.Series(found, dtype="str").value_counts() * 1000 / max(n, 1))
    return pd.DataFrame(rows).fillna(0.0).reset_index(drop=True)


def best_threshold(rate: np.ndarray, coded: np.ndarray) -> float:
    """The threshold with the best F1; among equals the lowest."""
    candidates = np.unique(rate)
    chosen = rate[:, None] >= candidates
    hits = (chosen & coded[:, None].astype(bool)).sum(0)
    return float(candidates[np.argmax(2 * hits / (chosen.sum(0) + coded.sum()))])


def cross_validated(rate: np.ndarray, coded: np.ndarray) -> np.ndarray:
    """Predictions for each article from the threshold of the other four folds."""
    predicted = np.zeros(len(coded), int)
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    for train, test in folds.split(rate, coded):
        predicted[test] = rate[test] >= best_threshold(rate[train], coded[train])
    return predicted


def interval(rate: np.ndarray, coded: np.ndarray, resamples: int = 1000) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the AUC over articles."""
    rng = np.random.default_rng(SEED)
    picks = rng.integers(0, len(coded), (resamples, len(coded)))
    aucs = [roc_auc_score(coded[p], rate[p]) for p in picks if 0 < coded[p].sum() < len(p)]
    low, high = np.percentile(aucs, [2.5, 97.5])
    return float(low), float(high)


def evaluate(gold: pd.DataFrame) -> pd.DataFrame:
    """One row a frame: coded, auc, low, high, precision, recall, f1."""
    measured = rates(gold["text"].tolist())
    rows = []
    for code, indicator in CODED.items():
        coded, rate = (gold[code] == "True").to_numpy(int), measured[indicator].to_numpy()
        scores = precision_recall_fscore_support(
            coded, cross_validated(rate, coded), average="binary", zero_division=0.0
        )
        auc = roc_auc_score(coded, rate)
        rows.append([indicator, int(coded.sum()), auc, *interval(rate, coded), *scores[:3]])
    columns = ["indicator", "coded", "auc", "low", "high", "precision", "recall", "f1"]
    return pd.DataFrame(rows, columns=columns).sort_values("indicator", ignore_index=True)


def write(table: pd.DataFrame, articles: int) -> None:
    """Write the figures as data, with what they hold for."""
    renamed = table.rename(columns={"low": "auc_low", "high": "auc_high"})
    found = {
        "lexicon": LEXICON,
        "hash": f"sha256:{load_lexicon(LEXICON).hash}",
        "version": analysis.__version__,
        "gold": SOURCE,
        "articles": articles,
        "method": METHOD,
        "indicators": renamed.round(4).to_dict("records"),
    }
    QUALITY.parent.mkdir(exist_ok=True)
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    QUALITY.write_text(text, encoding="utf-8", newline="\n")
    print(f"Written: {QUALITY}")


def main() -> None:
    """Print the table, or why there is none."""
    if not GOLD.exists():
        sys.exit(f"No hand-coded articles at {GOLD}.")
    gold = pd.read_csv(GOLD, sep="\t", keep_default_na=False, dtype="str")
    print(f"{len(gold)} articles; five folds, seed {SEED}")
    table = evaluate(gold)
    print(table.round(3).to_string(index=False))
    if "--write" in sys.argv[1:]:
        write(table, len(gold))


if __name__ == "__main__":
    main()
