"""What can be looked up in a register without a question being asked: units by their identifiers, history, codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sor_addressing.identifiers import IdentifierKind

# Whoever only asks a question needs none of these.
if TYPE_CHECKING:
    from sor_addressing.index.history import UnitVersion
    from sor_addressing.index.lookup import Index
    from sor_addressing.index.shak import ShakEntry
    from sor_addressing.index.unit import Unit


class LookUps:
    """The part of a register that looks up and decides nothing."""

    __slots__ = ()
    _index: Index

    def __len__(self) -> int:
        return len(self._index)

    def __iter__(self) -> Iterator[Unit]:
        """Every unit, in the order of the extract."""
        from sor_addressing.index.unit import Unit

        index = self._index
        index.check_standing()
        return (Unit(index, row) for row in range(len(index)))

    @property
    def by_sor_code(self) -> Mapping[str, Unit]:
        """SOR code to the unit that has it."""
        from sor_addressing.index.mappings import UnitBySorCode

        return UnitBySorCode(self._index)

    @property
    def by_location_number(self) -> Mapping[str, tuple[Unit, ...]]:
        """Location number to its owner and then the units that inherit it."""
        return self._units_by(IdentifierKind.LOCATION_NUMBER)

    @property
    def by_provider_number(self) -> Mapping[str, tuple[Unit, ...]]:
        """Provider number, in either spelling, to the units that share it."""
        return self._units_by(IdentifierKind.PROVIDER_NUMBER)

    @property
    def by_shak_code(self) -> Mapping[str, tuple[Unit, ...]]:
        """SHAK code to the units that share it.

        A code that is not in use any more leads to the units that had it last; :meth:`shak` says so, and so does the answer to
        such a code (``shak-code-retired``).
        """
        return self._units_by(IdentifierKind.SHAK_CODE)

    @property
    def by_cvr_number(self) -> Mapping[str, tuple[Unit, ...]]:
        """CVR number to the units of that legal entity."""
        return self._units_by(IdentifierKind.CVR_NUMBER)

    def history(self, sor_code: str) -> tuple[UnitVersion, ...]:
        """A unit in every period that the files tell of, the oldest first; the one of the register's day alone where they tell no others.

        Args:
            sor_code: of the unit; spaces and dashes don't matter.

        Raises:
            KeyError: no unit has that SOR code.
        """
        from sor_addressing.index.history import history_of
        from sor_addressing.index.inside import row_of
        from sor_addressing.index.mappings import UnitBySorCode

        return history_of(self._index, row_of(UnitBySorCode(self._index)[sor_code]))

    def shak(self, shak_code: str) -> ShakEntry | None:
        """What the SHAK register says of a code: its names, their periods, and whether it is retired. None where it does not have it."""
        from sor_addressing.index.shak import shak_entry

        return shak_entry(self._index, shak_code)

    def code_text(self, kind: str, code: str, language: str = "da") -> str | None:
        """What a code of the register stands for; None where nothing tells.

        The register's own classifications (``SORClassifications.csv``, in Danish) go before the texts of this package.

        Args:
            kind: ``type``, ``speciality``, ``system``, ``supplier``, ``net-operator``, ``administrator`` or ``region``.
            code: as the register writes it; where a file has words instead of codes, a word stands for itself.
            language: ``"da"`` or ``"en"``.

        >>> from sor_addressing import Register
        >>> Register.sample().code_text("region", "1082", "en")
        'Central Denmark Region'
        """
        from sor_addressing.index.words import words_of

        return words_of(self._index, kind, code, language)

    def _units_by(self, kind: IdentifierKind) -> Mapping[str, tuple[Unit, ...]]:
        from sor_addressing.index.mappings import UnitsByIdentifier

        return UnitsByIdentifier(self._index, kind)
