"""How good rules and lists are: statements and indicators against news coded by hand, hits read.

Figures are data (`data/quality`), made by a script or by coders, and hold for one version of one
list on one kind of articles: where either differs they are left out, and the notes say so.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare.coding import CODES, alpha_of, described_lexicons
from analysis.compare.ground.inference import ordered, upper_bound, with_notes
from analysis.data import DATA, mistake
from analysis.measure.measures import Measures
from analysis.notes import note

FOLDER = DATA / "quality"
QUALITY = FOLDER / "frames.json"
_BETTER = "better than chance"
LEAST_PRECISION = 0.7  # below it a set is shown as words in their sentences only
LEAST_CODED = 20  # hits
ACCURACY = FOLDER / "attribution.json"
READ = FOLDER / "attribution-read.json"
_ASKED = ["statement", "speaker", "side", "ends"]
_NEEDED = [
    f"{kind}_{what}" for kind in ("direct", "mixed", "indirect") for what in ("recall", "precision")
]
_NEEDED += ["speaker", "n_gold"]
_TRIED: dict[str, Any] = {"lexicon": "str", "indicator": "str", "coded": "int64"}
_TRIED |= {"articles": "int64", "auc": "float64", "auc_low": "float64", "auc_high": "float64"}
_TRIED |= dict.fromkeys(("precision", "recall", "f1"), "float64")
_CODED = ("unit", "article", "lexicon", "list", "set", "entry", "coder")


def between(k: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the two-sided 95 % Clopper–Pearson interval of k in n; 0 and 1 where n is 0."""
    return 1 - upper_bound(n - k, n), upper_bound(k, n)


# ---------------------------------------------------------------- hits in their sentences


def hits(measures: Measures, codes: pd.DataFrame | None = None) -> pd.DataFrame:
    """How often hits are right: in the sense meant, of the referent, and rightly credited.

    A hit is right where every coder says so of its sense, referent and credit.

    Parameters
    ----------
    codes
        unit, article, lexicon, list (the first twelve characters of its SHA-256), set, entry, coder
        and the codes of `analysis.compare.coding.CODES`, one row a hit and coder. Left out, those
        of ``data/quality/NAME-hits.csv``, if the articles are those of the bundled corpus NAME.

    Returns
    -------
    DataFrame, sorted by lexicon, set, entry

    ====================  =============================================================
    lexicon, set, entry   what was coded; entry is "" for a set of names, coded as a whole
    coded, meant, right   hits coded; sense and referent are right; and the voice too
    before                "k of n": right of the hits coded with the list as it was before it was
                          revised on the other articles; "" where that is not known
    precision             right / coded; precision_low, precision_high: its 95 % interval
                          (Clopper–Pearson)
    alpha                 Krippendorff's α of the coders on right or not; empty where all
                          codes are the same
    shown                 whether shares of it may be shown: at least 20 hits coded, and a
                          precision of at least .7
    ====================  =============================================================

    Empty where nothing was coded on this corpus with this version of the list; the notes say so,
    and how to do it.
    """
    codes = _kept(measures, "hits") if codes is None else codes
    hashes = {k: v["hash"][7:19] for k, v in described_lexicons(measures).items()}
    known = codes[codes["list"] == codes["lexicon"].map(hashes)]
    meant = (known[["sense", "referent"]] == "1").all(axis=1)
    known = known.assign(meant=meant, is_right=(meant & (known["credited"] == "1")).astype("int64"))
    keys = ["lexicon", "set", "entry"]
    told = {"coders": ("coder", "size"), "meant": ("meant", "all"), "yes": ("is_right", "sum")}
    units = known.groupby([*keys, "unit"]).agg(**told).reset_index()
    coders = known.groupby(keys)["coder"].nunique().rename("of")
    rows = []
    for key, own in units.join(coders, on=keys).query("coders == of").groupby(keys):
        yes, no = own["yes"].to_numpy(), (own["of"] - own["yes"]).to_numpy()
        alpha = alpha_of(np.stack([no, yes], axis=1))
        rows.append((*key, len(own), own["meant"].sum(), (no == 0).sum(), alpha))
    table = pd.DataFrame(rows, columns=[*keys, "coded", "meant", "right", "alpha"])
    coded, right = (table[c].to_numpy(np.float64) for c in ("coded", "right"))
    table["precision"] = right / np.maximum(coded, 1)
    table["precision_low"], table["precision_high"] = between(right, coded)
    before = _kept(measures, "hits-before").set_index(keys)
    told = (before["right"] + " of " + before["coded"]).reindex(
        pd.MultiIndex.from_frame(table[keys])
    )
    table["before"] = told.fillna("").to_numpy(object)
    table["shown"] = (coded >= LEAST_CODED) & (table["precision"] >= LEAST_PRECISION)
    table = ordered(table, keys, [])
    few = told[coded < LEAST_CODED]
    all_read = note("quality.all_there_are", len(few) and few.notna().all(), least=LEAST_CODED)
    told_of = note(f"quality.{'coded' if len(table) else 'uncoded'}")
    return with_notes(table, [f"{told_of} {all_read}".strip()], measures)


def hit_by_hit(measures: Measures) -> pd.DataFrame:
    """Every hit of articles that were read whole, and whether it is right.

    Returns
    -------
    DataFrame, in the order of reading: article, lexicon, set, label, found, zone, voice, side, and
    sense, referent, credited ("yes" or "no"). Empty but for the bundled corpus.
    """
    codes = _kept(measures, "seeds")
    return codes[codes["article"].isin(measures.articles["id"])].replace(
        {code: {"1": "yes", "0": "no"} for code in CODES}
    )


def _kept(measures: Measures, what: str) -> pd.DataFrame:
    """What was kept of reading the bundled corpus these articles are of; none for any other."""
    for path in sorted(FOLDER.glob(f"*-{what}.csv")):
        articles = DATA / path.name.removesuffix(f"-{what}.csv") / "articles.csv"
        ids = pd.read_csv(articles, usecols=["id"], dtype="str")["id"] if articles.exists() else ()
        if set(measures.articles["id"]) <= set(ids):
            return pd.read_csv(path, dtype="str", keep_default_na=False)
    return pd.DataFrame(columns=[*_CODED, *CODES, "coded", "right"], dtype="str")


# ---------------------------------------------------------------- against articles coded by hand


def frames(measures: Measures | None = None, path: Path = QUALITY) -> pd.DataFrame:
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
    base                 coded / articles: the precision of picking all of them
    recall               share of the articles coded as such that are picked
    f1                   harmonic mean of precision and recall
    verdict              "better than chance"; "at chance" (the interval of auc holds ½) or
                         "worse than chance"; "no better than all" (picking every article
                         would give as high an f1)
    ===================  ==============================================================

    The notes name the articles and who coded them, and every lexicon without figures.
    """
    tried, unfit = _held(path), ""
    if tried and measures is not None:
        used = described_lexicons(measures).get(tried["lexicon"])
        unfit = note("quality.not_measured", used is None, **tried)
        if used is not None:
            unfit = note("quality.other_version", used["hash"] != tried["hash"], **tried | used)
    rows = [] if unfit else tried.get("indicators", [])
    known = {"lexicon": tried.get("lexicon", ""), "articles": tried.get("articles", 0)}
    table = pd.DataFrame(rows, columns=[*_TRIED]).assign(**known).astype(_TRIED)
    table.insert(9, "base", table["coded"] / table["articles"])
    table["verdict"] = pd.array([_verdict(row) for row in table.itertuples()], "str")
    table = ordered(table, ["auc", "indicator"], ["auc"])
    about = note("quality.tried", **tried) if tried else note("quality.no_figures", file=path.name)
    left = "" if measures is None else _untried_note(measures, set(table["lexicon"]))
    return with_notes(table, (about, unfit, left))


def _verdict(row: Any) -> str:
    if row.auc_high < 0.5:
        return "worse than chance"
    if row.auc_low <= 0.5:
        return "at chance"
    of_all = 2 * row.base / (1 + row.base)  # f1 of picking every article
    return _BETTER if row.f1 > of_all else "no better than all"


def _untried_note(measures: Measures, tried: set[str]) -> str:
    names = [
        name
        for name, one in sorted(described_lexicons(measures).items())
        if name not in tried and any(s["kind"] == "indicators" for s in one["sets"].values())
    ]
    return note("quality.untried", names, names=", ".join(names))


# ---------------------------------------------------------------- statements in hand-coded news


def accuracy(path: Path = ACCURACY) -> pd.DataFrame:
    """How well statements are found in hand-coded news, as the benchmark of attribution left it.

    Returns
    -------
    DataFrame
        One row per part of the hand-coded material (train: looked at while the rules were
        written; dev: not): part, then the figures in the file's order, such as direct_recall,
        mixed_precision (quotations), speech_recall, speech_precision (statements with a verb of
        saying), speaker (share right), n_gold, n_found. No row, and a note, where there is no file.

    Raises
    ------
    AnalysisError
        Where the file cannot be read.
    """
    held = _held(path)
    parts = [{"part": part, **held[part]} for part in sorted(held) if isinstance(held[part], dict)]
    table = pd.DataFrame(parts) if parts else pd.DataFrame({"part": pd.Series([], dtype="str")})
    return with_notes(table, [held.get("provenance", "") if held else _not_known(path)])


def missed(path: Path = ACCURACY) -> pd.DataFrame:
    """Which quotations of the hand-coded news the rules were written on are missed.

    Returns
    -------
    DataFrame
        One row per kind of quotation (direct, mixed) and kind of cue: gold (coded), not_found,
        otherwise_bounded (something is found there, with other ends), recall. No row, and a note,
        where there is no file.

    Raises
    ------
    AnalysisError
        Where the file cannot be read.
    """
    held = _held(path)
    columns = ["kind", "cue", "gold", "not_found", "otherwise_bounded"]
    table = pd.DataFrame(held.get("missed", []), columns=columns)
    table["recall"] = 1 - (table["not_found"] + table["otherwise_bounded"]) / table["gold"]
    return with_notes(table, [note("quality.titles") if held else _not_known(path)])


def read_against_texts(measures: Measures) -> pd.DataFrame:
    """How often statements were right where they were read against the texts of the corpus.

    Returns
    -------
    DataFrame
        One row per question, in the order of reading: question, right, n, share, and its 95 %
        interval (Clopper–Pearson) low, high. speaker, side and ends are asked of what is a
        statement. Statements of articles that are not here are left out; no row where those are
        half of them or more. The notes say who read what.
    """
    held = _held(READ)
    ids = measures.articles["id"]
    drawn = pd.DataFrame(held.get("statements", []), columns=["article", *_ASKED])
    codes = drawn[drawn["article"].isin(ids)]
    persons = pd.DataFrame(held.get("pronouns", []), columns=["article", "person"])
    persons = persons.loc[persons["article"].isin(ids), "person"]
    counts = {name: (codes[name].sum(), codes[name].notna().sum()) for name in _ASKED}
    counts |= {"pronoun, given to somebody": ((persons == "right").sum(), len(persons))}
    counts["found, of what is said"] = tuple(held.get("found", {"right": 0, "n": 0}).values())
    is_here = 0 < len(drawn) < 2 * len(codes)
    rows = [(name, *pair) for name, pair in counts.items()] if is_here else []
    table = pd.DataFrame(rows, columns=["question", "right", "n"])
    table = table.astype({"question": "str", "right": np.int64, "n": np.int64})
    k, n = (table[c].to_numpy(np.float64) for c in ("right", "n"))
    table["share"] = k / np.maximum(n, 1)
    table["low"], table["high"] = between(k, n)
    return with_notes(table, [held["provenance"] if is_here else note("quality.unread")])


def _not_known(path: Path) -> str:
    return note("quality.no_file", file=f"{path.parent.name}/{path.name}")


def _held(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        held = json.loads(path.read_text("utf-8"))
        if not isinstance(held, dict):
            raise ValueError(f"a {type(held).__name__}")
    except ValueError as error:
        raise mistake("figures-attribution", file=path, error=error) from error
    return held


def accuracy_note() -> str:
    """The figures of the part that was not looked at, in a sentence or two."""
    table = accuracy()
    of = table[table["part"] == "dev"]
    if of.empty or not {*_NEEDED} <= {*of}:
        return note("quality.unmeasured")
    return note("quality.accuracy", **of.iloc[0])
