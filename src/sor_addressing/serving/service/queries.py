"""What a request asks, as a question of JSON: what stands in its path and in its query, each name once, none unknown."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.types import Scope

from sor_addressing.hiding import shown
from sor_addressing.misspelt import nearest
from sor_addressing.serving.service.problems import ServiceProblem

_SWITCHES = {"true": True, "1": True, "false": False, "0": False}
_MOST_FIELDS = 200
_NEAR_PARTS = 2


def path_text(scope: Scope, name: str) -> str:
    """A part of the path, decoded; slashes and blanks in it are its own.

    Raises:
        ServiceProblem: it is no UTF-8.
    """
    return _text(unquote_to_bytes(scope["path_params"][name]), name)


def asked(scope: Scope, known: Collection[str], several: Collection[str] = ()) -> dict[str, object]:
    """The query, as values of a question.

    Args:
        scope: of the request.
        known: the names that it may have.
        several: those of them that may stand more than once.

    Raises:
        ServiceProblem: a name is unknown or stands twice, a value can't be what its name says, or it is no UTF-8.
    """
    query: bytes = scope["query_string"]
    if not query:
        return {}
    try:
        # As bytes in latin-1, so that what is no UTF-8 is found by name.
        pairs = parse_qsl(
            query.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise ServiceProblem("too-many-parameters", 400, most=_MOST_FIELDS) from error
    values: dict[str, list[str]] = {}
    for raw_name, raw_value in pairs:
        name = _text(raw_name.encode("latin-1"), "?")
        if name not in known:
            near = nearest(name.casefold(), known)
            code = "unknown-parameter-like" if near else "unknown-parameter"
            raise ServiceProblem(code, 400, name=shown(name), near=near, known=", ".join(sorted(known)) or "–")
        values.setdefault(name, []).append(_text(raw_value.encode("latin-1"), name))
    return {name: _value(name, given, name in several) for name, given in values.items()}


def _value(name: str, given: list[str], may_be_several: bool) -> object:
    if may_be_several:
        return given
    if len(given) > 1:
        raise ServiceProblem("parameter-twice", 400, name=name)
    text = given[0]
    return _READERS[name](name, text) if name in _READERS else text


def _switch(name: str, text: str) -> bool:
    if text.casefold() not in _SWITCHES:
        raise ServiceProblem("parameter-no-switch", 400, name=name, value=shown(text))
    return _SWITCHES[text.casefold()]


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
        raise ServiceProblem("parameter-no-number", 400, name=name, value=shown(text))
    return int(text)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ServiceProblem("parameter-no-number", 400, name=name, value=shown(text)) from error


def _point(name: str, text: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != _NEAR_PARTS:
        raise ServiceProblem("parameter-no-point", 400, name=name, value=shown(text))
    return [_number(name, part) for part in parts]


_READERS = {
    "own_location_only": _switch,
    "in_force_only": _switch,
    "short": _switch,
    "limit": _whole,
    "max_distance_m": _number,
    "near": _point,
}


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ServiceProblem("not-utf8", 400, name=name) from error


def wanted_names(names: Collection[str], *without: str) -> frozenset[str]:
    """The keys of a question that stand in a query."""
    return frozenset(names) - {"ask", "ref", *without}
