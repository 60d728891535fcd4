"""Does it hold: each finding asked again in another way."""

from analysis.report import holds


def test_a_planted_word_is_found_however_it_is_asked_for(planted):
    table = holds.checks(planted)
    assert list(table.columns[2:]) == [*holds.VARIANTS, holds.PRIOR]
    row = table[table["finding"].str.contains("pier")].iloc[0]
    assert row["without the longest article"].startswith(holds.YES)
    assert row["without copy"] == holds.UNASKED  # no article shares copy
    assert row[holds.LEADS].startswith(holds.YES)
    assert row[holds.LISTS] == holds.UNASKED
    places = planted.stability.set_index("spelling").loc["pier"]
    told = f"{places['α₀ = 100']:.0f}, {places['α₀ = n']:.0f}"
    assert row[holds.PRIOR] == f"{holds.YES} place {told}"


def test_what_is_gone_in_one_of_two_halves_does_not_hold(planted, monkeypatch):
    few = planted.measures.articles.groupby("outlet").head(4)["id"]
    every = planted.measures.articles["id"][1:]
    name = "two parts"
    monkeypatch.setitem(holds.VARIANTS, name, (lambda m: m.keep(every), lambda m: m.keep(few)))
    row = holds.checks(planted).set_index("finding")
    (cell,) = row[row.index.str.contains("pier")][name]
    assert cell == f"{holds.NO} nothing"


def test_what_leaves_nothing_or_one_outlet_is_not_asked(planted, monkeypatch):
    articles = planted.measures.articles
    nothing, one = articles["id"].head(0), articles.loc[articles["outlet"] == "Post", "id"]
    monkeypatch.setitem(holds.VARIANTS, "no article", (lambda m: m.keep(nothing),))
    monkeypatch.setitem(holds.VARIANTS, "one outlet", (lambda m: m.keep(one),))
    table = holds.checks(planted)
    assert len(table) and (table["no article"] == holds.UNASKED).all()
    row = table[table["finding"].str.contains("pier")].iloc[0]
    assert row["one outlet"] in (holds.UNASKED, f"{holds.NO} nothing")


def test_the_first_picture_has_the_headline_s_figure(planted):
    shown, row = holds.ways(planted), planted.choices.iloc[0]
    assert shown["word"].iloc[0] == f"{row.spelling} ({row.more_used_by}), {row.kept} of {row.ways}"
    assert shown["share"].iloc[0] == row["kept"] / row["ways"] and len(shown) <= 8


def test_of_more_findings_than_are_asked_again_the_headline_says_so(planted, monkeypatch):
    asked = planted.choices.head(2).assign(q=0.01, share=[0.5, 0.75])
    monkeypatch.setitem(vars(planted), "choices", asked)
    monkeypatch.setitem(vars(planted), "words", planted.words.head(7).assign(q=0.01))
    said = "The first 2 of 7 findings pass again in 50 % to 75 % of the ways to ask"
    assert holds.claim(planted).headline.plain() == said


def test_what_names_nobody_does_not_hold_where_nothing_is_found(planted, monkeypatch):
    found = planted.copy.head(0).reindex([0]).assign(outlet_a="Post", outlet_b="Skerry")
    found = found.assign(a="Post-0", b="Skerry-0", containment=0.4)
    monkeypatch.setitem(vars(planted), "copy", found)
    table = holds.checks(planted).set_index("finding")
    (row,) = table[table.index.str.contains("share copy")].to_dict("records")
    assert row[holds.HALVES] == row["without the longest article"] == f"{holds.NO} nothing"
