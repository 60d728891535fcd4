"""One picture or table for each of several choices: a chooser in JupyterLab and in the report."""

import html
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import ipywidgets
from IPython.display import display, publish_display_data

from analysis.errors import AnalysisError
from analysis.report.addresses import EXPORT_VARIABLE
from analysis.report.show import say, squeezed

# Jupyter gives it to the kernels of notebooks that somebody has open, and to no others: a run for
# an export or a test shows an answer, the same every time.
_OPEN_NOTEBOOK = "JPY_SESSION_NAME"


@dataclass(frozen=True)
class Chooser:
    """A question with choices. Made by `choose`."""

    ask: Callable[[str], Any]
    options: list[str]
    label: str
    live: bool
    empty: str

    def answer(self, choice: str) -> Any:
        """The answer to one choice, or why there is none."""
        try:
            return self.ask(choice)
        except AnalysisError as refusal:  # too little is left to compare
            return say("{refusal}", refusal=refusal)

    def _repr_html_(self) -> str:
        """The first answer, and squeezed the others, for the page's script. The same ones: once."""
        answers = [self.answer(option)._repr_html_() for option in self.options]
        if len(set(answers)) < 2:
            return "".join(answers[:1]) or f'<p class="empty">{html.escape(self.empty)}</p>'
        more = squeezed(list(zip(self.options, answers, strict=True))[1:])
        label, first = html.escape(self.label), html.escape(self.options[0])
        return (
            f'<div class="chooser" data-label="{label}"><div class="choice" data-choice="{first}">'
            f'{answers[0]}</div><script type="text/plain">{more}</script></div>'
        )

    def widget(self) -> ipywidgets.VBox:
        """The choices, and below them the answer, asked anew whenever one changes."""
        field = ipywidgets.Dropdown(options=self.options, description=self.label)
        return ipywidgets.interactive(lambda choice: display(self.answer(choice)), choice=field)

    def _ipython_display_(self) -> None:
        if os.environ.get(EXPORT_VARIABLE):
            publish_display_data({"text/html": self._repr_html_(), "text/plain": self.label})
        elif not self.options:
            display(say("{why}", why=self.empty))
        else:
            display(self.widget() if self.live else self.answer(self.options[0]))


def choose(
    ask: Callable[[str], Any],
    options: Iterable[object],
    label: str,
    *,
    live: bool | None = None,
    also: Iterable[object] = (),
    empty: str = "Nothing of this kind is here.",
) -> Chooser:
    """A cell's last value that shows another picture or table when another choice is made.

    Parameters
    ----------
    ask
        Choice → what a cell may end on, such as ``lambda outlet: figure(plot(keys, outlet))``.
    options
        The choices; the first is shown first, and alone where nothing can be chosen.
    label
        What is chosen, such as "Outlet".
    live
        With widgets; left out: where a notebook is open, and not in an export or a test.
    also
        Further choices where a notebook is open, which would make a page too long.
    empty
        What is said where there is no choice.
    """
    if live is None:
        live = _OPEN_NOTEBOOK in os.environ and not os.environ.get(EXPORT_VARIABLE)
    given = dict.fromkeys([*options, *(also if live else ())])
    return Chooser(ask, [str(option) for option in given], label, live, empty)
