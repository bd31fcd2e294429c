"""From files or records to an index and a load report."""

from __future__ import annotations

from sor_addressing.loading.from_files import load_index
from sor_addressing.loading.from_records import build_index

__all__ = ["build_index", "load_index"]
