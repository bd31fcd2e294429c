"""Data that come with the package: tables in TOML and plain CSV, read from wherever the package was imported, a zip among it."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Protocol, cast

__all__ = ["shipped_bytes", "shipped_rows", "shipped_toml"]


class _ReadsData(Protocol):
    def get_data(self, path: str, /) -> bytes: ...


def shipped_bytes(package: str, *names: str) -> bytes:
    """A file beside the modules of ``package``; not by importlib.resources, which takes a new process longer than reading it."""
    module = sys.modules.get(package) or import_module(package)
    spec = module.__spec__
    if spec is None or spec.loader is None:
        raise ImportError(f"{package} was imported in a way that leaves its data files out", name=package)
    # Whatever loads modules from files or from a zip can read data beside them.
    return cast(_ReadsData, spec.loader).get_data(os.path.join(next(iter(module.__path__)), *names))  # noqa: PTH118


def shipped_toml(package: str, *names: str) -> dict[str, Any]:
    """A TOML file of the package."""
    import tomllib

    return tomllib.loads(_text(package, *names))


def shipped_rows(package: str, *names: str) -> list[list[str]]:
    """The rows of a CSV of the package, comments and header left out; a test holds it to be plain, so that splitting is enough."""
    lines = [line for line in _text(package, *names).split("\n") if line and line[0] != "#"]
    return [line.split(",") for line in lines[1:]]


def _text(package: str, *names: str) -> str:
    return shipped_bytes(package, *names).decode().replace("\r\n", "\n")
