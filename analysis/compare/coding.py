"""Hand coding: sheets for coders, and how far coders and indicators agree with each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd

from analysis.compare.ground import inference
from analysis.compare.ground.inference import SEED, ordered, with_notes
from analysis.data import mistake
from analysis.errors import unknown
from analysis.gather.articles import read_articles
from analysis.measure.evidence import at_hand, indicator_hits
from analysis.measure.measures import Measures
from analysis.measure.package import open_measures
from analysis.notes import note
from analysis.writing import from_spreadsheet, may_replace, replacing, write_csv

CODES = ("sense", "referent", "credited")  # what is coded of a hit


def described_lexicons(measures: Measures) -> dict[str, Any]:
    """What `datapackage.json` says of the lexicons a corpus was measured with, by name."""
    return dict(measures.package.get("measured", {}).get("lexicons", {}))


def coding_sheet(
    measures: Measures,
    lexicon: str,
    *,
    articles: int | None = None,
    hits: pd.DataFrame | None = None,
    each: int | None = None,
    per: str = "set",
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
    each
        Draw so many hits of every set or entry; all where left out.
    per
        What `each` counts: "set" (of indicators, which are told apart, every one) or "entry".

    Returns
    -------
    DataFrame
        unit, article, outlet, date, title, url, then item, question, code (empty: 1 where the item
        applies to the article, 0 where it does not). With hits, after url: set, item, found,
        zone, voice, side, passage, question, and three columns of codes, 1 or 0: sense (the words
        mean what the list says), referent (they are about what the set is about), credited (voice
        and side are right); a hit counts as right where all three are 1. Rows are in random order
        of units, the same for the same seed, so that coders do not see what belongs together.
    """
    described = described_lexicons(measures)
    if lexicon not in described:
        raise unknown("lexicon", lexicon, described)
    if per not in ("set", "entry"):
        raise unknown("unit to draw", per, ("set", "entry"))
    sets = described[lexicon]["sets"]
    about = {(s, label): text for s, one in sets.items() for label, text in one["labels"].items()}
    table = measures.articles[["id", "outlet", "date", "title", "url"]]
    table = table.sort_values("id", ignore_index=True).rename(columns={"id": "article"})
    rng = inference.generator("coding sheet", lexicon, seed=seed)
    drawn = table.iloc[rng.permutation(len(table))[:articles]]
    if hits is None:
        rows = [(label, question) for (_, label), question in about.items()]
        items = pd.DataFrame(rows, columns=["item", "question"])
        sheet = drawn.assign(unit=drawn["article"]).merge(items, how="cross").assign(code="")
        columns = ["unit", *table.columns, "item", "question", "code"]
    else:
        own = hits[(hits["lexicon"] == lexicon) & hits["article"].isin(drawn["article"])]
        own = own.iloc[rng.permutation(len(own))]
        if each is not None:
            own = own[own.groupby(_strata(own, sets, per)).cumcount() < each]
        question = [about[key] for key in zip(own["set"], own["entry"], strict=True)]
        sheet = own.assign(item=own["entry"], question=question, **dict.fromkeys(CODES, ""))
        sheet = sheet.merge(table, on="article")
        columns = ["unit", *table.columns, "set", "item", "found", "zone", "voice", "side"]
        columns += ["passage", "question", *CODES]
    sheet = sheet[columns].reset_index(drop=True)
    units = sheet["unit"].nunique()
    drawn_note = note("coding.drawn", units=units, seed=seed, lexicon=lexicon)
    return with_notes(sheet, [drawn_note], measures)


def _strata(hits: pd.DataFrame, sets: Mapping[str, Any], per: str) -> pd.Series:
    """What each hit is drawn for: its set of names, or its entry."""
    by_entry = hits["set"] + "\n" + hits["entry"]
    if per == "entry":
        return by_entry
    naming = [name for name, one in sets.items() if one["kind"] == "naming"]
    return hits["set"].where(hits["set"].isin(naming), by_entry)


def _holds_codes(_: Path) -> str:
    return "codes may stand in it"


def write_coding_sheet(
    corpus: str | Path,
    out: Path,
    lexicon: str | Path = "generic",
    *,
    texts: Path | None = None,
    **drawn: Any,
) -> tuple[pd.DataFrame, list[str]]:
    """Write a coding sheet of a measured corpus; `drawn` as in `coding_sheet`.

    Parameters
    ----------
    texts
        The articles with their text: code each hit in its sentence.

    Returns
    -------
    The sheet, and what is to be said of it.

    Raises
    ------
    AnalysisError
        Where the file exists, hits are asked for without texts, or no text is one that was
        measured.
    """
    target = may_replace(out, _holds_codes)
    measures = open_measures(corpus)
    notes, hits = [], None
    if texts is not None:
        measured = at_hand(measures, read_articles(texts))
        if measured.empty:
            raise mistake("no-measured-text", texts=texts)
        hits = indicator_hits(measured, [lexicon], measures.description.speakers_file())
        notes.append(note("coding.at_hand", n=len(measured), of=len(measures.articles)))
    elif drawn.get("each") is not None:
        raise mistake("no-texts")
    sheet = coding_sheet(measures, Path(lexicon).stem, hits=hits, **drawn)
    with replacing(target, _holds_codes) as made:
        write_csv(sheet, made)
    filled = ", ".join(CODES) if hits is not None else "code"
    return sheet, [*notes, note("coding.written", n=len(sheet), file=out, codes=filled)]


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
    rows = [
        {"item": item, **_reliability(codes, str(item), bootstraps, seed)}
        for item, codes in coded.groupby("item", sort=True)
    ]
    table = pd.DataFrame(rows)
    drawn = {"coders": coded["coder"].nunique(), "bootstraps": bootstraps, "seed": seed}
    notes = [note("coding.coders", **drawn), note("coding.alpha")]
    if measures is not None:
        table = table.merge(_quality(coded, measures, lexicon), on="item", how="left")
        notes.append(note("coding.majority"))
    table = ordered(table, ["alpha", "item"], ["alpha"])
    return with_notes(table, notes, measures or ())


def _together(sheets: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row a code: coder, unit, item, code."""
    named = sheets
    if not isinstance(named, Mapping):
        named = {f"coder {i}": sheet for i, sheet in enumerate(named, 1)}
    if len(named) < 2:
        raise mistake("one-sheet", n=len(named))
    frames = []
    for coder, sheet in named.items():
        missing = {"unit", "item", "code"} - set(sheet.columns)
        if missing:
            raise mistake("no-column", coder=coder, missing=", ".join(sorted(missing)))
        own = sheet[["unit", "item", "code"]].astype("str").fillna("")
        # A spreadsheet, or an empty cell in the column, makes 1.0 of a 1.
        code = own["code"].str.strip().str.replace(r"^(-?\d+)\.0+$", r"\1", regex=True)
        own = own.assign(code=code.map(from_spreadsheet), coder=str(coder))
        own = own[~own["code"].isin(["", "nan"])]
        for unit, item in own.loc[own.duplicated(["unit", "item"]), ["unit", "item"]].to_numpy():
            raise mistake("coded-twice", coder=coder, item=item, unit=unit)
        frames.append(own)
    coded = pd.concat(frames, ignore_index=True)
    if coded.empty:
        raise mistake("no-code")
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
    drawn = np.array([alpha_of(counts[p]) for p in picks])
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.quantile(drawn, (0.025, 0.975)) if len(drawn) else (np.nan, np.nan)
    m = counts.sum(axis=1)
    pairs, equal = (m * (m - 1)).sum(), (counts * (counts - 1)).sum()
    ones = counts[:, values.index("1")] * 2 > m if "1" in values else np.zeros(len(m), bool)
    return {
        "coders": codes["coder"].nunique(),
        "units": len(counts),
        "same": equal / pairs if pairs else np.nan,
        "alpha": alpha_of(counts),
        "alpha_low": low,
        "alpha_high": high,
        "applies": int(ones.sum()),
        "majority_units": int((counts.max(axis=1, initial=0) * 2 > m).sum()),
    }


def alpha_of(counts: np.ndarray) -> float:
    """α of nominal codes; empty where there are no two codes that could differ."""
    if len(counts) == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def _quality(coded: pd.DataFrame, measures: Measures, lexicon: str | None) -> pd.DataFrame:
    """Precision, recall and F1 of "at least one hit" against the coders' majority."""
    found = measures.indicators.astype({c: "str" for c in ("article", "lexicon", "entry")})
    found = found if lexicon is None else found[found["lexicon"] == lexicon]
    hit = set(zip(found["article"], found["entry"], strict=True))
    own = coded[coded["unit"].isin(measures.articles["id"])]
    share = (own["code"] == "1").groupby([own["unit"], own["item"]]).mean()
    share = share[share != 0.5]
    votes = pd.DataFrame({"gold": share > 0.5, "said": [pair in hit for pair in share.index]})
    n = votes.assign(both=votes.all(axis=1)).groupby("item").sum()
    rates = {"precision": n["both"] / n["said"], "recall": n["both"] / n["gold"]}
    return pd.DataFrame(rates | {"f1": 2 * n["both"] / (n["gold"] + n["said"])}).reset_index()
