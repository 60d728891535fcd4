"""What all exports share: dates in lines, labels, names of languages, genres, outlets."""

import time

import pytest

from analysis.gather.exports import factiva, lexis, records
from analysis.gather.exports.addresses import recognises
from analysis.gather.exports.proquest import looks


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("May 2, 2002, Thursday,, FINAL EDITION", "May 2, 2002, Thursday"),
        ("Politique, jeudi 5 octobre 2013, p. 03", "jeudi 5 octobre 2013"),
        ("July 1, 2019 Monday 9:20 AM GMT", "July 1, 2019 Monday 9:20 AM GMT"),
        ("Montag, 3. Juni 2019, Hauptausgabe", "Montag, 3. Juni 2019"),
        ("2018年5月28日", "2018-05-28"),
        ("2018년 5월 28일", "2018-05-28"),
        ("The treaty of 1990 was signed", ""),
        ("No day at all", ""),
    ],
)
def test_a_date_in_a_line(line, date):
    assert records.date_in(line) == date


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("355 words", "355"),
        ("1,269 words", "1269"),
        ("1.269 Wörter", "1269"),
        ("1 269 mots", "1269"),
        ("1684 字", "1684"),
        ("355 words were spoken", ""),
        ("two words", ""),
        ("355 people", ""),
    ],
)
def test_a_count_of_words(line, count):
    assert records.count_of_words(line) == count


def test_labels_languages_genres_outlets():
    assert records.label_of("SECTION: News; Pg. 3", "lexis") == ("section", "News; Pg. 3")
    assert records.label_of("He said: no", "lexis") == ("", "He said: no")
    assert [records.language_code(x) for x in ("ENGLISH", "GERMAN; DEUTSCH", "Anglais", "en")] == [
        "en",
        "de",
        "en",
        "en",
    ]
    assert records.language_code("Klingon") == ""
    assert records.genre_of("", "Editorial Desk; Pg. 19") == "opinion"
    assert records.genre_of("Interview", "News") == "interview"
    assert records.genre_of("", "Harbour") == ""
    assert records.outlet_name("The Post(London)") == "The Post (London)"
    assert records.outlet_name("post.example.") == "post.example"


RULES = {
    "date_in": records.date_in,
    "count_of_words": records.count_of_words,
    "label_of": lambda x: records.label_of(x, "lexis"),
    "is_copyright": records.is_copyright,
    "outlet_name": records.outlet_name,
    "language_code": records.language_code,
    "genre_of": lambda x: records.genre_of("", x),
    "headings": lambda x: lexis.headings([x]),
    "lexis.looks": lambda x: lexis.looks(x.split()),
    "factiva.ends": factiva.ends,
    "factiva.looks": lambda x: factiva.looks([x]),
    "factiva.parse": lambda x: factiva.parse(x.split()),
    "proquest.looks": lambda x: looks(x.split()),
    "addresses": lambda x: recognises(x.encode(), ""),
}


@pytest.mark.parametrize("name", RULES)
def test_no_rule_takes_longer_than_its_input(name):
    """Sixteen times the input, at most forty times the time (or next to none)."""
    for piece in ("a", "1", " ", ":", ",", "1 ", "a:", "(", "2014 ", "1 of ", "\t", "{", "©", "年"):
        small, large = (_cpu(RULES[name], piece * n) for n in (5_000, 80_000))
        assert large < max(0.3, 40 * small), piece


def _cpu(rule, text):
    start = time.process_time()
    rule(text)
    return time.process_time() - start
