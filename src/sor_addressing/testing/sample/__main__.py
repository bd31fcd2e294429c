"""Writes the shipped sample anew: ``python -m sor_addressing.testing.sample``, in a checkout of the project."""

from __future__ import annotations

import sys
from pathlib import Path

import sor_addressing
from sor_addressing.testing.sample import sample_extract


def main() -> int:
    """Write both files into the package that was imported, and tell where."""
    folder = Path(sor_addressing.__file__).parent / "sample"
    for path in sample_extract().write(folder):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
