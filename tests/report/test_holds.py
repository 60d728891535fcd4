"""Does it hold: each finding asked again in another way."""

from analysis.report import holds


def test_a_planted_word_is_found_however_it_is_asked_for(planted):
    table = holds.checks(planted)
    assert list(table.columns[3:-1]) == list(holds.VARIANTS)
    row = table[table["finding"].str.contains("pier")].iloc[0]
    assert row["without the longest article"].startswith(holds.YES)
    assert row["without copy"] == holds.UNASKED  # no article shares copy
    kept, ways = map(int, row["of the ways below"].split(" of "))
    assert 0 < kept <= ways


def test_the_longest_article_of_each_outlet_goes_where_there_are_more(planted):
    articles = planted.measures.articles
    left = holds.without_longest(planted.measures).articles
    gone = articles[~articles["id"].isin(left["id"])]
    assert sorted(gone["outlet"]) == ["Post", "Skerry"]
    longest = articles.groupby("outlet")["words"].max()
    assert gone.set_index("outlet")["words"].to_dict() == longest.to_dict()


def test_the_first_picture_has_the_headline_s_figure(planted):
    shown, row = holds.ways(planted), planted.choices.iloc[0]
    assert shown["word"].iloc[0] == f"{row.spelling} ({row.more_used_by}), {row.kept} of {row.ways}"
    assert shown["share"].iloc[0] == row["kept"] / row["ways"] and len(shown) <= 8
