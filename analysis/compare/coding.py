"""Hand coding: sheets for coders, and how far coders and indicators agree with each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from analysis.compare.ground import inference
from analysis.compare.ground.inference import SEED, ordered, with_notes
from analysis.data import DATA
from analysis.errors import AnalysisError, unknown
from analysis.measure.measures import Measures

QUALITY = DATA / "quality" / "frames.json"


def described_lexicons(measures: Measures) -> dict[str, Any]:
    """What `datapackage.json` says of the lexicons a corpus was measured with, by name."""
    described = dict(measures.package.get("measured", {}).get("lexicons", {}))
    for one in described.values():  # until version 0.9 a lexicon was of one kind
        for of_set in one["sets"].values():
            of_set.setdefault("kind", one.get("kind", "indicators"))
    return described


def coding_sheet(
    measures: Measures,
    lexicon: str,
    *,
    articles: int | None = None,
    hits: pd.DataFrame | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """A sheet to be coded by hand: articles × indicators, or hits in their sentences.

    Parameters
    ----------
    lexicon
        Name of a lexicon the corpus was measured with.
    articles
        Draw so many articles at random; all where left out.
    hits
        Hits in context (`analysis.measure.evidence.indicator_hits`), where the text is at hand.
        Left out, the units are articles, and the sheet does not say what was found in them.

    Returns
    -------
    DataFrame
        unit, article, outlet, date, title, url, (passage,) item, question, code (empty: 1 where
        the item applies, 0 where it does not). Rows are in random order of units, the same for
        the same seed, so that coders do not see what belongs together.
    """
    described = described_lexicons(measures)
    if lexicon not in described:
        raise unknown("lexicon", lexicon, described)
    sets = described[lexicon]["sets"]
    about = {(s, label): text for s, one in sets.items() for label, text in one["labels"].items()}
    table = measures.articles[["id", "outlet", "date", "title", "url"]]
    table = table.sort_values("id", ignore_index=True).rename(columns={"id": "article"})
    rng = inference.generator("coding sheet", lexicon, seed=seed)
    drawn = table.iloc[rng.permutation(len(table))[:articles]]
    if hits is None:
        items = pd.DataFrame(
            [(label, question) for (_, label), question in about.items()],
            columns=["item", "question"],
        )
        sheet = drawn.assign(unit=drawn["article"]).merge(items, how="cross")
        columns = ["unit", *table.columns, "item", "question"]
    else:
        own = hits[(hits["lexicon"] == lexicon) & hits["article"].isin(drawn["article"])]
        own = own.iloc[rng.permutation(len(own))]
        question = [about[key] for key in zip(own["set"], own["entry"], strict=True)]
        sheet = own.assign(item=own["entry"], question=question).merge(table, on="article")
        columns = ["unit", *table.columns, "passage", "item", "question"]
    sheet = sheet[columns].assign(code="").reset_index(drop=True)
    units = sheet["unit"].nunique()
    return with_notes(
        sheet, [f"{units} units, drawn with seed {seed}; lexicon {lexicon}."], measures
    )


def agreement(
    sheets: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame],
    measures: Measures | None = None,
    *,
    lexicon: str | None = None,
    bootstraps: int = 1000,
    seed: int = SEED,
) -> pd.DataFrame:
    r"""How far coders agree, and how far the indicators agree with them.

    .. math:: \alpha = 1 - D_o / D_e

    with the observed and the expected disagreement of nominal codes (Krippendorff 2011); 1 is
    perfect agreement, 0 what chance gives. Interval: percentile bootstrap over units.

    Parameters
    ----------
    sheets
        One per coder: unit, item, code ("" where it was not coded).
    measures
        Where the units are articles: precision and recall of the indicators (at least one hit)
        against the coders' majority, ties left out.
    lexicon
        The lexicon the items belong to, where several have entries of the same name.

    Returns
    -------
    DataFrame, sorted by falling alpha, item

    =====================  ============================================================
    item                   the indicator
    coders, units          how many coders; units coded by at least two of them
    same                   share of pairs of codes that are equal
    alpha                  Krippendorff's α; empty where all codes are the same
    alpha_low, alpha_high  95 % interval
    applies                units the majority gave the code 1, of majority_units
    majority_units         units with a majority
    precision, recall, f1  of the indicator, with measures
    =====================  ============================================================
    """
    coded = _together(sheets)
    rows = []
    for item, codes in coded.groupby("item", sort=True):
        rows.append({"item": item, **_reliability(codes, str(item), bootstraps, seed)})
    table = pd.DataFrame(rows)
    notes = [
        f"{coded['coder'].nunique()} coders; interval: bootstrap over units, {bootstraps:,} "
        f"samples, seed {seed}.",
        "Krippendorff (2004, p. 241) asks for α ≥ .80, and for tentative conclusions ≥ .667.",
    ]
    if measures is not None:
        table = table.merge(_quality(coded, measures, lexicon), on="item", how="left")
        notes.append("precision, recall: articles with at least one hit against the majority.")
    table = ordered(table, ["alpha", "item"], ["alpha"])
    table.attrs["notes"] = [*(measures.notes if measures else ()), *notes]
    return table


def _together(sheets: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row a code: coder, unit, item, code."""
    named = (
        sheets
        if isinstance(sheets, Mapping)
        else {f"coder {i}": sheet for i, sheet in enumerate(sheets, 1)}
    )
    if len(named) < 2:
        raise AnalysisError(f"{len(named)} coding sheet.", "Give the sheets of two coders or more.")
    frames = []
    for coder, sheet in named.items():
        missing = {"unit", "item", "code"} - set(sheet.columns)
        if missing:
            raise AnalysisError(
                f"The sheet of {coder} has no column {', '.join(sorted(missing))}.",
                "Give a sheet as `coding_sheet` writes it, with its codes filled in.",
            )
        own = sheet[["unit", "item", "code"]].astype("str").fillna("")
        own = own.assign(code=own["code"].str.strip(), coder=str(coder))
        own = own[(own["code"] != "") & (own["code"] != "nan")].reset_index(drop=True)
        twice = own.duplicated(["unit", "item"])
        if twice.any():
            unit, item = own.loc[twice.idxmax(), ["unit", "item"]]
            raise AnalysisError(
                f"The sheet of {coder} codes {item!r} of unit {unit!r} twice.", "Keep one row."
            )
        frames.append(own)
    coded = pd.concat(frames, ignore_index=True)
    if coded.empty:
        raise AnalysisError("No code in any sheet.", "Fill in the column code, e.g. with 1 and 0.")
    return coded


def _reliability(
    codes: pd.DataFrame, item: str, bootstraps: int, seed: int
) -> dict[str, float | int]:
    # Units by values: how many coders gave each value to each unit.
    table = pd.crosstab(codes["unit"], codes["code"])
    values = list(table.columns)
    counts = table.to_numpy()
    counts = counts[counts.sum(axis=1) > 1]
    rng = inference.generator("agreement", item, seed=seed)
    picks = rng.integers(max(len(counts), 1), size=(bootstraps, len(counts)))
    drawn = np.array([_alpha(counts[p]) for p in picks])
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, (0.025, 0.975)) if len(drawn) else (np.nan, np.nan)
    m = counts.sum(axis=1)
    pairs, equal = (m * (m - 1)).sum(), (counts * (counts - 1)).sum()
    ones = counts[:, values.index("1")] * 2 > m if "1" in values else np.zeros(len(m), bool)
    return {
        "coders": codes["coder"].nunique(),
        "units": len(counts),
        "same": equal / pairs if pairs else np.nan,
        "alpha": _alpha(counts),
        "alpha_low": low,
        "alpha_high": high,
        "applies": int(ones.sum()),
        "majority_units": int((counts.max(axis=1, initial=0) * 2 > m).sum()),
    }


def _alpha(counts: np.ndarray) -> float:
    """α of nominal codes; empty where there are no two codes that could differ."""
    if len(counts) == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _quality(coded: pd.DataFrame, measures: Measures, lexicon: str | None) -> pd.DataFrame:
    """Precision, recall and F1 of "at least one hit" against the coders' majority."""
    found = measures.indicators.astype({c: "str" for c in ("article", "lexicon", "entry")})
    found = found if lexicon is None else found[found["lexicon"] == lexicon]
    hit = set(zip(found["article"], found["entry"], strict=True))
    ids = set(measures.articles["id"])
    rows = []
    for item, codes in coded[coded["unit"].isin(ids)].groupby("item", sort=True):
        share = codes.assign(one=codes["code"] == "1").groupby("unit")["one"].mean()
        share = share[share != 0.5]
        gold = (share > 0.5).to_numpy(bool)
        said = np.array([(unit, item) in hit for unit in share.index], bool)
        both = int((gold & said).sum())
        precision = both / said.sum() if said.any() else np.nan
        recall = both / gold.sum() if gold.any() else np.nan
        total = int(gold.sum() + said.sum())
        rows.append((item, precision, recall, 2 * both / total if total else np.nan))
    return pd.DataFrame(rows, columns=["item", "precision", "recall", "f1"])


# ---------------------------------------------------------------- how good the indicators are


def quality(measures: Measures | None = None, path: Path = QUALITY) -> pd.DataFrame:
    r"""How well indicators tell articles apart that people coded by hand.

    The figures are made by ``python -m tests.benchmarks.bench_frames --write`` and hold for one
    version of one lexicon only, on the kind of articles that were coded.

    Parameters
    ----------
    measures
        Leave out the figures of a lexicon these were not measured with, or not in the version
        that was tried, and say so.

    Returns
    -------
    DataFrame, sorted by falling auc, indicator

    ===================  ==============================================================
    lexicon, indicator   what was tried
    coded, articles      articles coded as such, of so many
    auc                  chance that of two articles, one coded as such and one not, the
                         rate of hits is higher in the coded one; ½ is what guessing gives
    auc_low, auc_high    its 95 % bootstrap interval over articles
    precision            share of the articles picked that are coded as such; the threshold
                         comes from other articles (five folds). Picking all of them gives
                         coded / articles
    recall               share of the articles coded as such that are picked
    f1                   harmonic mean of precision and recall
    verdict              "better than chance", "at chance" (the interval of auc holds ½) or
                         "worse than chance"
    meaning              the same in a sentence
    ===================  ==============================================================

    The notes name the articles and who coded them, and every lexicon without figures.
    """
    columns = ["lexicon", "indicator", "coded", "articles", "auc", "auc_low", "auc_high"]
    columns += ["precision", "recall", "f1"]
    tried = json.loads(path.read_text("utf-8")) if path.is_file() else None
    about = _tried_note(tried, path)
    if tried is None:
        table, unfit = pd.DataFrame(columns=columns).astype("float64"), ""
    else:
        table = pd.DataFrame(tried["indicators"]).assign(lexicon=tried["lexicon"])
        table = table.assign(articles=tried["articles"])[columns]
        unfit = "" if measures is None else _unfit(tried, measures)
    table = table.head(0) if unfit else table
    table = table.astype({"lexicon": "str", "indicator": "str"})
    chance = [
        "better than chance" if low > 0.5 else "worse than chance" if high < 0.5 else "at chance"
        for low, high in zip(table["auc_low"], table["auc_high"], strict=True)
    ]
    table["verdict"] = pd.array(chance, "str")
    table["meaning"] = pd.array([_meaning(row) for row in table.itertuples()], "str")
    table = ordered(table, ["auc", "indicator"], ["auc"])
    notes = [about, unfit]
    if measures is not None:
        notes.append(_untried_note(measures, set(table["lexicon"])))
    table.attrs["notes"] = [note for note in notes if note]
    return table


def _tried_note(tried: dict[str, Any] | None, path: Path) -> str:
    if tried is None:
        return f"There are no figures of quality: {path.name} is not among the data."
    return (
        f"{tried['lexicon']} ({tried['hash'][:19]}…) on {tried['articles']} articles coded by "
        f"hand: {tried['gold']}. {tried['method']}"
    )


def _unfit(tried: dict[str, Any], measures: Measures) -> str:
    """Why the figures do not hold for these measures; empty where they do."""
    used = described_lexicons(measures).get(tried["lexicon"])
    if used is None:
        return f"Left out: these articles were not measured with {tried['lexicon']}."
    if used["hash"] != tried["hash"]:
        return (
            f"Left out: these articles were measured with another version of {tried['lexicon']} "
            f"({used['hash'][:19]}…) than the one that was tried."
        )
    return ""


def _untried_note(measures: Measures, tried: set[str]) -> str:
    described = described_lexicons(measures)
    names = [
        name
        for name, one in sorted(described.items())
        if name not in tried and any(s["kind"] == "indicators" for s in one["sets"].values())
    ]
    if not names:
        return ""
    return "Not tried on articles coded by hand, so of unknown quality: " + ", ".join(names) + "."


def _meaning(row: Any) -> str:
    chance = f"picking all articles would give {100 * row.coded / row.articles:.0f} %"
    better = row.auc_low > 0.5
    opening = "" if better else f"{row.verdict.capitalize()}: do not read it as the frame. "
    return (
        f"{opening}Of two articles, one coded as {row.indicator} and one not, its rate is higher "
        f"in the coded one {100 * row.auc:.0f} times in 100. Of the articles it picks "
        f"{100 * row.precision:.0f} % are coded so ({chance}), and it picks "
        f"{100 * row.recall:.0f} % of those that are."
    )
