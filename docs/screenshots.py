"""Make the pictures of the documentation: the command line as SVG, reports as PNG by a headless Chromium where there is one.

``python docs/screenshots.py`` writes into ``docs/_static``, and leaves the pictures of reports as they are where there is no Chromium.
Everything is shown on the made-up sample, which stands still on its own day, so that the same version gives the same pictures.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from sor_addressing import Register, audit, review

PICTURES = Path(__file__).parent / "_static"

COMMANDS = {
    "validate": (120, "validate 990001 FDIS91 XDIS91 DIS91 --sample"),
    "resolve-da": (144, "resolve 990003 --sample --lang da"),
    "search": (84, "search hjerteafd sygehus --sample --limit 3"),
    "audit": (100, "audit --sample --rules receipt-missing --rules inheritance-broken --by administrator"),
}

BOOK = [
    {"Nr": "1", "Navn": "Lægehuset Entydig", "GLN": "5790999000314", "Meddelelse": "DIS91"},
    {"Nr": "2", "Navn": "Klinikken Lukket", "SOR-kode": "9005001000016002", "Meddelelse": "DIS91"},
    {"Nr": "3", "Navn": "Lægerne Envejs", "GLN": "5,79E+12", "Ydernr": "990007", "Meddelelse": "DIS91"},
    {"Nr": "4", "Navn": "Ambulatoriet Nedarvet", "SOR-kode": "9000051000016005", "Meddelelse": "DIS91"},
    {"Nr": "5", "Navn": "Afdelingen Lukker snart", "SOR-kode": "9000201000016003", "Meddelelse": "DIS91"},
]

# rich's own frame fetches a font from the network; this one takes what the reader's machine has.
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" class="rich-terminal" viewBox="0 0 {width} {height}">
<style>.{unique_id}-matrix{{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:{char_height}px;
line-height:{line_height}px;font-variant-east-asian:full-width}}{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}<g transform="translate({terminal_x},{terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


def command_line(name: str, width: int, command: str) -> None:
    """A command and what it prints on a terminal of that width."""
    env = {**os.environ, "COLUMNS": str(width), "FORCE_COLOR": "1", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    words = [sys.executable, "-m", "sor_addressing", *command.split()]
    ended = subprocess.run(words, env=env, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    if ended.returncode not in (0, 1):
        sys.exit(f"{command}: {ended.stderr}")
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text(f"$ sor-addressing {command}", style="bold"))
    console.print(Text.from_ansi(ended.stdout))
    svg = console.export_svg(title="", theme=MONOKAI, code_format=FRAME, unique_id=name)
    (PICTURES / f"{name}.svg").write_text(svg, "utf-8")


def page(chromium: str, html: Path, name: str, height: int) -> None:
    """The top of a page of HTML."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            chromium,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            f"--window-size=900,{height}",
            f"--screenshot={PICTURES / name}.png",
            html.as_uri(),
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603


def main() -> None:
    """Make all of them."""
    PICTURES.mkdir(exist_ok=True)
    for name, (width, command) in COMMANDS.items():
        command_line(name, width, command)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("no Chromium here: the pictures of reports are left as they are\n")
        return
    register = Register.sample()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "audit.html")
        audit(register).to_html(report)
        page(chromium, report, "audit-report", 900)
        (pack,) = audit(register).packs(Path(folder, "packs"), language="en", csv_only=True).packs
        page(chromium, pack.folder / "page.html", "pack-page", 1200)
        reviewed = Path(folder, "review.html")
        review(BOOK, register).to_html(reviewed, language="da")
        page(chromium, reviewed, "review-report", 900)


if __name__ == "__main__":
    main()
