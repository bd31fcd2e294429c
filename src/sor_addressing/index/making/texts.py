"""Texts that many units share, while an index is built."""

from __future__ import annotations

from array import array


class Texts:
    """Texts that many units share, each kept once and known by its position; position 0 is the empty text."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {"": 0}

    def position(self, text: str) -> int:
        return self._positions.setdefault(text, len(self._positions))

    def columns(self) -> tuple[array[int], bytes]:
        encoded = [text.encode() for text in self._positions]
        start = array("Q", [0])
        total = 0
        for data in encoded:
            total += len(data)
            start.append(total)
        return start, b"".join(encoded)
