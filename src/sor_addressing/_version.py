"""The version, in its one place: the build reads it from here, and so does ``sor_addressing.__version__``."""

from __future__ import annotations

__version__ = "0.1.0"
