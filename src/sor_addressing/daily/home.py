"""Where a store is: the folder asked for, else the environment's, else the one that the system has for a user's data."""

from __future__ import annotations

import os
from pathlib import Path

from sor_addressing.errors import StoreError

VARIABLE = "SOR_ADDRESSING_HOME"


def home_of(given: str | os.PathLike[str] | None) -> Path | None:
    """The folder of a store, absolute; None where this user has no home."""
    chosen = given or os.environ.get(VARIABLE)
    if chosen:
        # Path.expanduser raises where there is no home.
        return Path(os.path.abspath(os.path.expanduser(chosen)))  # noqa: PTH100, PTH111
    from platformdirs import user_data_path

    place = user_data_path("sor-addressing", appauthor=False)
    return place if place.is_absolute() else None


def no_home() -> StoreError:
    """The error for who has none, and the way out of it."""
    return StoreError(
        f"this user has no home folder to keep registers in: set {VARIABLE} or pass home=, or use update_in_memory()"
    )
