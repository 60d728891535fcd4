"""Names that stood here before version 1.0."""

from analysis.measure.sentences import quoted_spans as quoted_spans
from analysis.measure.speech.statements import Statement as Statement
from analysis.measure.speech.statements import find_statements as find_statements
from analysis.measure.speech.statements import statements as statements
