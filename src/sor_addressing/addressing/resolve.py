"""From an identifier to one recipient, or to the reason why there is none.

The rules stand in the documentation, "Resolving". They never take the first of several: where units differ in the location number, the
answer is ``ambiguous`` and lists them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy, levels_of
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.severities import RawFinding, raw_finding
from sor_addressing.addressing.support import Direction, Outcome, support
from sor_addressing.addressing.usable import Assessment, assess
from sor_addressing.hiding import hide, must_hide
from sor_addressing.identifiers import PROVIDER_DIGITS, IdentifierKind, ProviderNumber, ShakCode, parse
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType

# A member of an enum costs several look-ups each time that it is named; these are asked for every letter.
_SOR_CODE = IdentifierKind.SOR_CODE
_LOCATION_NUMBER = IdentifierKind.LOCATION_NUMBER
_PROVIDER_NUMBER = IdentifierKind.PROVIDER_NUMBER
_SHAK_CODE = IdentifierKind.SHAK_CODE
_RESOLVED = Status.RESOLVED
_LOCATION_ONLY = (_LOCATION_NUMBER,)
_SENDABLE = (Outcome.SUPPORTED, Outcome.CONVERTED)


def resolve(index: Index, question: Question) -> Resolution:
    """The answer to ``question``."""
    text, named, _, policy, _ = question
    # Digits alone need no taking apart, and are what senders ask with.
    held = None
    if text.isascii() and text.isdigit():
        held = index.held_as_digits(text) if named is None else _held(index, text, named)
    if not held:
        from sor_addressing.addressing.kinds import identify

        identified = identify(index, text, named, policy)
        held = identified.held
        if not held:
            status = Status.MALFORMED if identified.malformed else Status.UNKNOWN
            kinds: tuple[IdentifierKind, ...] = () if named is None else (named,)
            raws = identified.raws
            if identified.malformed and must_hide(text):
                shown = hide(text)  # somebody's CPR number is not to stand in an answer, which goes into logs
                question = question._replace(identifier=shown)
                raws = tuple(
                    (code, level, tuple(shown if one == text else one for one in arguments))
                    for code, level, arguments in raws
                )
            return Resolution(index, question, status, kinds, (), NOTHING, True, raws)
    if len(held) == 1:
        kind, position = held[0]
        rows = index.rows_at(kind, position)
        return (
            _usual(index, question, kind, rows, position)
            or _Resolver(index, question, (kind,), rows, position).resolution()
        )
    rows = tuple(dict.fromkeys(row for kind, position in held for row in index.rows_at(kind, position)))
    kinds = tuple([kind for kind, _ in held])
    if not _share_one_number(index, rows):
        raw = raw_finding(levels_of(policy), "kind-ambiguous", text, kinds, len(rows))
        return Resolution(index, question, Status.AMBIGUOUS, kinds, rows, NOTHING, True, (raw,))
    return _Resolver(index, question, kinds, rows, NOTHING).resolution()


def _usual(
    index: Index, question: Question, kind: IdentifierKind, rows: Sequence[int], position: int
) -> Resolution | None:
    """The answer in the usual case: one unit carries the identifier, or one unit owns the number and can be used; None in any other."""
    _, _, day, policy, _ = question
    is_only = len(rows) == 1 and kind is not _SHAK_CODE and policy.addressed_unit == "as-given"
    if not is_only and (kind is not _LOCATION_NUMBER or index.columns.number_owners[position] != 1):
        return None
    row = rows[0]
    usable, raws = assess(index, row, day, policy)
    if usable:
        return Resolution(index, question, _RESOLVED, (kind,), rows, row, True, raws)
    if not is_only or policy.follow_successors:
        return None
    return Resolution(index, question, Status.NOT_ADDRESSABLE, (kind,), rows, NOTHING, True, raws)


def _held(index: Index, digits: str, named: IdentifierKind) -> list[tuple[IdentifierKind, int]]:
    """Whether the register holds ``digits`` as the kind named, where that takes no closer look: short provider numbers lack zeros in front."""
    if named is IdentifierKind.CVR_NUMBER or (named is _PROVIDER_NUMBER and len(digits) < PROVIDER_DIGITS):
        return []
    position = index.position(named, digits)
    return [] if position == NOTHING else [(named, position)]


def _share_one_number(index: Index, rows: Sequence[int]) -> bool:
    columns = index.columns
    locations = [columns.unit_location[row] for row in rows]
    return NOTHING not in locations and len({columns.location_number[location] for location in locations}) == 1


class _Resolver:
    """Candidates of one identifier, on the way to one of them."""

    __slots__ = ("_asked_number", "_asked_provider", "_asked_shak", "_index", "_kinds", "_question", "_rows")

    def __init__(
        self,
        index: Index,
        question: Question,
        kinds: tuple[IdentifierKind, ...],
        rows: Sequence[int],
        position: int,
    ) -> None:
        self._index = index
        self._question = question
        self._kinds = kinds
        self._rows = rows
        self._asked_number = position if kinds == _LOCATION_ONLY else NOTHING
        is_provider = _PROVIDER_NUMBER in kinds
        self._asked_provider = ProviderNumber.compact(parse(question.identifier).value) if is_provider else ""
        is_shak = _SHAK_CODE in kinds
        self._asked_shak = ShakCode.compact(parse(question.identifier).value) if is_shak else ""

    def resolution(self) -> Resolution:
        if self._asked_number != NOTHING and not len(self._rows):
            raw = self._raw("location-without-unit", self._index.number_text(self._asked_number))
            return self._answer(Status.NOT_ADDRESSABLE, raws=(raw,))
        assessments = {row: self._assess(row) for row in self._rows}
        usable_rows = [row for row, assessment in assessments.items() if assessment.usable]
        if not usable_rows:
            return self._none_usable(assessments)
        if any(self._could_be(row, assessment) for row, assessment in assessments.items()):
            return self._several_numbers({self._number(row) for row in usable_rows}, variant="not-known")
        numbers = {self._number(row) for row in usable_rows}
        narrowed: tuple[RawFinding, ...] = ()
        message_type = self._question.message_type
        if len(numbers) > 1 and self._policy.narrow_by_message_type and message_type is not None:
            kept = [row for row in usable_rows if self._sendable(row, message_type)]
            if kept and len({self._number(row) for row in kept}) == 1:
                narrowed = (self._narrowed(len(usable_rows) - len(kept)),)
                usable_rows = kept
                numbers = {self._number(kept[0])}
        if len(numbers) > 1:
            return self._several_numbers(numbers)
        if len(usable_rows) == 1:
            row = usable_rows[0]
            return self._as_given(row, (*assessments[row].raws, *narrowed))
        return self._one_number(usable_rows, numbers.pop(), assessments, narrowed)

    @property
    def _policy(self) -> AddressingPolicy:
        return self._question.policy

    def _raw(self, code: str, *arguments: object) -> RawFinding:
        return raw_finding(levels_of(self._policy), code, *arguments)

    def _assess(self, row: int) -> Assessment:
        return assess(self._index, row, self._question.day, self._question.policy)

    def _number(self, row: int) -> int:
        columns = self._index.columns
        return columns.location_number[columns.unit_location[row]]

    def _answer(
        self, status: Status, *, row: int = NOTHING, certain: bool = True, raws: tuple[RawFinding, ...]
    ) -> Resolution:
        if row != NOTHING and self._asked_provider:
            raws = (*raws, *self._ceased(row, raws))
        if self._asked_shak:
            raws = (*raws, *self._retired())
        return Resolution(self._index, self._question, status, self._kinds, self._rows, row, certain, raws)

    def _ceased(self, row: int, raws: tuple[RawFinding, ...]) -> tuple[RawFinding, ...]:
        """Say that the provider number asked for is ceased, also where the recipient is a unit that does not carry it."""
        code = "provider-ceased"
        ceased = self._index.provider_ceased(self._asked_provider)
        if ceased is None or ceased.toordinal() >= self._question.day or any(raw[0] == code for raw in raws):
            return ()
        return (self._raw(code, row, self._asked_provider, ceased.toordinal()),)

    def _retired(self) -> tuple[RawFinding, ...]:
        """Say that the SHAK code asked for is not in use any more; nothing is wrong with the unit that had it."""
        retired = self._index.shak_retired(self._asked_shak)
        if retired is None or retired.toordinal() >= self._question.day:
            return ()
        return (self._raw("shak-code-retired", self._asked_shak, retired.isoformat()),)

    def _sendable(self, row: int, message_type: MessageType) -> bool:
        location = self._index.columns.unit_location[row]
        plan = plan_for(self._index, message_type)
        found = support(
            self._index, plan, self._number(row), location, Direction.RECEIVE, self._policy, self._question.day
        )
        return found.outcome in _SENDABLE

    def _narrowed(self, left_out: int) -> RawFinding:
        question = self._question
        return self._raw("narrowed-by-message-type", str(question.message_type), question.identifier, left_out)

    def _could_be(self, row: int, assessment: Assessment) -> bool:
        """Whether the unit could be the one meant, if only the file told its number."""
        not_known = any(raw[0] == "inheritance-not-known" for raw in assessment.raws)
        return not_known and self._index.is_in_force(row, self._question.day)

    def _several_numbers(self, numbers: set[int], *, variant: str | None = None) -> Resolution:
        texts = tuple(sorted(map(self._index.number_text, numbers)))
        details = (self._question.identifier, self._kinds, len(self._rows), texts, variant)
        raw = self._raw("recipient-ambiguous", *details)
        return self._answer(Status.AMBIGUOUS, raws=(raw,))

    def _as_given(self, row: int, raws: tuple[RawFinding, ...], *, certain: bool = True) -> Resolution:
        """The one usable candidate, or the owner of its number where the policy wants that and the owner can be used."""
        if self._policy.addressed_unit == "location-owner":
            owner = self._index.columns.location_owner[self._index.columns.unit_location[row]]
            if owner != row:
                usable, owner_raws = self._assess(owner)
                if usable:
                    kept = tuple(raw for raw in raws if raw[0] in ("narrowed-by-message-type", "unit-replaced"))
                    return self._answer(
                        _RESOLVED,
                        row=owner,
                        raws=(*owner_raws, *kept, self._moved(owner, [row])),
                        certain=certain,
                    )
        return self._answer(_RESOLVED, row=row, raws=raws, certain=certain)

    def _moved(self, owner: int, given: list[int]) -> RawFinding:
        return self._raw("moved-to-owner", owner, *given)

    def _one_number(
        self,
        usable_rows: list[int],
        number: int,
        assessments: dict[int, Assessment],
        narrowed: tuple[RawFinding, ...],
    ) -> Resolution:
        """Several usable candidates at one number: its owner, and whether that unit is the one meant."""
        from sor_addressing.index.making.tree import depths

        index, day = self._index, self._question.day
        owners = index.owners_of_number(number)
        if len(owners) == 1 and index.is_in_force(owners[0], day):
            row = owners[0]
            certain = row in assessments
        else:
            usable_owners = [row for row in owners if self._known(row, assessments).usable]
            depth = depths(index.columns.unit_parent, {*usable_owners, *usable_rows})
            row = min(depth, key=lambda one: (depth[one], one))
            certain = False
        raws = (*self._known(row, assessments).raws, *narrowed)
        if row not in assessments:
            raws = (*raws, self._moved(row, usable_rows))
        if not certain:
            raws = (*raws, self._raw("unit-shared", number, tuple(usable_rows)))
        return self._answer(_RESOLVED, row=row, certain=certain, raws=raws)

    def _known(self, row: int, assessments: dict[int, Assessment]) -> Assessment:
        return assessments[row] if row in assessments else self._assess(row)

    def _none_usable(self, assessments: dict[int, Assessment]) -> Resolution:
        if self._policy.follow_successors:
            followed = self._follow(assessments)
            if followed is not None:
                return followed
        raws = tuple(dict.fromkeys(raw for assessment in assessments.values() for raw in assessment.raws))
        return self._answer(Status.NOT_ADDRESSABLE, raws=raws)

    def _follow(self, assessments: dict[int, Assessment]) -> Resolution | None:
        """The successor of the candidates, where all are closed, and all that name one end certainly in the same usable unit.

        A candidate that is not closed (its number is inactive, or it opens tomorrow) could be the one meant, and has no successor.
        """
        from sor_addressing.index.succession import successors

        index, question = self._index, self._question
        ends = set()
        replaced: list[RawFinding] = []
        for row in assessments:
            codes = [raw[0] for raw in assessments[row].raws]
            if "unit-closed" not in codes:
                return None
            for raw in assessments[row].raws:
                if raw[0] == "unit-replaced":
                    ends.add(successors(index, row, question.day).row)
                    replaced.append(raw)
        if len(ends) != 1 or NOTHING in ends:
            return None
        successor = ends.pop()
        usable, raws = self._assess(successor)
        return self._as_given(successor, (*raws, *replaced)) if usable else None
