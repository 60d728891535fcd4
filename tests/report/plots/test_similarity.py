import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.compare.similarity import between_outlets, clusters, explain
from analysis.measure.measures import Measures
from analysis.report.addresses import address
from analysis.report.plots.similarity import contributions, heatmap
from analysis.report.plots.style import figure

OUTLETS = ["The Lantern", "Velmar Post", "Radio Skerry"]


def texts(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.texts]


def test_heatmap_writes_every_cosine_in_its_place(measures: Measures) -> None:
    table = between_outlets(measures)
    ax = heatmap(table, OUTLETS)
    assert [t.get_text() for t in ax.get_yticklabels()] == OUTLETS
    assert [t.get_text() for t in ax.get_xticklabels()] == OUTLETS
    written = {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in ax.texts}
    for row in table.itertuples():
        i, j = OUTLETS.index(row.a), OUTLETS.index(row.b)
        assert written[i, j] == written[j, i] == f"{row.cosine:.2f}".removeprefix("0")
    framed = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() > 0]
    assert len(framed) == 3
    most = table[table["a"] != table["b"]].iloc[0]
    assert f"highest for {most['a']} and {most['b']}" in figure(ax, "Outlets").alt


def test_heatmap_of_many_outlets_shows_the_largest() -> None:
    names = [f"outlet{i:02}" for i in range(40)]
    rows = [(a, a, i, 0.5) for i, a in enumerate(names)]
    rows += [(a, b, 1, 0.1) for a in names for b in names if a < b]
    table = pd.DataFrame(rows, columns=["a", "b", "articles_a", "cosine"])
    ax = heatmap(table, names)
    assert [t.get_text() for t in ax.get_yticklabels()] == names[22:]
    assert ax.get_xlabel() == "18 of 40: those with most articles"


def test_contributions_name_terms_as_they_are_written(measures: Measures) -> None:
    table = explain(measures, "velmar-00", "velmar-03")
    ax = contributions(table, "Skerry", "Post", terms=5)
    assert {"Skerry", "Post"} <= set(texts(ax))
    assert [t.get_text() for t in ax.get_yticklabels()] == table["spelling"].head(5).tolist()
    assert [bar.get_width() for bar in ax.patches] == table["contribution"].head(5).tolist()
    for label, term in zip(ax.get_yticklabels(), table["term"].head(5), strict=True):
        assert label.get_url() == address(term)
    for count in table["count_a"].head(5):
        assert str(count) in texts(ax)
    assert f"{len(table) - 5} other terms" in figure(ax, "Terms").alt


def test_draws_on_the_axes_it_is_given(measures: Measures) -> None:
    given = Figure().subplots()
    assert heatmap(between_outlets(measures), OUTLETS, ax=given) is given
    assert figure(given, "Given").alt


def test_order_of_the_tree_orders_the_heatmap(measures: Measures) -> None:
    by_stage_and_outlet = between_outlets(measures, "date")
    order = clusters(measures, "date").attrs["order"]
    shown = [t.get_text() for t in heatmap(by_stage_and_outlet, order).get_yticklabels()]
    assert shown == order
