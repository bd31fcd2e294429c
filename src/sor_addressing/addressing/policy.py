"""Policies: what a sender accepts, and what stops a letter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.errors import PolicyError
from sor_addressing.field_names import REGISTERS
from sor_addressing.frozen import Frozen, fill
from sor_addressing.messages.catalogue import MessageFormat
from sor_addressing.messages.conversions import ConversionModel, ConversionParty
from sor_addressing.misspelt import suggests_fields

if TYPE_CHECKING:
    from sor_addressing.written_data.tables import WrittenTable

Inherited = Literal["accept", "warn", "refuse"]
AddressedUnit = Literal["as-given", "location-owner"]
AskedVersion = Literal["any", "exact"]
Accepted = Literal["refuse", "accept"]
Environment = Literal["production", "pilot", "test"]
RegisterName = Literal["SOR-EDI", "EER"]
ShippedModel = Literal["none", "current-practice", "receiver-converts", "sender-converts"]
NativeFormat = MessageFormat | Literal["EDI", "XML", "FHIR"]
GivenSeverity = Severity | Literal["error", "warning", "info"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "inherited": get_args(Inherited),
    "addressed_unit": get_args(AddressedUnit),
    "version": get_args(AskedVersion),
    "internal_only": get_args(Accepted),
    "unknown_support": get_args(Accepted),
    "environment": get_args(Environment),
    "fhir_version": get_args(AskedVersion),
}
_tokens = count()
_SUPPORT_UNKNOWN_CODES = ("message-types-not-loaded", "no-registrations", "direction-not-known")


def _severities(given: Mapping[str, GivenSeverity]) -> Mapping[str, Severity]:
    if not isinstance(given, Mapping):
        raise PolicyError(f"severities is {given!r}: use a mapping from finding code to error, warning or info")
    found = {}
    for code, severity in given.items():
        if code not in DEFAULT_SEVERITIES:
            raise PolicyError(
                f"severities names {code!r}, which is no finding code; the codes are in the documentation"
            )
        try:
            found[code] = Severity(severity)
        except ValueError:
            raise PolicyError(
                f"severities gives {code} the severity {severity!r}: use error, warning or info"
            ) from None
    return MappingProxyType(found)


def _registers(given: Iterable[RegisterName] | RegisterName) -> tuple[str, ...]:
    """In the order of :data:`REGISTERS`, whatever the order given: they are asked together."""
    written: object = given
    names: tuple[object, ...] = (
        (written,) if isinstance(written, str) else tuple(written) if isinstance(written, Iterable) else ()
    )
    if not names or not all(name in REGISTERS for name in names):
        raise PolicyError(f"registers is {given!r}: use one or both of {', '.join(REGISTERS)}")
    return REGISTERS if len(set(names)) == len(REGISTERS) else (str(names[0]),)


def _model(given: ShippedModel | ConversionModel) -> ConversionModel:
    if isinstance(given, ConversionModel):
        return given
    if not isinstance(given, str):
        raise PolicyError(f"conversion_model is {given!r}: use the name of a shipped model, or a model of your own")
    return ConversionModel.shipped(given)


def _sender(given: str | Mapping[str, str] | ConversionParty | None) -> ConversionParty | None:
    return None if given is None else ConversionParty.of(given)


def _format(name: str, value: Any) -> MessageFormat | None:
    if value is None or value in tuple(MessageFormat):
        return None if value is None else MessageFormat(value)
    raise PolicyError(f"{name} is {value!r}: use one of {', '.join(MessageFormat)}")


def _choice(name: str, value: Any) -> Any:
    allowed = _CHOICES[name]
    if value not in allowed:
        raise PolicyError(f"{name} is {value!r}: use one of {', '.join(allowed)}")
    return value


def _days(name: str, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PolicyError(f"{name} is {value!r}: use a whole number of days, 0 or more")
    return value


def _switch(name: str, value: Any) -> Any:
    if not isinstance(value, bool):
        raise PolicyError(f"{name} is {value!r}: use true or false")
    return value


@suggests_fields
class AddressingPolicy(Frozen):
    """What a sender accepts. The defaults send where the address is certain and the type is supported.

    Args:
        severities: finding code to ``error``, ``warning`` or ``info``. Raising a warning to an error stops a letter; lowering an error
            never revives a unit that can't be used.
        inherited: location numbers that come from above: ``accept``, ``warn``, or ``refuse`` (such units can't be used).
        addressed_unit: ``as-given``, or ``location-owner`` to move to the unit that owns the location number.
        narrow_by_message_type: where several units with different numbers fit, keep those that support the type.
        follow_successors: go from a closed unit to its successor, where that is certain.
        max_age_days: a register older than this is ``register-stale``.
        refuse_after_days: where it is older than this, that is an error, whatever ``severities`` says.
        closing_notice_days: a unit that closes within so many days is ``unit-closing``.
        version: ``any`` version of the type is good enough, or only the ``exact`` one asked for.
        conversion_model: name of a shipped model, or a :class:`ConversionModel` of your own.
        own_conversion: the sender's side converts where the model says that it should.
        internal_only: ``refuse`` or ``accept`` location numbers for internal use.
        unknown_support: ``refuse`` or ``accept`` recipients of which nothing is known to be registered.
        sender: who sends, for conversion models that ask: a location number (the register knows the rest), or region, net operator,
            supplier, system and location number by name; a letter tells its own.
        native_format: what the sender's system writes by itself (``EDI``, ``XML``, ``FHIR``): another format that the sender makes of it
            is one conversion more.
        conversion_notice_days: a conversion that ends within so many days is ``conversion-ends``.
        registers: which registers' registrations count: ``SOR-EDI``, ``EER`` (EHMI's endpoint register), or both.
        environment: which of EER's registrations count: those of ``production`` (and of files that name none), ``pilot`` or ``test``.
        fhir_version: of a FHIR type asked with a version ``any`` will do, with a warning, or only the ``exact`` one, as FHIR's governance wants it.

    Raises:
        PolicyError: a value is none of those.

    >>> AddressingPolicy(max_age_days=5).max_age_days
    5
    """

    _names = (
        "severities",
        "inherited",
        "addressed_unit",
        "narrow_by_message_type",
        "follow_successors",
        "max_age_days",
        "refuse_after_days",
        "closing_notice_days",
        "version",
        "conversion_model",
        "own_conversion",
        "internal_only",
        "unknown_support",
        "sender",
        "native_format",
        "conversion_notice_days",
        "registers",
        "environment",
        "fhir_version",
    )
    # Beside the fields what answering needs of them, worked out once; the doors to these stand below the class.
    __slots__ = (*_names, "_fresh_days", "_levels", "_token")
    severities: Mapping[str, Severity]
    inherited: Inherited
    addressed_unit: AddressedUnit
    narrow_by_message_type: bool
    follow_successors: bool
    max_age_days: int
    refuse_after_days: int
    closing_notice_days: int
    version: AskedVersion
    conversion_model: ConversionModel
    own_conversion: bool
    internal_only: Accepted
    unknown_support: Accepted
    sender: ConversionParty | None
    native_format: MessageFormat | None
    conversion_notice_days: int
    registers: tuple[str, ...]
    environment: Environment
    fhir_version: AskedVersion
    _fresh_days: int
    _levels: Mapping[str, Severity]
    _token: int

    def __init__(
        self,
        *,
        severities: Mapping[str, GivenSeverity] = MappingProxyType({}),
        inherited: Inherited = "accept",
        addressed_unit: AddressedUnit = "as-given",
        narrow_by_message_type: bool = False,
        follow_successors: bool = False,
        max_age_days: int = 2,
        refuse_after_days: int = 14,
        closing_notice_days: int = 30,
        version: AskedVersion = "any",
        conversion_model: ShippedModel | ConversionModel = "current-practice",
        own_conversion: bool = False,
        internal_only: Accepted = "refuse",
        unknown_support: Accepted = "refuse",
        sender: str | Mapping[str, str] | ConversionParty | None = None,
        native_format: NativeFormat | None = None,
        conversion_notice_days: int = 90,
        registers: Iterable[RegisterName] | RegisterName = ("SOR-EDI", "EER"),
        environment: Environment = "production",
        fhir_version: AskedVersion = "any",
    ) -> None:
        fill(
            self,
            severities=_severities(severities),
            inherited=_choice("inherited", inherited),
            addressed_unit=_choice("addressed_unit", addressed_unit),
            narrow_by_message_type=_switch("narrow_by_message_type", narrow_by_message_type),
            follow_successors=_switch("follow_successors", follow_successors),
            max_age_days=_days("max_age_days", max_age_days),
            refuse_after_days=_days("refuse_after_days", refuse_after_days),
            closing_notice_days=_days("closing_notice_days", closing_notice_days),
            version=_choice("version", version),
            conversion_model=_model(conversion_model),
            own_conversion=_switch("own_conversion", own_conversion),
            internal_only=_choice("internal_only", internal_only),
            unknown_support=_choice("unknown_support", unknown_support),
            sender=_sender(sender),
            native_format=_format("native_format", native_format),
            conversion_notice_days=_days("conversion_notice_days", conversion_notice_days),
            registers=_registers(registers),
            environment=_choice("environment", environment),
            fhir_version=_choice("fhir_version", fhir_version),
        )
        levels = dict(DEFAULT_SEVERITIES)
        if self.inherited == "warn":
            levels["location-inherited"] = Severity.WARNING
        elif self.inherited == "refuse":
            levels["location-inherited"] = Severity.ERROR
        if self.internal_only == "accept":
            levels["location-internal-only"] = Severity.INFO
        if self.unknown_support == "accept":
            levels.update(dict.fromkeys(_SUPPORT_UNKNOWN_CODES, Severity.WARNING))
        levels.update(self.severities)
        fill(self, _fresh_days=min(max_age_days, refuse_after_days), _levels=levels, _token=next(_tokens))

    def __hash__(self) -> int:
        return hash(tuple([getattr(self, name) for name in self._names if name != "severities"]))

    @classmethod
    def strict(cls) -> AddressingPolicy:
        """For senders that stop at every doubt: ceased providers, shared owners and units, unproven conversions, stale registers."""
        return cls(
            severities=dict.fromkeys(
                ("provider-ceased", "owner-shared", "unit-shared", "conversion-unproven", "register-stale"),
                Severity.ERROR,
            )
        )

    @classmethod
    def lenient(cls) -> AddressingPolicy:
        """For senders that convert themselves, follow successors, and send where nothing is known to be registered."""
        return cls(own_conversion=True, follow_successors=True, unknown_support="accept")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> AddressingPolicy:
        """A policy from a TOML file.

        The fields stand in it by name; ``preset = "strict"`` or ``"lenient"`` names one to start from; ``conversion_model`` is a
        shipped name or the path of a model file beside the policy.

        Raises:
            PolicyError: the file can't be read, or names something that isn't there; the text names file and field.
        """
        from sor_addressing.written_data.toml_files import read_toml

        table = read_toml(path, PolicyError)
        table.only("preset", *cls._names)
        presets: dict[str, Callable[[], AddressingPolicy]] = {
            "default": cls,
            "strict": cls.strict,
            "lenient": cls.lenient,
        }
        policy = presets[table.one_of("preset", presets, "default")]()
        for name in table:
            if name != "preset":
                reason = ""
                try:
                    policy = policy.but(**{name: policy._written(name, table, os.path.dirname(path))})  # noqa: PTH120
                except PolicyError as error:
                    if error.file == table.file:
                        raise
                    reason = str(error)
                if reason:
                    raise table.fault(reason, name)
        return policy

    def _written(self, name: str, table: WrittenTable, folder: str) -> Any:
        """The value of a field as a file has it; what it may be, the field itself sees to."""
        if name == "severities":
            written = table.table(name).only(*DEFAULT_SEVERITIES)
            return {**self.severities, **{code: written.one_of(code, Severity) for code in written}}
        value = table.values[name]
        if name == "sender" and isinstance(value, dict):
            return {key: table.table(name).text(key) for key in value}
        if name != "conversion_model":
            return value
        model = table.text(name)
        is_file = model.lower().endswith((".csv", ".toml"))
        return ConversionModel.load(os.path.join(folder, model)) if is_file else model  # noqa: PTH118

    def but(self, **fields: Any) -> AddressingPolicy:
        """The same policy with other values for the fields given.

        >>> AddressingPolicy.strict().but(max_age_days=5).max_age_days
        5
        """
        return self.__replace__(**fields)

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field; the conversion model by name."""
        values: dict[str, object] = {name: getattr(self, name) for name in self._names}
        values["severities"] = {code: str(severity) for code, severity in self.severities.items()}
        values["conversion_model"] = self.conversion_model.name
        values["sender"] = self.sender.to_dict() if self.sender else None
        values["native_format"] = str(self.native_format) if self.native_format else None
        values["registers"] = list(self.registers)
        return values

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], AddressingPolicy], tuple[dict[str, Any]]]:
        """By its fields: what answering needs beside them is worked out anew, and a token is a process's own."""
        values = {name: getattr(self, name) for name in self._names}
        return _of_fields, ({**values, "severities": dict(self.severities)},)

    if not TYPE_CHECKING:  # pragma: no branch

        def __getattr__(self, name: str) -> object:
            if name not in ("levels", "token", "fresh_days"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            from sor_addressing._former import told_of_former

            told_of_former(f"AddressingPolicy.{name}", "no part of the public face")
            return getattr(self, f"_{name}")


_of_senders: dict[tuple[int, ConversionParty], AddressingPolicy] = {}
_MOST_SENDERS = 4_096


def for_sender(policy: AddressingPolicy, sender: str | Mapping[str, str] | ConversionParty) -> AddressingPolicy:
    """The policy with another sender; the same one where its conversion model asks nothing of senders.

    Raises:
        PolicyError: the sender is none.
    """
    party = ConversionParty.of(sender)
    if not policy.conversion_model.by_senders or policy.sender == party:
        return policy
    key = policy._token, party
    known = _of_senders.get(key)
    if known is None:
        if len(_of_senders) >= _MOST_SENDERS:
            _of_senders.clear()
        known = _of_senders[key] = policy.but(sender=party)
    return known


def _of_fields(values: dict[str, Any]) -> AddressingPolicy:
    return AddressingPolicy(**values)


levels_of: Callable[[AddressingPolicy], Mapping[str, Severity]] = attrgetter("_levels")
"""Every finding code and the severity it has under a policy."""

fresh_days_of: Callable[[AddressingPolicy], int] = attrgetter("_fresh_days")
"""Up to this age of a register there is nothing to say of it under a policy."""

token_of: Callable[[AddressingPolicy], int] = attrgetter("_token")
"""A number of a policy's own, by which what was worked out under it can be found again."""


DEFAULT_POLICY = AddressingPolicy()
"""The policy of every question that names none."""
