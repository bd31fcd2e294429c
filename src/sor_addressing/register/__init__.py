"""The register: the face of this library."""

from __future__ import annotations

from sor_addressing.register.face import Register, Source, Table

__all__ = ["Register", "Source", "Table"]
