"""The long run: ``python -m tests.fuzz [CASES] [SEED]``; it exits with 1 where one went wrong."""

from __future__ import annotations

import argparse
import faulthandler
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.harness import run


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("cases", type=int, nargs="?", default=5000)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    asked = parser.parse_args()
    faulthandler.enable()
    return run(asked.cases, asked.seed, progress=True).say()


if __name__ == "__main__":
    sys.exit(main())
