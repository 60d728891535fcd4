import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.compare.similarity import between_outlets, clusters, explain, map_articles
from analysis.measure.evidence import shared_passages
from analysis.measure.measures import Measures
from analysis.report.addresses import address
from analysis.report.plots.similarity import article_map, contributions, heatmap, shared_strip
from analysis.report.plots.style import NARRATOR, QUOTED, figure

OUTLETS = ["The Lantern", "Velmar Post", "Radio Skerry"]


def passages_of(a: str, b: str) -> pd.DataFrame:
    known = {"a": "0", "b": "1", "outlet_a": "Post", "outlet_b": "Lantern"}
    return shared_passages(a, b).assign(**known, length_a=len(a), length_b=len(b))


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
    assert [t.get_text() for t in ax.get_yticklabels()] == names[10:]


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


def test_map_names_points_and_writes_its_stress(measures: Measures) -> None:
    table = map_articles(measures)
    ax = article_map(table)
    assert f"stress {table.attrs['stress']:.2f}" in texts(ax)
    assert sorted(t for t in texts(ax) if not t.startswith("stress") and t) == sorted(
        table["outlet"]
    )
    drawn = np.vstack([np.asarray(c.get_offsets()) for c in ax.collections])
    assert len(drawn) == len(table)
    assert {tuple(p) for p in drawn} == {tuple(p) for p in table[["x", "y"]].to_numpy()}


def test_map_of_many_names_each_outlet_once() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(60, 2)), columns=["x", "y"])
    table["outlet"] = [("Post", "Lantern", "Skerry")[i % 3] for i in range(59)] + ["Herald"]
    ax = article_map(table)
    names = [t for t in texts(ax) if t and not t.startswith("stress")]
    assert sorted(names) == ["Herald", "Lantern", "Post", "Skerry"]
    one = [t.get_position() for t in ax.texts]
    assert one == [t.get_position() for t in article_map(table).texts]


def test_strip_puts_passages_where_they_stand() -> None:
    copy = "the ferry ran onto a sandbank at noon and was lost"
    spoken = "we shall never again sail so close to the shore"
    a = f"First line of mine. It is said that {copy}. “{spoken}”"
    b = f"“{spoken}” He wrote {copy}."
    passages = passages_of(a, b)
    ax = shared_strip(passages)
    drawn = {
        (p.get_x(), p.get_x() + p.get_width(), to_hex(p.get_facecolor()))
        for p in ax.patches
        if isinstance(p, Rectangle)
    }
    colours = {"narrator": NARRATOR, "quoted": QUOTED}
    for piece in passages.itertuples():
        colour = colours[piece.voice].lower()
        assert (piece.a_start, piece.a_end, colour) in drawn
        assert (piece.b_start, piece.b_end, colour) in drawn
    assert "2 shared passages" in figure(ax, "Copy").alt


@pytest.mark.parametrize("plot", ["heatmap", "map", "strip"])
def test_draws_on_the_axes_it_is_given(measures: Measures, plot: str) -> None:
    given = Figure().subplots()
    drawn = {
        "heatmap": lambda: heatmap(between_outlets(measures), OUTLETS, ax=given),
        "map": lambda: article_map(map_articles(measures), ax=given),
        "strip": lambda: shared_strip(passages_of("abc d " * 9, "abc d " * 8), ax=given),
    }[plot]()
    assert drawn is given
    assert figure(given, "Given").alt


def test_order_of_the_tree_orders_the_heatmap(measures: Measures) -> None:
    by_stage_and_outlet = between_outlets(measures, "date")
    order = clusters(measures, "date").attrs["order"]
    shown = [t.get_text() for t in heatmap(by_stage_and_outlet, order).get_yticklabels()]
    assert shown == order
