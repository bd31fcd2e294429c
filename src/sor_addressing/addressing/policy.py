"""Policies: what a sender accepts, and what stops a letter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.errors import PolicyError
from sor_addressing.field_names import PRODUCTION, REGISTERS
from sor_addressing.messages.conversions import ConversionModel
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


def _check_choice(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    allowed = _CHOICES[attribute.name]
    if value not in allowed:
        raise PolicyError(f"{attribute.name} is {value!r}: use one of {', '.join(allowed)}")


def _check_days(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PolicyError(f"{attribute.name} is {value!r}: use a whole number of days, 0 or more")


def _check_switch(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise PolicyError(f"{attribute.name} is {value!r}: use true or false")


@suggests_fields
@attrs.frozen(slots=True, kw_only=True)
class AddressingPolicy:
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
        registers: which registers' registrations count: ``SOR-EDI``, ``EER`` (EHMI's endpoint register), or both.
        environment: which of EER's registrations count: those of ``production`` (and of files that name none), ``pilot`` or ``test``.
        fhir_version: of a FHIR type asked with a version ``any`` will do, with a warning, or only the ``exact`` one, as FHIR's governance wants it.

    Raises:
        PolicyError: a value is none of those.

    >>> AddressingPolicy(max_age_days=5).max_age_days
    5
    """

    severities: Mapping[str, Severity] = attrs.field(factory=dict, converter=_severities, hash=False)
    inherited: Inherited = attrs.field(default="accept", validator=_check_choice)
    addressed_unit: AddressedUnit = attrs.field(default="as-given", validator=_check_choice)
    narrow_by_message_type: bool = attrs.field(default=False, validator=_check_switch)
    follow_successors: bool = attrs.field(default=False, validator=_check_switch)
    max_age_days: int = attrs.field(default=2, validator=_check_days)
    refuse_after_days: int = attrs.field(default=14, validator=_check_days)
    closing_notice_days: int = attrs.field(default=30, validator=_check_days)
    version: AskedVersion = attrs.field(default="any", validator=_check_choice)
    conversion_model: ConversionModel = attrs.field(
        factory=lambda: ConversionModel.shipped("current-practice"), converter=_model
    )
    own_conversion: bool = attrs.field(default=False, validator=_check_switch)
    internal_only: Accepted = attrs.field(default="refuse", validator=_check_choice)
    unknown_support: Accepted = attrs.field(default="refuse", validator=_check_choice)
    registers: tuple[str, ...] = attrs.field(default=REGISTERS, converter=_registers)
    environment: Environment = attrs.field(default=PRODUCTION, validator=_check_choice)
    fhir_version: AskedVersion = attrs.field(default="any", validator=_check_choice)
    # What answering needs of it, worked out once; the doors to these stand below the class.
    _fresh_days: int = attrs.field(init=False, eq=False, repr=False)
    _token: int = attrs.field(init=False, eq=False, repr=False, factory=count().__next__)
    _levels: Mapping[str, Severity] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # Here and not as defaults, since the values have been checked only now.
        object.__setattr__(self, "_fresh_days", min(self.max_age_days, self.refuse_after_days))
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
        object.__setattr__(self, "_levels", levels)

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
        table.only("preset", *(field.name for field in attrs.fields(cls) if field.init))
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
                    policy = attrs.evolve(policy, **{name: policy._written(name, table, os.path.dirname(path))})  # noqa: PTH120
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
        if name != "conversion_model":
            return value
        model = table.text(name)
        is_file = model.lower().endswith((".csv", ".toml"))
        return ConversionModel.load(os.path.join(folder, model)) if is_file else model  # noqa: PTH118

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field; the conversion model by name."""
        values: dict[str, object] = {
            field.name: getattr(self, field.name) for field in attrs.fields(type(self)) if field.init
        }
        values["severities"] = {code: str(severity) for code, severity in self.severities.items()}
        values["conversion_model"] = self.conversion_model.name
        values["registers"] = list(self.registers)
        return values

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], AddressingPolicy], tuple[dict[str, Any]]]:
        """By its fields: what answering needs beside them is worked out anew, and a token is a process's own."""
        values = {field.name: getattr(self, field.name) for field in attrs.fields(type(self)) if field.init}
        return _of_fields, ({**values, "severities": dict(self.severities)},)

    if not TYPE_CHECKING:  # pragma: no branch

        def __getattr__(self, name: str) -> object:
            if name not in ("levels", "token", "fresh_days"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            from sor_addressing._former import told_of_former

            told_of_former(f"AddressingPolicy.{name}", "no part of the public face")
            return getattr(self, f"_{name}")


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
