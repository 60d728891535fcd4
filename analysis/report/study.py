"""A corpus with the tables that several pages show: each computed once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import cache
from analysis.compare import (
    corpus,
    framing,
    quality,
    reuse,
    robustness,
    similarity,
    sourcing,
    usage,
    vocabulary,
)
from analysis.compare.ground.inference import ALPHA, DESCRIBED, REST, Evidence, Plan
from analysis.compare.stories import doubtful, stories
from analysis.compare.vocabulary import ASIDE
from analysis.data import read_list
from analysis.errors import AnalysisError
from analysis.measure import languages
from analysis.measure.evidence import at_hand, evidence, hits_at_hand, texts_beside
from analysis.measure.measures import Measures
from analysis.measure.package import PACKAGE, find_corpus, open_measures
from analysis.measure.speech.statements import has_rules
from analysis.report.addresses import TEMPLATES

_MOST_COMPARED = 5_000  # articles, each compared with all others
_VOICES = {"own": "narrator", "reported": "reported", "quoted": "quoted"}
_TOLD = 4  # words that say why two articles are alike
_MOST_WEEKS = 26  # in a picture; of a longer time months are shown, or years
_PARTS = 6  # weeks, or values of a tag, of a chooser
READ = 15  # articles of a theme whose sentences are shown
FEW = 4  # articles below which a group stands apart
COLUMNS = read_list(TEMPLATES / "tables.toml")


def nothing(*notes: str) -> pd.DataFrame:
    """An empty table with every column that a page may ask of one; the notes say why."""
    empty = pd.DataFrame(columns=COLUMNS["every"]["columns"], dtype=object)
    empty.attrs["notes"] = list(notes)
    return empty


class Kept:
    """A table of a `Study`, computed when it is first asked for, and kept in the cache."""

    def __init__(self, make: Callable[[Study], pd.DataFrame], *, spoken: bool = False) -> None:
        self.make = make
        self.spoken = spoken  # of statements: empty where none were sought

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, study: Study, owner: type) -> pd.DataFrame:
        if self.name not in vars(study):
            keep = study.spoken if self.spoken else study.kept
            vars(study)[self.name] = keep(self.name, lambda: self.make(study))
        return vars(study)[self.name]


@dataclass(frozen=True)
class Study:
    """What a report compares. Made by `study_of`.

    Attributes
    ----------
    measures : the articles that are on topic
    whole : all articles
    folder : where the measures lie
    given : the two groups a notebook was asked for; empty ones are chosen from the corpus
    names_tested : whether names are; a finding of the overview rests on their counts alone

    Tables that do not exist for a corpus (one outlet, no statement, no list) are empty, and their
    notes say why.
    """

    measures: Measures
    whole: Measures
    folder: Path
    given: tuple[str, str] = ("", "")
    names_tested: bool = True
    _key: str = field(default="", repr=False)

    @property
    def by(self) -> str:
        """What is compared: outlet, or the column that the description names."""
        return self.measures.description.by

    @property
    def has_rules(self) -> bool:
        """Whether who speaks and what words mean can be read in any article's language."""
        return any(map(has_rules, self.measures.articles["language"].unique()))

    @property
    def heard_as(self) -> str:
        """Whose shares are shown: of sides, or of speakers where no list says who is on which."""
        return "side" if self.measures.description.speakers else "speaker"

    @property
    def speakers_as(self) -> str:
        """What kinds of speakers are told apart: sides, or roles where no list gives sides."""
        return "side" if self.measures.description.speakers else "role"

    @property
    def voices(self) -> dict[str, str]:
        """The voices whose words can be told apart, by what they are called."""
        if self.has_rules:
            return {f"{name} words": voice for name, voice in _VOICES.items()}
        return {"words outside quotation marks": "narrator", "words in quotation marks": "quoted"}

    @cached_property
    def sizes(self) -> pd.Series:
        """Articles of each group, most first."""
        labels = self.measures.labels(self.by)
        counted = labels[labels != ""].value_counts().rename_axis("group").reset_index()
        counted = counted.sort_values(["count", "group"], ascending=[False, True])
        return counted.set_index("group")["count"]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """n_articles and tokens of each group as comparisons count: editions and updates once."""
        return usage.presence(self.measures, self.by).set_index("group")

    @cached_property
    def pair(self) -> tuple[str, str]:
        """The two groups that are shown against each other; ("", "") where there is one group."""
        if len(self.sizes) < 2:
            return ("", "")
        rest = [name for name in self.sizes.index if name not in self.given]
        first, second = ((name if name in self.sizes.index else rest.pop(0)) for name in self.given)
        return first, second

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Every two groups by what a chooser calls them; those shown against each other first."""
        every = [self.pair, *combinations(self.sizes.index, 2)] if self.pair[0] else []
        return {f"{one} and {other}": (one, other) for one, other in every}

    @cached_property
    def firm(self) -> list[str]:
        """Groups of four articles or more; all where none has as many."""
        return self.sizes.index[self.sizes >= FEW].tolist() or self.sizes.index.tolist()

    def kept(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table under its name, from the cache where it was computed before."""

        def made() -> pd.DataFrame:
            try:
                return make()
            except AnalysisError as error:  # one group, or nothing of the kind
                return nothing(str(error))

        return cache.table(["study", self._key, name, *self.given], made)

    def spoken(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table of statements; empty, with what is said of languages, where none were sought."""
        return self.kept(name, make) if self.has_rules else nothing(*self.measures.notes)

    def others(self, group: str) -> str:
        """What a group is compared with: all the others, or of two groups the other one."""
        rest = [name for name in self.sizes.index if name != group]
        return rest[0] if len(rest) == 1 else REST

    @property
    def set_apart(self) -> list[str]:
        """Groups whose telling words are pictured; of two one, whose picture shows both."""
        two = len(self.sizes) == 2 and len(self.words)
        return self.words["target"].unique().tolist()[:1] if two else self.firm[:8]

    @property
    def left_out(self) -> str:
        """What pictures of telling words leave out, as far as there are lists of it."""
        without = "Function words"
        if not vocabulary.has_function_words(self.measures):
            without = "What three quarters of the articles hold"
        return f"{without} and house style left out."

    @Kept
    def words(self) -> pd.DataFrame:
        """The corpus's family of tests of words."""
        pair = self.pair if all(self.given) else None
        return vocabulary.family_of(self.measures, self.by, pair)

    @property
    def plan(self) -> Plan:
        """How everything of this corpus is tested."""
        return vocabulary.plan_of(self.measures)

    @Kept
    def named(self) -> pd.DataFrame:
        """The terms that the description names beforehand: a family of their own."""
        terms, pair = self.measures.description.terms, self.pair if all(self.given) else None
        if not terms:
            return nothing()
        return vocabulary.family_of(self.measures, self.by, pair, terms=terms)

    @Kept
    def families(self) -> pd.DataFrame:
        """Every family of tests, made once."""
        tables = {
            "words and phrases": (self.words, "p", "q"),
            "terms named beforehand": (self.named, "p", "q"),
            "themes, by rate": (self.themes, "p", "q"),
            "themes, by articles": (self.themes, "share_p", "share_q"),
            "names, by articles": (self.names, "of_articles_p", "of_articles_q"),
            "themes, top against body": (self.prominence("indicators"), "p", "q", "article"),
            "names, top against body": (self.prominence("naming"), "p", "q", "article"),
            "likeness of two": (self.alike, "p", "p_adjusted"),
            "likeness of all at once": (self.all_at_once, "p", "p"),
        }
        return robustness.families_of(tables, self.measures, self.plan)

    @cached_property
    def as_words(self) -> set[tuple[str, str]]:
        """Set and entry of themes and names of which too few hits are right to show more."""
        of = ((self.themes, "entry"), (self.names, "label"))
        alone = [table.loc[table["shown"] == "words", ["set", key]] for table, key in of]
        return {(one[0], one[1]) for rows in alone for one in rows.itertuples(index=False)}

    def prominence(self, kind: str) -> pd.DataFrame:
        """Whether headline and lead hold more of a theme ("indicators") or name ("naming")."""
        asked = partial(framing.prominence, self.measures, self.by, kind=kind, plan=self.plan)
        return self.kept(f"prominence of {kind}", asked)

    @cached_property
    def weeks(self) -> pd.Series:
        """The week of each dated article in words, in order; the month or year of a longer time."""
        days = self.measures.articles.set_index("id")["date"].str.slice(0, 10)
        days = pd.to_datetime(days[days != ""]).sort_values()
        start = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
        weeks = "week of " + start.dt.day.astype(str) + start.dt.strftime(" %B %Y")
        longer = (days.dt.strftime("%B %Y"), days.dt.strftime("%Y"))
        named = next((of for of in (weeks, *longer) if of.nunique() <= _MOST_WEEKS), longer[1])
        return named.astype(pd.CategoricalDtype(named.unique(), ordered=True))

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """Articles of each value of a published tag and of each week: of the largest of these."""
        tags = [tag for tag in self.measures.description.publish if tag != self.by]
        tagged = [self.measures.labels(tag).astype("str") for tag in tags]
        named = [f"{of.name}: " + of[of != ""] for of in tagged]
        found: dict[str, list[str]] = {}
        for labels in [*named, self.weeks]:
            largest = labels.value_counts().sort_index().nlargest(_PARTS).index
            if len(largest) > 1:
                shown = [name for name in labels.unique() if name in largest]  # weeks in order
                found |= {name: labels.index[labels == name].tolist() for name in shown}
        return found

    def against(self, one: str, other: str) -> pd.DataFrame:
        """Words of two groups, or of one and the rest: as tested, or else only described."""
        own = self.words[(self.words["target"] == one) & (self.words["reference"] == other)]
        return own if len(own) else self.described(one, other)

    def described(
        self,
        one: str,
        other: str,
        of: str = "",
        chosen: Callable[[Measures], Measures] = lambda measures: measures,
    ) -> pd.DataFrame:
        """Words of two groups in some of the measures, under the name `of`, without a test."""
        return self.kept(
            f"words of {one} against {other} {of}",
            lambda: vocabulary.keyness(chosen(self.measures), self.by, one, other, plan=DESCRIBED),
        )

    def telling(self, one: str, other: str) -> pd.DataFrame:
        """The same without what tells little of coverage."""
        return telling(self.against(one, other))

    # What else could explain each word that passed.
    explained = Kept(lambda s: robustness.explained(s.measures, s.words, s.by))
    # Hits read in their sentences; of articles read whole, each. How often a list picks the right
    # one of two articles that people coded; quotations missed.
    hits_read = Kept(lambda s: quality.hits(s.measures))
    hit_by_hit = Kept(lambda s: quality.hit_by_hit(s.measures))
    list_quality = Kept(lambda s: quality.frames(s.measures), spoken=True)
    missed = Kept(lambda s: quality.missed(), spoken=True)
    # Indicators by group, tested; competing names by group; counts of both by group and voice.
    themes = Kept(lambda s: framing.indicators(s.measures, s.by, plan=s.plan), spoken=True)
    names = Kept(
        lambda s: framing.naming(s.measures, s.by, plan=s.plan if s.names_tested else DESCRIBED),
        spoken=True,
    )
    hits = Kept(lambda s: _called_apart(framing.hits_by_group(s.measures, s.by)), spoken=True)
    # Of these, what may be shown as shares and rates: too few of the other hits are right.
    rated = Kept(
        lambda s: s.hits[~pd.MultiIndex.from_frame(s.hits[["set", "entry"]]).isin(s.as_words)]
    )
    # Shares of the sides, or without a list of them of speakers, by group; who is heard in each;
    # whom articles hear first; how introduced.
    sides = Kept(lambda s: sourcing.shares(s.measures, s.by, of=s.heard_as), spoken=True)
    speakers = Kept(lambda s: sourcing.speakers_by_group(s.measures, s.by), spoken=True)
    sources = Kept(lambda s: sourcing.source_diversity(s.measures, s.by), spoken=True)
    first = Kept(lambda s: sourcing.first_voices(s.measures, s.by, s.speakers_as), spoken=True)
    cues = Kept(lambda s: sourcing.cues(s.measures, s.speakers_as), spoken=True)
    # What each word adds to the divergence of the pair; what most groups say and one does not.
    shift = Kept(lambda s: usage.word_shift(s.measures, *s.pair, s.by))
    silences = Kept(
        lambda s: usage.silence(s.measures, s.by).query(f"n_articles >= {Evidence.WORDS:d}")
    )
    # One row of each comparison of the plan; themes that could be tested.
    contrasts = Kept(lambda s: vocabulary.summary(s.words) if len(s.words) else s.words)
    differences = Kept(lambda s: framing.differences(s.themes) if len(s.themes) else s.themes)
    # The tests in random halves of the largest group; how small a difference they could have shown.
    calibration = Kept(lambda s: robustness.calibration(s.measures, s.by))
    detectable = Kept(
        lambda s: robustness.detectable(s.measures, s.words, s.by) if len(s.words) else s.words
    )
    # One test of whether outlets of ten articles differ at all.
    all_at_once = Kept(lambda s: similarity.outlets_differ(s.measures, s.by, plan=s.plan))
    # Mean cosines between outlets, also without those within one; the two articles most alike of
    # every two groups; shared copy.
    alike = Kept(lambda s: similarity.between_outlets(s.measures, s.by, plan=s.plan))
    across = Kept(lambda s: s.alike[s.alike["a"] != s.alike["b"]])
    nearest = Kept(lambda s: similarity.nearest_pairs(s.measures, s.by))
    copy = Kept(lambda s: reuse.shared_copy(s.measures))
    # In what groups differ beside their coverage; articles grouped by event.
    rivals = Kept(lambda s: corpus.imbalances(s.measures, s.by))
    stories = Kept(lambda s: stories(s.measures))

    # In how many ways of asking the words that passed, and those that came nearest, pass.
    choices = Kept(
        lambda s: robustness.choices(s.measures, s.words, s.by) if len(s.words) else s.words
    )

    @Kept
    def stability(self) -> pd.DataFrame:
        """Every word that passed, asked for otherwise."""
        table = self.words
        passed = table[table["q"] < ALPHA][["target", "reference"]].drop_duplicates()
        if passed.empty:
            return nothing(*table.attrs.get("notes", []))
        asked = [
            robustness.stability(self.measures, one, other, self.by, table=table)
            for one, other in passed.itertuples(index=False, name=None)
        ]
        return pd.concat(asked, ignore_index=True)

    def shared_words(self, measures: Measures, a: str, b: str) -> list[str]:
        """The words that do most to make two articles alike.

        Where there is no list of the language's words that are too common to tell anything, those
        that half of the articles hold are left aside.
        """
        table = similarity.explain(measures, a, b)
        if not self.has_rules:
            matrix, terms = measures.counts()
            held = np.bincount(matrix.indices, minlength=len(terms))
            common = terms[held >= len(measures.articles) / 2]
            table = table[~table["term"].isin(common)]
        return table["spelling"].head(_TOLD).tolist()

    @cached_property
    def focus(self) -> Measures:
        """The articles of the story read first; all where there is no story of several outlets."""
        described = self.measures.description.focus
        if described:
            return corpus.focus(self.measures, **described)
        shared = self.stories[self.stories["outlets"] > 1]
        if shared.empty:
            return self.measures
        return self.measures.keep(shared.loc[shared["story"] == shared["story"].iloc[0], "article"])

    @cached_property
    def doubtful(self) -> tuple[list[str], str]:
        """Articles far from all others, by name, and how that is told; none where a topic is."""
        if self.measures.description.topic or len(self.measures.articles) > _MOST_COMPARED:
            return [], ""
        table = self.kept("doubtful", lambda: doubtful(self.measures))
        told = " ".join(table.attrs["notes"][-2:])
        return [str(self.called[i]) for i in table["article"]], told

    @cached_property
    def one_story(self) -> bool:
        """Whether all articles tell one story, which several outlets tell."""
        first = self.stories.head(1)
        alone = first["size"] == len(self.measures.articles)
        return bool(((first["outlets"] > 1) & alone).any())

    @cached_property
    def called(self) -> pd.Series:
        """By article: its title, or its outlet and its own most telling words."""
        return similarity.called(self.measures)

    @cached_property
    def texts(self) -> pd.DataFrame:
        """The texts that are at hand and are the ones measured: id, title, text."""
        beside = texts_beside(self.folder)
        if beside is None:
            return pd.DataFrame({"id": [], "title": [], "text": []}, dtype="str")
        return at_hand(self.measures, beside)

    @cached_property
    def sentences(self) -> pd.DataFrame | None:
        """The hits of themes and names in the articles with most of each, as far as at hand."""
        if self.texts.empty:
            return None
        entries = self.measures.indicators["entry"].astype("str").unique().tolist()
        most = evidence(self.measures, entries).groupby("entry").head(READ)["article"]
        return hits_at_hand(self.measures, self.texts[self.texts["id"].isin(most)])


def telling(table: pd.DataFrame) -> pd.DataFrame:
    """A table of words without those that tell little of coverage."""
    return table[~table["kind"].isin(ASIDE)]


def _called_apart(hits: pd.DataFrame) -> pd.DataFrame:
    """With what a chooser calls each entry: by its set as well where several sets have it."""
    entry, pairs = hits["entry"], hits[["set", "entry"]].drop_duplicates()
    several = entry.isin(pairs.loc[pairs["entry"].duplicated(), "entry"])
    return hits.assign(called=entry.where(~several, entry + " (" + hits["set"] + ")"))


def _of_one_language(measures: Measures) -> Measures:
    """The articles whose words can be compared with each other; the others are named in a note."""
    compared = set(languages.compared(measures.articles))
    spoken = measures.articles["language"]
    if compared >= set(spoken):
        return measures
    aside = spoken[~spoken.isin(compared)].value_counts().sort_index()
    note = (
        f"Set aside: {aside.sum():,} of {len(spoken):,} articles in another language than most "
        f"({', '.join(f'{code} {n}' for code, n in aside.items())}): words are compared within one "
        "language. Choose another with --only language=…."
    )
    kept = measures.keep(measures.articles.loc[spoken.isin(compared), "id"])
    return replace(kept, notes=(*kept.notes, note))


def study_of(corpus: str | Path, first: str = "", second: str = "") -> Study:
    """Open a corpus for its report.

    Parameters
    ----------
    corpus
        Name or folder of a measured corpus.
    first, second
        Groups to be shown against each other; left out: those with most articles.

    Raises
    ------
    AnalysisError
        Where there is no such corpus, or none of its articles is about its event.
    """
    folder = find_corpus(corpus).resolve()
    whole = open_measures(folder)
    measures, about = whole.on_topic(), whole.description
    if measures.articles.empty and not whole.articles.empty:
        raise AnalysisError(
            f"Every article has {about.topic_rule}; the most uses are "
            f"{whole.articles['topic_uses'].max()}.",
            "Correct topic, topic_least or topic_share in the description, or leave them out.",
        )
    if about.by != "language":
        measures = _of_one_language(measures)
    key = hashlib.sha256((folder / PACKAGE).read_bytes()).hexdigest()  # it names every table's hash
    return Study(measures, whole, folder, (first, second), _key=key)
