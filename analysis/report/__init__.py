"""Tables → pictures, tables to read, and pages. Nothing is computed here but layout.

Pictures
    A module of `report/plots/` per notebook. A plot function draws one tidy table of `compare`
    on the Axes it is given and hands them back, with a description that is composed from the
    data::

        from analysis.report.plots.style import BLUE, VERMILLION, axes, described, short, styled

        @styled                                   # the shared look, for this call only
        def words_by_outlet(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
            ax = axes(ax, rows=len(table))        # a new Figure of a fitting height, or `ax`
            ax.barh([short(name) for name in table["outlet"]], table["words"], color=BLUE)
            most = table.iloc[0]
            return described(ax, f"Bars: words by outlet. Most: {most.outlet} ({most.words:,}).")

    No pyplot (it would show the figure twice), no rcParams, no title or caption inside the
    picture: those are text, given to `figure` where it is shown. Colours are the named ones of
    `style` (Okabe and Ito's); ink, grid and paper follow the reader's light or dark scheme. Colour
    never stands alone: give a second sign (position, marker, label). The description says what
    the picture shows: its form, the extremes and their values, and n; it is compared strictly by
    nbval, so print rounded figures. `described` on several Axes of one Figure adds up.

Notebooks
    First code cell: `CORPUS = "crimea-2014"`, tagged `parameters`. First markdown cell: the title
    (`# …`) and, as the next paragraph, the question, which the index page quotes. Sections are
    `##`; one tagged `folded` is shut until a reader opens it. Formulas are TeX in `$…$` or
    `$$…$$`. A cell ends in one of::

        show(table, "Caption that says n")                   # a table, all rows of it
        figure(plot(table), "Title", "Caption that says n")  # a picture
        say("{outlet} has {words:,} words.", outlet=…, words=…)   # a sentence of figures
        choose(lambda outlet: figure(…), outlets, "Outlet")  # one of them for each choice
        about(table, other)                                  # their notes, folded, once a page

    The strings of a corpus (headlines, outlets, terms) are other people's: `show`, `figure` and
    `say` escape them; Markdown composed by hand does not.
    In JupyterLab `figure` is a PNG, which nbval does not compare, with its description as text,
    which it does; in the exported page it is an SVG whose text can be selected and searched.
"""

from analysis.report import findings, holds, story, tables
from analysis.report.pickers import choose
from analysis.report.plots.style import figure
from analysis.report.show import about, say, show
from analysis.report.study import study_of

__all__ = [
    "about",
    "choose",
    "figure",
    "findings",
    "holds",
    "say",
    "show",
    "story",
    "study_of",
    "tables",
]
