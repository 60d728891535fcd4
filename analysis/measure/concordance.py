"""Until version 1.0 `concordance` can be imported from here as well."""

from analysis.measure.evidence import concordance as concordance
