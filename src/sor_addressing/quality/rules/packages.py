"""Rules that hold registrations against packages: what a number should have, and what it has too much of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import attrs

from sor_addressing.index.columns import NOTHING
from sor_addressing.index.words import words_of
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.packages import Package
from sor_addressing.quality.scope import AuditScope, Details, Place, Said, Seen
from sor_addressing.register.allowing.system_names import folded
from sor_addressing.texts import LANGUAGES

_NEEDS = ("registrations", "packages")
_HELPED_BY = ("directions of registrations", "unit types", "specialities", "approvals")


@rule("package-types-missing", "warning", needs=_NEEDS, helped_by=_HELPED_BY)
def package_types_missing(scope: AuditScope) -> Iterator[Seen]:
    """A number in use lacks message types that the package of its owner says it should have.

    Source: the package itself names its source; regions agree on packages with their suppliers.
    """

    def judge(asked: _Asked, said: Said) -> Iterator[Details]:
        send = asked.missing(asked.package.should_send, said.send_perhaps)
        receive = asked.missing(asked.package.should_receive, said.receive_perhaps)
        if send or receive:
            yield {"package": asked.package.name, "send": send, "receive": receive}

    return _on_packages(scope, judge)


@rule("package-types-beyond", "warning", needs=_NEEDS, helped_by=_HELPED_BY)
def package_types_beyond(scope: AuditScope) -> Iterator[Seen]:
    """A number in use has message types that the package of its owner rules out, or all others where the package is complete.

    Source: the package itself names its source; regions agree on packages with their suppliers.
    """

    def judge(asked: _Asked, said: Said) -> Iterator[Details]:
        beyond = said.all & asked.ruled_out
        if asked.package.complete:
            beyond |= (said.send_perhaps & ~asked.to_send | said.receive_perhaps & ~asked.to_receive) & ~asked.receipts
        if beyond:
            yield {"package": asked.package.name, "message_types": scope.names(beyond)}

    return _on_packages(scope, judge)


@attrs.define(slots=True)
class _Asked:
    """A package with its types as bits of one index."""

    package: Package
    scope: AuditScope
    to_send: int = 0
    to_receive: int = 0
    ruled_out: int = 0
    receipts: int = 0
    _bits: dict[str, int] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        package, known = self.package, catalogue()
        self.to_send = self._all((*package.should_send, *package.may_send), _of_family)
        self.to_receive = self._all((*package.should_receive, *package.may_receive), _of_family)
        self.ruled_out = self._all(package.must_not, _of_code)
        self.receipts = self.scope.bits(lambda one: known.is_receipt(one.family))
        for text in (*package.should_send, *package.should_receive):
            self._bits[text] = self._all((text,), _of_family)

    def _all(self, texts: Iterable[str], fits: Callable[[MessageType, MessageType], bool]) -> int:
        bits = 0
        for text in texts:
            wanted = catalogue().parse(text)
            bits |= self.scope.bits(partial(fits, wanted))
        return bits

    def missing(self, texts: Iterable[str], registered: int) -> tuple[str, ...]:
        """The types of which no format is registered."""
        return tuple(text for text in texts if not registered & self._bits[text])


def _of_code(wanted: MessageType, one: MessageType) -> bool:
    """Whether a registered type is the one that was asked for: in its version, where one was given."""
    same = wanted.code == one.code and wanted.family == one.family
    return same and wanted.version in (None, one.version)


def _of_family(wanted: MessageType, one: MessageType) -> bool:
    """Whether a registered type is the one that was asked for; the bare code of a whole family means every format of it."""
    if wanted.version is not None or wanted.code != wanted.family:
        return _of_code(wanted, one)
    return wanted.family == one.family


def _on_packages(scope: AuditScope, judge: Callable[[_Asked, Said], Iterator[Details]]) -> Iterator[Seen]:
    asked = [_Asked(package, scope) for package in scope.packages or ()]
    if not asked:
        return
    judged: dict[tuple[int, int], tuple[Details, ...]] = {}
    sets = scope.columns.number_set
    fits = _PackagesForOwners(scope)
    for place in scope.in_use:
        if scope.unit_is_closed(place.row) or sets[place.number] == NOTHING:
            continue
        for position, one in enumerate(asked):
            if not fits(one.package, place):
                continue
            key = position, sets[place.number]
            if key not in judged:
                judged[key] = tuple(judge(one, scope.said(sets[place.number])))
            for details in judged[key]:
                yield Seen(place.row, place.number, details)


class _PackagesForOwners:
    """Whether a package is for the owner of a number; equal codes are looked at once."""

    def __init__(self, scope: AuditScope) -> None:
        self._scope = scope
        self._words: dict[tuple[str, str], frozenset[str]] = {}

    def __call__(self, package: Package, place: Place) -> bool:
        index = self._scope.index
        if package.unit_name and not folded(index.name(place.row)).startswith(folded(package.unit_name)):
            return False
        if package.system_type and not self._of_system(package, place):
            return False
        if not package.unit_type and not package.speciality:
            return True
        record = index.record(place.row)
        specialities = [code for code, _ in record.specialities]
        return self._has(package.unit_type, "type", record.types) and self._has(
            package.speciality, "speciality", specialities
        )

    def _of_system(self, package: Package, place: Place) -> bool:
        scope = self._scope
        match = scope.systems.get(scope.system_of(place.location))
        if match is None or scope.approvals is None:
            return False
        return bool(set(package.system_type) & set(scope.approvals.system_types(match.approved)))

    def _has(self, wanted: tuple[str, ...], kind: str, codes: Iterable[str]) -> bool:
        folded_wanted = {folded(one) for one in wanted}
        return not wanted or any(folded_wanted & self._words_of(kind, code) for code in codes)

    def _words_of(self, kind: str, code: str) -> frozenset[str]:
        known = self._words.get((kind, code))
        if known is None:
            words = (words_of(self._scope.index, kind, code, language) for language in LANGUAGES)
            known = frozenset(map(folded, (code, *filter(None, words))))
            self._words[kind, code] = known
        return known


RULES = (package_types_missing, package_types_beyond)
