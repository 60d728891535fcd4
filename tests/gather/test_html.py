"""What HTML pages say of themselves and show; all pages, places and outlets are invented."""

import json

import pytest

from analysis.errors import AnalysisError
from analysis.gather.html import is_html, read_html
from analysis.gather.pages import read_page

BODY = [
    "The old bridge at Tarn was closed on Monday after the river rose by two metres overnight.",
    "Engineers found cracks in three of its seven piers, the town council said in a statement.",
    "“We will not open it before every stone has been looked at,” said the mayor, Ada Orr.",
    "The ferry will run until eight in the evening, and buses go round by the upper valley.",
]
TITLE = "Tarn closes its bridge as the river rises"
STATED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "name": "Somebody Else"},
        {
            "@type": "NewsArticle",
            "headline": "Tarn shuts bridge",
            "datePublished": "2014-03-14T18:05:00+01:00",
            "dateModified": "2015-01-01",
            "articleSection": ["Region"],
            "publisher": {"@type": "Organization", "name": "The Tarn Post"},
            "mainEntityOfPage": {"@id": "https://tarn.example/2014/03/bridge"},
        },
    ],
}


def html(body="", head="", paragraphs=BODY, lang="en-GB") -> str:
    article = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{TITLE} - Post</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a></nav><main><article><h1>{TITLE}</h1>{body}{article}</article>"
        "</main></body></html>"
    )


def ld(value=STATED) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_a_line_of_stars_is_no_headline():
    page = "<p>The quay is shut for good.</p><p>* * *</p><p>Nobody knows why, it was said.</p>"
    assert all(why != "headline" for _, why in read_html(page)["removed"])


def test_what_json_ld_says():
    found = read_page(html(head=ld()))
    expected = {
        "title": TITLE,
        "date": "2014-03-14",
        "time": "18:05+01:00",
        "outlet": "The Tarn Post",
        "url": "https://tarn.example/2014/03/bridge",
        "section": "Region",
    }
    assert {k: found[k] for k in expected} == expected
    assert found["text"].split("\n\n") == BODY


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://tarn.example/a/bridge?x=1">',
        '<meta property="og:url" content="https://tarn.example/a/bridge?x=1">',
        '<base href="https://tarn.example/"><link rel="canonical" href="/a/bridge?x=1">',
        '<link rel="canonical" href="/"><meta property="og:url" '
        'content="https://tarn.example/a/bridge?x=1">',
    ],
)
def test_the_canonical_address(head):
    assert read_page(html(head=head))["url"] == "https://tarn.example/a/bridge?x=1"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:modified_time" content="2014-03-15">', ""),
        ('<meta name="last-modified" content="2014-03-15">', ""),
        ('<meta name="pubdate" content="Fri, 14 Mar 2014 10:30:00 GMT">', "2014-03-14"),
        ('<meta itemprop="datePublished" content="20140314T103000Z">', "2014-03-14"),
        ('<link rel="canonical" href="https://tarn.example/2014/03/14/bridge">', "2014-03-14"),
        ('<link rel="canonical" href="https://tarn.example/2014/33/14/bridge">', ""),
        (
            '<meta name="date" content="soon"><meta name="pubdate" content="2014-03-14">',
            "2014-03-14",
        ),
    ],
)
def test_the_day_of_publication(head, date):
    assert read_page(html(head=head))["date"] == date


def test_the_day_is_the_outlets_own():
    head = (
        '<meta property="article:published_time" content="2014-03-15T02:10:00Z">'
        '<link rel="canonical" href="https://tarn.example/2014/03/14/bridge">'
    )
    found = read_page(html(head=head))
    assert (found["date"], found["time"]) == ("2014-03-14", "")


def test_times_of_other_stories_are_no_date():
    one = '<time datetime="2014-03-14T10:00">today</time>'
    two = '<aside><article><time datetime="2013-01-01">old</time></article></aside>'
    assert read_page(html(body=one))["date"] == "2014-03-14"
    assert read_page(html(body=one + two))["date"] == ""


def test_a_date_that_can_be_read_two_ways_obeys_who_knows():
    head = '<meta property="article:published_time" content="03/04/2014">'
    found = read_page(html(head=head))
    assert found["date"] == "" and "can be read day first" in str(found["unread"]["date"])
    assert read_page(html(head=head), dayfirst=True)["date"] == "2014-04-03"
    assert read_page(html(head=head), dayfirst=False)["date"] == "2014-03-04"


@pytest.mark.parametrize(
    "before",
    [
        "<!-- saved from url=(0031)https://tarn.example/bridge -->\n",
        "\ufeff\n  <?xml version='1.0'?>\n",
        "<script>var a = 1;</script>",
        "HTTP/1.1 200 OK\nServer: x\n\n",
    ],
)
def test_html_whatever_it_begins_with(before):
    assert read_page(before + html())["text"].split("\n\n") == BODY


@pytest.mark.parametrize("tag", ["article", "div", "section", "body"])
def test_a_fragment_is_html_too(tag):
    found = read_page(f"<{tag}>" + "".join(f"<p>{p}</p>" for p in BODY) + f"</{tag}>")
    assert found["text"].split("\n\n") == BODY


@pytest.mark.parametrize("text", ["a < b and c > d", "<3 from Tarn", "Use <p> for paragraphs.", ""])
def test_what_is_no_html(text):
    assert not is_html(text)


def test_quotations_marked_by_an_element():
    said = "<q>We had <em>no</em> choice</q>, said the mayor, Ida Renn, on Monday at the pumps."
    found = read_page(html(paragraphs=[BODY[0], said, *BODY[2:]]))
    assert "“We had no choice”, said the mayor" in found["text"]


def test_the_headline_is_not_said_again():
    found = read_page(html(head=ld(), body=f"<h2>{TITLE.upper()}!</h2><p>Tarn shuts bridge</p>"))
    assert found["text"].split("\n\n") == BODY


def test_markup_behind_other_words_and_a_headline_between_paragraphs():
    parts = "".join(f"<p>{p}</p>" for p in BODY)
    assert read_page(f"saved on Monday\n\n<section>{parts}</section>")["text"].endswith(BODY[-1])
    again = html(paragraphs=[BODY[0], TITLE, *BODY[1:]])
    assert read_page(again)["text"].split("\n\n") == BODY


def test_a_standfirst_that_is_shown_is_kept_and_one_that_is_not_shown_is_not():
    first = "Buses go round by the upper valley while engineers look at every stone of it."
    head = f'<meta property="og:description" content="{first}">'
    assert read_page(html(head=head))["text"].split("\n\n") == BODY
    shown = read_page(html(head=head, body=f"<div class='deck'>{first}</div>"))
    assert shown["text"].split("\n\n") == [first, *BODY]
    prefixed = f"<div class='u'><p>(Tarn Press)<br>{first}</p></div>"
    page = html(head=head).replace("<article><h1>", "<h1>")
    named = read_page(page.replace("</h1>", f"</h1>{prefixed}<article>"))
    assert f"(Tarn Press) {first}" in named["text"].replace("\n\n", " ")


def test_the_article_in_short_is_part_of_it_and_a_list_of_links_or_offers_is_not():
    points = [
        "Engineers have found cracks in three of the seven piers",
        "The ferry runs until eight in the evening at no cost to anybody",
    ]

    def listed(items, tag="ul"):
        return f"<div class='x'><{tag}>{''.join(f'<li>{p}</li>' for p in items)}</{tag}></div>"

    def read(shown):
        page = html(body="").replace("<article><h1>", "<h1>").replace("</h1>", f"</h1>{shown}")
        return read_page(page.replace("<p>", "<article><p>", 1))["text"].split("\n\n")

    assert read(listed(points)) == [*points, *BODY]
    assert read(listed(points, "ol")) == [*points, *BODY]
    assert read(listed([f"<a href='/{n}'>{p}</a>" for n, p in enumerate(points)])) == BODY
    assert read(listed(["Read on every device", "Cancel whenever you like"])) == BODY


@pytest.mark.parametrize("called", ["page-subheadline", "sub-headline speakable", "c-standfirst"])
def test_a_standfirst_is_known_by_what_its_class_calls_it(called):
    first = "Buses take the long way while masons look at every stone"
    shown = read_page(html(body=f"<h2 class='{called}'>{first}</h2>"))
    assert shown["text"].split("\n\n") == [first, *BODY]


def test_the_card_of_another_story_inside_the_text_goes_and_a_linked_heading_of_it_stays():
    own = '<link rel="canonical" href="https://tarn.example/bridge">'
    card = (
        "<div><img src='a.jpg'><h3><a href='/ferry'>Ferry fares double overnight</a></h3>"
        "<p>The company blames the price of coal</p></div>"
    )
    found = read_page(html(head=own, body=f"<p>{BODY[0]}</p>{card}"))
    assert "Ferry" not in found["text"] and "coal" not in found["text"]
    assert ("The company blames the price of coal", "other stories") in found["removed"]
    long = "".join(f"<p>{p}</p>" for p in BODY)
    part = f"<div><h3><a href='/inquiry'>What the inquiry found in May</a></h3>{long}</div>"
    assert "What the inquiry found in May" in read_page(html(head=own, body=part))["text"]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            "<p><a href='/f'><strong>FERRY COMPANY DOUBLES ITS FARES</strong></a></p>",
            "other stories",
        ),
        (
            "<blockquote class='twitter-tweet'><p>What a flood, never seen the like.</p>— Ben"
            "</blockquote>",
            "embedded post",
        ),
        (
            "<div class='promo-wrapper'><p>A storm closed the harbour again.</p></div>",
            "page furniture",
        ),
        ("<p>Related: Ferry company doubles its fares</p>", "other stories"),
        ("<p>Click here to read more.</p>", "other stories"),
        ("<p>Support our journalism from as little as £1 a month.</p>", "newsletter"),
        (
            "<p>Tarn in your hands Please check the box below. The address is not a valid email. "
            "Thank you for signing up.</p>",
            "newsletter",
        ),
        ("<p>A crane stands on the quay of Oru, where work stopped. | Photo</p>", "picture"),
        ("<p>Have you been affected by this? Get in touch</p>", "comments"),
        ("<p>The Tarn Post is on WhatsApp. Join our channel</p>", "share"),
        ("<p>This article is for subscribers only.</p>", "paywall"),
        ("<p>___</p>", "separator"),
    ],
)
def test_what_is_not_the_article_goes_and_is_listed(markup, reason):
    inside = [BODY[0], BODY[1]]
    page = html(paragraphs=inside).replace(f"<p>{BODY[1]}</p>", f"{markup}<p>{BODY[1]}</p>")
    page = page.replace("</article>", "".join(f"<p>{p}</p>" for p in BODY[2:]) + "</article>")
    found = read_page(page)
    assert found["text"].split("\n\n") == BODY
    assert reason in {why for _, why in found["removed"]}


def test_a_linked_sentence_is_the_article():
    linked = "<a href='/x'>The council will meet again on Thursday, and the public may come.</a>"
    found = read_page(html(paragraphs=[*BODY, linked]))
    assert found["text"].endswith("the public may come.")


def test_other_articles_on_the_page_are_cut():
    other = "<article><h2>Ferry fares double</h2>" + "<p>A ferry ticket now costs nine.</p>" * 3
    page = html(paragraphs=[*BODY, *(f"{p} So it was in {n}." for n, p in enumerate(BODY))])
    found = read_page(page.replace("</main>", other + "</article></main>"))
    assert "ticket" not in found["text"] and found["text"].startswith(BODY[0])


@pytest.mark.parametrize(
    "page",
    [
        "<html>" + "<div>" * 20_000 + "text" + "</div>" * 20_000,
        "<html>" + "<q>" * 5_000,
        '<html><script type="application/ld+json">' + "[" * 50_000 + "</script><p>x</p>",
        '<html><link rel="canonical" href="http://[x"><base href="http://[">',
        "<html><meta property><meta content><time datetime>",
    ],
)
def test_hostile_markup_is_read_or_refused(page):
    body = "".join(f"<p>{p}</p>" for p in BODY)
    try:
        found = read_page(page + body)
    except ValueError as e:
        assert "no running text" in str(e)
    else:
        assert isinstance(found["text"], str)


OTHER = [
    "Bakers in Skerry bake less bread this year because flour has become dear, their guild said.",
    "The price of a loaf rose by a tenth since the winter, and many shops open late on Mondays.",
]
HEADS = ("Flour becomes dear in Skerry", "Ferry to Oru gets a new engine", "Mayor of Lund resigns")
TEASERS = "".join(
    f'<article class="card"><h3><a href="/other/{i}">{head}</a></h3><p>{OTHER[i % 2]}</p>'
    f'<time datetime="2031-01-0{i + 1}">{i + 1} January</time></article>'
    for i, head in enumerate(HEADS)
)
AT = '<p>Published <time datetime="2031-03-14">14 March</time> Updated <time class="updated" datetime="2031-03-15">15 March</time></p>'  # noqa: E501
STORY = "".join(f"<p>{p}</p>" for p in BODY)
H1 = f"<h1>{TITLE}</h1>"


def posts(heading):
    each = (
        f'<article class="post">{heading.format(i)}<p>{p}</p></article>' for i, p in enumerate(BODY)
    )
    return "".join(each)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        f"<section>{TEASERS}</section><main><article>{H1}{AT}{STORY}</article></main>",
        f"<section>{TEASERS}</section><main>{H1}{AT}<article>{STORY}</article></main>",
        f'<main>{H1}{AT}<div class="body">{STORY}</div><section>{TEASERS}</section></main>',
        f"<article>{H1}{AT}{STORY.replace('</p>', f'</p><div>{TEASERS}</div>', 1)}</article>",
        f"<article>{H1}{AT}{STORY}</article><article><h1>{HEADS[0]}</h1><p>{OTHER[0]}</p></article>",
        f"<main>{H1}{AT}{posts('<h2>1{}:00</h2>')}</main><aside>{TEASERS}</aside>",
        f"<main>{H1}{AT}{posts('<h2><a href=/bridge?post={}>Now</a></h2>')}</main>{TEASERS}",
        f"<article>{H1}{AT}{posts('<h3><a href=#p{}>Now</a></h3>')}</article>{TEASERS}",
    ],
)
def test_a_page_of_several_articles_is_the_story_of_its_headline(body):
    head = '<link rel="canonical" href="https://tarn.example/bridge">'
    page = f"<html><head><title>{TITLE} | Post</title>{head}</head><body>{body}</body></html>"
    found = read_page(page)
    assert (found["title"], found["date"]) == (TITLE, "2031-03-14")
    lines = found["text"].split("\n\n")
    assert [x for x in lines if x in BODY] == BODY
    assert not {*lines} & {*HEADS, *OTHER, "Published Updated"}


@pytest.mark.parametrize(
    "teaser", ["", "<p>The river fell again on Sunday, people in Oru said.</p>"]
)
def test_a_front_page_is_no_article_and_an_article_above_one_is(teaser):
    items = "".join(
        f"<div><h3><a href='/{n}'>Boat number {n} comes back to Oru</a></h3>{teaser}</div>"
        for n in range(9)
    )
    front = f"<!doctype html><html><head><title>Oru Post</title></head><body>{items}</body></html>"
    with pytest.raises(AnalysisError, match="no running text"):
        read_page(front)
    without = html(body="<br><br>".join(BODY), paragraphs=())  # no paragraph is marked
    for page in (html(), without):
        beside = page.replace("</main>", f"</main><aside>{items}</aside>")
        assert read_page(beside)["text"].split("\n\n") == BODY


def test_a_list_of_stories_is_no_article():
    page = (
        f"<html><body><nav>Home</nav><main><h1>News of the day</h1>{TEASERS}</main></body></html>"
    )
    with pytest.raises(ValueError, match="no running text"):
        read_page(page)


def test_a_time_of_change_is_no_day_of_publication():
    changed = '<p>Updated <time datetime="2031-03-15">15 March</time></p>'
    found = read_page(html(body=changed))
    assert found["date"] == "" and found["text"].split("\n\n") == BODY


_SAID = [
    "The harbour of Oru was closed on Monday after the storm, the mayor of the town said.",
    "Fishermen had waited for three days before the ferry left again for the port of Tarn.",
    "A spokeswoman of the line said that the quay would be mended by the end of the summer.",
    "Nobody was hurt when the crane fell on the quay, according to the police of the town.",
    "The council meets on Thursday to speak of the money for the new wall of the harbour.",
]
_BODY = "".join(f"<p>{line}</p>" for line in _SAID)
_OTHER = (
    "<h3>Mill burns in Velm</h3><p>The mill of Velm burned down, and the miller was rescued.</p>"
)
_HEAD = "<h1>Storm closes the harbour of Oru</h1>"


@pytest.mark.parametrize(
    "page",
    [
        f"{_HEAD}<div><article>{_BODY}</article><article>{_OTHER}</article></div>",
        f"<article>{_OTHER}</article><header>{_HEAD}</header><article>{_BODY}</article>",
        f"{_HEAD}<div>{_BODY}</div><article>{_OTHER}</article>",
        f"<div>{_HEAD}</div><article><div>{_BODY}</div><article>{_OTHER}</article></article>",
    ],
)
def test_other_stories_go_where_the_headline_stands_outside_its_article(page):
    assert read_page(f"<html><body>{page}</body></html>")["text"].split("\n\n") == _SAID


def test_posts_with_headings_below_a_headline_outside_them_stay():
    posts = "".join(
        f"<article><h3>At {n} o'clock</h3><p>{x}</p></article>" for n, x in enumerate(_SAID)
    )
    text = read_page(f"<html><body>{_HEAD}{posts}</body></html>")["text"]
    assert all(line in text for line in _SAID)
