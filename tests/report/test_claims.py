"""A claim as text and as HTML."""

import re

from analysis.report import findings
from analysis.report.study import study_of


def test_claims_of_hostile_strings_are_text(hostile_corpus):
    given = study_of(hostile_corpus)
    for rule in (findings.the_corpus, *findings.RULES.values()):
        if claim := rule(given):
            assert not re.search("<(script|img|b )", claim.html()), rule.__name__
