"""Pictures of the report's pages for the README: `make screenshots`. Needs Chromium."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

OUT = Path(__file__).parent / "screenshots"
ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "reports"
PAGES = {
    "index": "reports/index.html",
    "story": "reports/01-story.html",
    "vocabulary": "reports/02-vocabulary.html",
    "voices": "reports/03-voices.html",
    "names": "reports/04-names-and-themes.html",
    "explorer": "reports/explorer.html#term=referendum",
}
# Of the invented example, whose texts may be shown: two articles next to each other, and nothing
# of the page above them.
READING = "01-story.html"
ALONE = (
    "<style>main > :not(#two-articles-side-by-side, #two-articles-side-by-side ~ *)"
    " { display: none }</style></head>"
)

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1280,1440",
    "--virtual-time-budget=3000",
]


def take(chromium: str, address: str, path: Path) -> None:
    """One page, as a small PNG."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        shot = Path(folder) / "shot.png"
        command = [chromium, *ARGUMENTS, f"--user-data-dir={folder}/profile"]
        subprocess.run([*command, f"--screenshot={shot}", address], check=True, capture_output=True)
        with Image.open(shot) as picture:
            small = picture.convert("RGB").resize((960, 1080), Image.Resampling.LANCZOS)
            small.quantize(64).save(path, optimize=True)


def main() -> None:
    """Every page that the report in reports/ has."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not (REPORTS / "index.html").is_file():
        sys.exit("Needs Chromium (apt-get install chromium) and a report: make report")
    OUT.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        file, _, anchor = page.partition("#")
        if not (ROOT / file).is_file():
            print(f"no page {file}: no picture of it")
            continue
        take(
            chromium,
            (ROOT / file).as_uri() + ("#" + anchor if anchor else ""),
            OUT / f"{name}.png",
        )
        print(f"{OUT / name}.png: {(OUT / f'{name}.png').stat().st_size // 1000} kB")
    with tempfile.TemporaryDirectory() as folder:
        example = [sys.executable, "-m", "analysis", "report", "example", "--out", f"{folder}/r"]
        subprocess.run(example, check=True, cwd=ROOT, capture_output=True, timeout=900)
        page = Path(folder) / "r" / READING
        page.write_text(page.read_text("utf-8").replace("</head>", ALONE, 1), "utf-8")
        take(chromium, page.as_uri(), OUT / "reading.png")


if __name__ == "__main__":
    main()
