"""The same table or picture for another choice of outlets, stage or voice, live in JupyterLab."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
from IPython.display import display

from analysis.errors import AnalysisError
from analysis.measure.measures import Measures
from analysis.measure.schema import VOICES, ZONES
from analysis.report.addresses import EXPORT_VARIABLE

ALL = "all"
_OF_WORDS = {"voice": VOICES, "zone": ZONES}
# Jupyter gives it to the kernels of notebooks that somebody has open, and to no others: a run for
# an export or a test shows the answer alone, the same every time.
_OPEN_NOTEBOOK = "JPY_SESSION_NAME"


@dataclass(frozen=True)
class Picker:
    """A question with choices. Made by `pick`."""

    ask: Callable[[Measures], Any]
    measures: Measures
    choices: dict[str, list[str]]
    live: bool

    def answer(self, **chosen: str) -> Any:
        """The answer for one choice of each; what is not named, or `all`, selects nothing."""
        wanted = {name: value for name, value in chosen.items() if value != ALL}
        return self.ask(self.measures.select(**wanted) if wanted else self.measures)

    def widget(self) -> ipywidgets.VBox:
        """The choices, and below them the answer, asked anew whenever one changes."""
        fields = {
            name: ipywidgets.Dropdown(
                options=[ALL, *values],
                description=name.replace("_", " "),
                layout=ipywidgets.Layout(width="auto"),
            )
            for name, values in self.choices.items()
        }
        out = ipywidgets.Output()

        def answer(_: object = None) -> None:
            with out:
                out.clear_output(wait=True)
                try:
                    display(self.answer(**{name: field.value for name, field in fields.items()}))
                except AnalysisError as refusal:  # too little is left to compare
                    display(ipywidgets.HTML(f"<p>{html.escape(str(refusal))}</p>"))

        for field in fields.values():
            field.observe(answer, names="value")
        answer()
        return ipywidgets.VBox([ipywidgets.HBox(list(fields.values())), out])

    def _ipython_display_(self) -> None:
        display(self.widget() if self.live else self.answer())


def pick(
    ask: Callable[[Measures], Any],
    measures: Measures,
    by: Sequence[str] = ("outlet", "stage", "voice"),
    *,
    live: bool | None = None,
) -> Picker:
    """A cell's last value that asks the same of other articles or words when a choice is made.

    Parameters
    ----------
    ask
        Measures → what a cell may end on, e.g.
        ``lambda m: show(usage.uses(m), "The commonest words")``.
    by
        What may be chosen: columns of articles or outlets, `voice`, `zone`. A column that the
        corpus lacks, or that has one value only, offers nothing to choose.
    live
        With widgets; left out: where a notebook is open, and not in an export or a test, which
        show the answer for everything.
    """
    if live is None:
        live = _OPEN_NOTEBOOK in os.environ and not os.environ.get(EXPORT_VARIABLE)
    choices = {name: found for name in by if len(found := _values(measures, name)) > 1}
    return Picker(ask, measures, choices, live)


def _values(measures: Measures, name: str) -> list[str]:
    if name in _OF_WORDS:
        return list(_OF_WORDS[name])
    if name not in measures.articles and name not in measures.outlets:
        return []
    return sorted(set(measures.labels(name)) - {""})
