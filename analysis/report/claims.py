"""What a page claims: a headline, the line of evidence below it, and how sure it is."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.compare.ground.inference import Evidence
from analysis.data import read_list
from analysis.errors import counted
from analysis.report.addresses import TEMPLATES
from analysis.report.plots.style import Picture
from analysis.report.show import Said, say
from analysis.report.study import Study

Badge = Literal["tested", "described", "confounded"]

SENTENCES = read_list(TEMPLATES / "sentences.toml")
# The one glossary: shown where a word of it is pointed at or focused, and folded on each page.
GLOSSARY = read_list(TEMPLATES / "glossary.toml")


@dataclass(frozen=True, eq=False)
class Claim:
    """One finding. Made by the rules of `analysis.report.findings` and shown by notebooks.

    Attributes
    ----------
    kind : what it is of; an index shows one of a kind
    headline, line : the finding; its unit, n and period
    sure : badge, and `detail` beside it, such as ``q = .017``
    rivals : what else could explain it
    picture : draws its small picture, where it has one
    figure : the number it rests on, in a few characters
    """

    kind: str
    headline: Said
    line: Said
    sure: Badge = "described"
    detail: str = ""
    rivals: Sequence[str] = ()
    picture: Callable[[], Picture] | None = None
    figure: str = ""

    @property
    def anchor(self) -> str:
        """Of the headline on its page."""
        return f"found-{self.kind}"

    @property
    def link(self) -> str:
        """Page and anchor of the evidence."""
        return f"{SENTENCES[self.kind]['page']}#{self.anchor}"

    def html(self) -> str:
        """Headline, evidence, badge and rivals; the picture stands below it on its page."""
        rivals = "".join(f"<li>{html.escape(rival)}</li>" for rival in self.rivals)
        sure = html.escape(", ".join(filter(None, [self.sure, self.detail])))
        badge = f'class="badge {self.sure}" data-gloss="{self.sure}">{sure}</button>'
        what = '<ul class="rivals" aria-label="What else could explain it">'
        return (
            f'<div class="claim"><h3 id="{self.anchor}">{self.headline.inline()}</h3>'
            f'<p class="line">{self.line.inline()} <button type="button" {badge}</p>'
            f"{rivals and f'{what}{rivals}</ul>'}</div>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        sure = ", ".join(filter(None, [self.sure, self.detail]))
        return "\n".join([repr(self.headline), f"{self.line!r} [{sure}]", *self.rivals])


def claim(
    name: str,
    study: Study,
    told: Mapping[str, Any] | None = None,
    sure: Badge = "described",
    detail: str = "",
    rivals: Sequence[str] = (),
    picture: Callable[[], Picture] | None = None,
    figure: str = "",
) -> Claim:
    """A case of ``templates/sentences.toml``, such as "words.found", with its values filled in.

    What every case may say of a corpus is known here; `told` is what this one says besides.
    """
    kind, _, case = name.partition(".")
    n, sizes = len(study.measures.articles), study.sizes
    common: dict[str, Any] = {"by": study.by, "bys": plural(study.by), "of": listed(sizes.index)}
    common |= {"articles": counted(n, "article"), "all": n, "most": sizes.max()}
    common["others"] = f"the other {plural(study.by, len(sizes) - 1)}"
    common |= {"need": int(Evidence.WORDS), "need_named": int(Evidence.NAMED_TERMS)}
    parts = (SENTENCES[kind][case][part] for part in ("headline", "line"))
    headline, line = (say(part, **common | {**(told or {})}) for part in parts)
    return Claim(kind, headline, line, sure, detail, rivals, picture, figure)


def plural(by: str, n: int = 2) -> str:
    """What is compared, as so many are called."""
    return by if n == 1 else f"{by}s" if by.isalpha() and not by.endswith("y") else f"{by} (values)"


def listed(names: Sequence[Any], most: int = 6) -> str:
    """Names as a sentence has them, six at most."""
    shown = [str(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "nobody"
