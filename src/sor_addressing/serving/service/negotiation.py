"""What a client takes: which of the media types that there are, and Danish or English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Headers = Iterable[tuple[bytes, bytes]]

_MOST_RANGES = 100
_MOST_CHARACTERS = 4_096


def header_of(headers: Headers, name: bytes) -> str:
    """All values of a header, with commas between them."""
    return ", ".join(value.decode("latin-1") for key, value in headers if key == name)


def language_of(headers: Headers) -> str:
    """Danish or English, by ``Accept-Language``: that of the highest weight, of equals the first; English where neither is asked for.

    >>> language_of([(b"accept-language", b"sv, da-DK;q=0.8, en;q=0.7")]), language_of([(b"accept-language", b"da;q=0")])
    ('da', 'en')
    """
    best, language = 0.0, "en"
    for name, weight in _weighted(header_of(headers, b"accept-language")):
        primary = name.partition("-")[0]
        if weight > best and (primary in ("da", "en") or name == "*"):
            best, language = weight, "da" if primary == "da" else "en"
    return language


def accepted(accept: str, offers: Sequence[str]) -> str | None:
    """Which of the media types on offer is taken: that of the highest weight, of equals the first; None where none is.

    >>> accepted("text/html, application/*;q=0.5", ["application/json"]), accepted("text/html", ["application/json"])
    ('application/json', None)
    """
    if not accept.strip():
        return offers[0]
    ranges = list(_weighted(accept))
    best: tuple[float, str | None] = (0.0, None)
    for offer in offers:
        weight = _weight_of(offer, ranges)
        if weight > best[0]:
            best = weight, offer
    return best[1]


def _weight_of(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight that the most particular of the ranges gives."""
    kind = offer.partition("/")[0]
    for wanted in (offer, f"{kind}/*", "*/*"):
        given = [weight for name, weight in ranges if name == wanted]
        if given:
            return max(given)
    return 0.0


def _weighted(text: str) -> Iterable[tuple[str, float]]:
    """The ranges of a header and their weights; what can't be read has none."""
    for part in text[:_MOST_CHARACTERS].split(",", _MOST_RANGES)[:_MOST_RANGES]:
        name, *parameters = part.split(";")
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().casefold() == "q":
                weight = _weight(value.strip())
        if name.strip():
            yield name.strip().casefold(), weight


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
