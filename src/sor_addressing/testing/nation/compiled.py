"""A made-up nation that is compiled once, and opened in a millisecond ever after."""

from __future__ import annotations

import os
from pathlib import Path

from sor_addressing._version import __version__
from sor_addressing.clock import Clock
from sor_addressing.errors import SnapshotError
from sor_addressing.misspelt import suggests_arguments
from sor_addressing.register.face import Register
from sor_addressing.whole_file import folder_made

__all__ = ["cached_nation"]


@suggests_arguments
def cached_nation(
    folder: str | os.PathLike[str], units: int = 5_000, *, seed: int = 1, clock: Clock | None = None
) -> Register:
    """The made-up nation of so many units, opened from ``folder``; made and compiled there where it isn't yet.

    A file is for one version of this library; those of other versions are left alone. Several processes may ask for the same at once. Where the
    folder can't be written, it is made anew each time.

    Args:
        folder: where compiled nations are kept; made where it is missing.
        units: how many there are in all, from 5 to 200,000.
        seed: another seed gives another nation.
        clock: tells today's date; it stands still on the nation's day by default.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     first, second = cached_nation(folder, 200), cached_nation(folder, 200)
    ...     len(first), len(second), [path.name for path in Path(folder).iterdir()] == [f"nation-200-1-{__version__}.sor"]
    (200, 200, True)
    """
    path = Path(folder) / f"nation-{units}-{seed}-{__version__}.sor"
    register = _opened(path)
    if register is None:
        from sor_addressing.testing.nation import made_up_nation

        made = made_up_nation(units, seed)
        try:
            folder_made(path.parent, error=SnapshotError)
            made.to_register().save(path)
        except SnapshotError:
            # The folder can't be written; or another process has written it meanwhile and has it open, which some systems let nobody replace.
            register = _opened(path)
            if register is None:
                return made.to_register(**({} if clock is None else {"clock": clock}))
        else:
            register = Register.open(path)
    day = register.snapshot_date
    return Register.open(path, clock=clock or (lambda: day))


def _opened(path: Path) -> Register | None:
    """The register in ``path``; None where there is none, or one that is damaged or of another layout."""
    try:
        return Register.open(path)
    except SnapshotError:
        return None
