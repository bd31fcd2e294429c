"""What a terminal can show: its colours, its width, and whether there is one at all.

The colours are those of Okabe and Ito, which people with any colour vision tell apart (M. Okabe and K. Ito, Color Universal Design, 2008). A
terminal of 16 colours has those of its own theme instead. Colour never says anything that no word says.
"""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.theme import Theme

_OKABE_ITO = Theme(
    {
        "good": "bold #009e73",
        "bad": "bold #d55e00",
        "warning": "#e69f00",
        "note": "#56b4e9",
        "made-up": "bold #cc79a7",
        "quiet": "dim",
        "loud": "bold",
    }
)
_OF_THE_TERMINAL = Theme(
    {
        "good": "bold green",
        "bad": "bold red",
        "warning": "yellow",
        "note": "cyan",
        "made-up": "bold magenta",
        "quiet": "dim",
        "loud": "bold",
    }
)
_MANY_COLOURS = ("256", "truecolor")


def console(*, stderr: bool = False) -> Console:
    """Standard output, or standard error, as rich sees it: ``NO_COLOR`` and ``FORCE_COLOR`` are honoured where they are not empty."""
    no_colour = bool(os.environ.get("NO_COLOR"))
    # rich before version 14 takes an empty FORCE_COLOR for a wish.
    forced = (sys.stderr if stderr else sys.stdout).isatty() if os.environ.get("FORCE_COLOR") == "" else None
    return Console(stderr=stderr, no_color=no_colour, force_terminal=forced, highlight=False, markup=False, emoji=False)


def colour(of: Console) -> None:
    """Teach a console the styles ``good``, ``bad``, ``warning``, ``note``, ``made-up``, ``quiet`` and ``loud``."""
    of.push_theme(_OKABE_ITO if of.color_system in _MANY_COLOURS else _OF_THE_TERMINAL)


def is_screen(of: Console) -> bool:
    """Whether somebody looks at it: ``FORCE_COLOR`` asks for colours in a pipe, not for tables as wide as a screen or for moving bars."""
    if of.is_terminal and os.environ.get("FORCE_COLOR"):
        return of.file.isatty()
    return of.is_terminal
