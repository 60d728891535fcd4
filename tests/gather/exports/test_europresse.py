"""Europresse: the older tables and the newer articles."""

from conftest import read_bytes

TEXT = [
    "Le bac d'Osk ne partira plus le dimanche, a annoncé vendredi la mairie de la petite île.",
    "« Nous n'avons rien su », dit Ida Brandt, qui vend des harengs sur le quai depuis dix ans.",
]


def newer(n=3, headers=None, title=True):
    articles = []
    for k in range(1, n + 1):
        head = (headers or "Région, vendredi {k} mars 2031 843 mots, p. 7").format(k=k)
        name = f'<p class="TopNews titreArticleVisu rdp__articletitle">Bac {k}</p>'
        articles.append(
            "<article><header><div class='rdp__DocPublicationName'>"
            f"<span class='DocPublicationName'>Le Phare d'Osk, no. 1234{k} </span></div>"
            f"<div><span class='DocHeader'>{head}</span></div>"
            f"<div class='titreArticle'>{name if title else ''}</div>"
            "<p class='sm-margin-bottomNews'>Tomas Reuel</p></header><section>"
            f"<div class='DocText clearfix'><p>{TEXT[0]}</p><p>{TEXT[1]}</p></div></section>"
            f"<footer><div class='publiC-lblNodoc'>news·2031030{k}·OSK·9{k}</div></footer>"
            "</article>"
        )
    return "<html><body>" + "".join(articles) + "</body></html>"


def test_the_newer_layout():
    drafts = read_bytes(newer(), "bac.html")
    assert [d.fields["title"] for d in drafts] == ["Bac 1", "Bac 2", "Bac 3"]
    assert {d.fields["outlet"] for d in drafts} == {"Le Phare d'Osk"}
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02", "2031-03-03"]
    assert {d.fields["section"] for d in drafts} == {"Région"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}
    assert not any("Reuel" in v for d in drafts for v in d.fields.values())


def test_english_menus_dates_from_the_number_and_no_headline():
    drafts = read_bytes(newer(headers="Friday, March {k}, 2031 - 08:15"), "bac.html")
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02", "2031-03-03"]
    drafts = read_bytes(newer(headers="Région", title=False), "bac.html")
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02", "2031-03-03"]
    assert {d.fields["title"] for d in drafts} == {""}


def test_a_headline_of_one_element_authors_of_another_and_any_encoding():
    page = newer().replace("titreArticleVisu", "").replace("rdp__articletitle", "")
    assert "titreArticle" in page
    drafts = read_bytes(page.encode("utf-16"), "bac.html")
    assert [d.fields["title"] for d in drafts] == ["Bac 1", "Bac 2", "Bac 3"]
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}


def test_the_older_layout():
    tables = "".join(
        '<table><tr><td><span class="DocPublicationName">Le Phare</span><br>'
        f'<span class="DocHeader">Région, </span><span class="DocHeader">{k} mars 2031</span><br>'
        f'<span class="TitreArticleVisu">Le bac <b>{k}</b></span><br><br>{TEXT[0]}<p></p>{TEXT[1]}'
        "<p></p>© 2031 Le Phare. Tous droits réservés.<p></p>"
        f"Numéro de document : news·2031030{k}·OSK·9{k}<table><tr><td>Ce certificat est émis"
        "</td></tr></table></td></tr></table><p>"
        for k in (1, 2)
    )
    drafts = read_bytes(f"<html><body>{tables}</body></html>", "bac.html")
    assert [d.fields["title"] for d in drafts] == ["Le bac 1", "Le bac 2"]
    assert [d.fields["date"] for d in drafts] == ["2031-03-01", "2031-03-02"]
    assert {d.fields["section"] for d in drafts} == {"Région"}
    assert {d.fields["text"] for d in drafts} == {"\n\n".join(TEXT)}


def test_a_file_that_breaks_off_is_refused():
    page = newer()
    (problem,) = read_bytes(page[: page.rindex("<footer>")], "bac.html")
    assert "2 of 3 articles" in str(problem)


def test_names_inside_one_another_are_refused():
    page = '<html><div class="DocPublicationName">Post ' * 3
    (problem,) = read_bytes(page.encode(), "a.html")
    assert "0 of 3 articles" in str(problem)
