"""What a register is asked beside an approval list: which message types may stand on a number."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.clock import Clock, day_number
from sor_addressing.errors import PolicyError

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.index.lookup import Index
    from sor_addressing.index.unit import Unit
    from sor_addressing.register.allowing.answer import AllowedTypes
    from sor_addressing.register.allowing.approvals import Approvals
    from sor_addressing.register.questions import KindName


class AllowanceQuestions:
    """The part of a register that is asked what may stand there."""

    __slots__ = ()
    _index: Index
    _clock: Clock

    def allowed_types(
        self,
        recipient: str | Unit | Resolution | Recipient | None = None,
        *,
        approvals: Approvals | str | os.PathLike[str],
        system: str | None = None,
        aliases: Mapping[str, str | Iterable[str]] | str | os.PathLike[str] | None = None,
        kind: KindName | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> AllowedTypes:
        """Which message types may stand on a location number by the approvals, which stand there without, and which are missing.

        Several systems on a number, several approvals of one name, and a system that is on no list are told (``notes``), never guessed: a type
        that only some of the approvals have is marked ``only_some``.

        Args:
            recipient: an identifier in any spelling, a unit, resolution or recipient, for the number that it is reached at; or the name of a
                system.
            approvals: an approval list, or the path of its CSV.
            system: the name or code of a system, in place of the one that the register names; alone, what it is approved for.
            aliases: what systems of the list are called in the register, where ``approvals`` is a path; see ``quality.Approvals``.
            kind: what kind a recipient given as text is; found out where None.
            on: the day; today by default.
            policy: which registrations count; the default policy where None.

        Raises:
            PolicyError: neither a recipient nor a system is given, the list is none, or no such system is known; the nearest are named.
            SorAddressingError: the recipient has no location number, or several: as ``resolve(…).unwrap()`` says it.
            TypeError: the recipient or the list is something else.
        """
        from sor_addressing.addressing.kinds import kind_named
        from sor_addressing.register.allowing.approvals import Approvals
        from sor_addressing.register.allowing.asking import allowed_types_of

        if isinstance(approvals, (str, os.PathLike)):
            approvals = Approvals.load(approvals, aliases=aliases)
        elif not isinstance(approvals, Approvals):
            raise TypeError(f"approvals is an approval list or the path of one, not {type(approvals).__name__}")
        elif aliases is not None:
            raise PolicyError(
                "aliases go with the path of an approval list; give them to Approvals(…) where you make it yourself"
            )
        self._index.check_standing()
        named, day = (
            None if kind is None else kind_named(kind),
            self._clock().toordinal() if on is None else day_number(on),
        )
        used = policy or DEFAULT_POLICY
        try:
            return allowed_types_of(self._index, recipient, system, approvals, kind=named, day=day, policy=used)
        except (IndexError, OverflowError) as error:
            self._index.doubted(error)
