"""The long run: ``python -m tests.fuzz [CASES] [SEED]``; it exits with 1 where one went wrong."""

from __future__ import annotations

import faulthandler
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.harness import run


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    faulthandler.enable()
    return run(cases, seed, progress=True).say()


if __name__ == "__main__":
    sys.exit(main())
