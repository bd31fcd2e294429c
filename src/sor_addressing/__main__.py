"""``python -m sor_addressing``: the command line."""

from __future__ import annotations

from sor_addressing.cli import main

if __name__ == "__main__":
    main()
