"""Where the project keeps its data files."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
LEXICONS = DATA / "lexicons"
