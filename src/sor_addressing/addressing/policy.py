"""Policies: what a sender accepts, and what stops a letter."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from itertools import count
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.errors import PolicyError
from sor_addressing.messages.conversions import ConversionModel

if TYPE_CHECKING:
    from pathlib import Path

Inherited = Literal["accept", "warn", "refuse"]
AddressedUnit = Literal["as-given", "location-owner"]
AskedVersion = Literal["any", "exact"]
Accepted = Literal["refuse", "accept"]
ShippedModel = Literal["none", "current-practice", "receiver-converts", "sender-converts"]
GivenSeverity = Severity | Literal["error", "warning", "info"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "inherited": get_args(Inherited),
    "addressed_unit": get_args(AddressedUnit),
    "version": get_args(AskedVersion),
    "internal_only": get_args(Accepted),
    "unknown_support": get_args(Accepted),
}
_SUPPORT_UNKNOWN_CODES = ("message-types-not-loaded", "no-registrations", "direction-not-known")


def _severities(given: Mapping[str, GivenSeverity]) -> Mapping[str, Severity]:
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


def _model(given: ShippedModel | ConversionModel) -> ConversionModel:
    return given if isinstance(given, ConversionModel) else ConversionModel.shipped(given)


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
    # What answering needs of it, worked out once; the doors to these stand below the class.
    _fresh_days: int = attrs.field(init=False, eq=False, repr=False)
    _token: int = attrs.field(init=False, eq=False, repr=False, factory=count().__next__)
    _levels: Mapping[str, Severity] = attrs.field(init=False, eq=False, repr=False)

    @_fresh_days.default
    def _least_limit(self) -> int:
        return min(self.max_age_days, self.refuse_after_days)

    @_levels.default
    def _all_levels(self) -> Mapping[str, Severity]:
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
        return levels

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
        import tomllib
        from pathlib import Path

        file = Path(path)
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise PolicyError(f"{file}: can't be read as a policy in TOML: {error}") from error
        try:
            return cls._from_values(values, file.parent)
        except PolicyError as error:
            raise PolicyError(f"{file}: {error}") from error

    @classmethod
    def _from_values(cls, values: dict[str, Any], folder: Path) -> AddressingPolicy:
        preset = values.pop("preset", "default")
        presets: dict[object, Callable[[], AddressingPolicy]] = {
            "default": cls,
            "strict": cls.strict,
            "lenient": cls.lenient,
        }
        if preset not in presets:
            raise PolicyError(f"preset is {preset!r}: use default, strict or lenient")
        known = [field.name for field in attrs.fields(cls) if field.init]
        unknown = [name for name in values if name not in known]
        if unknown:
            raise PolicyError(f"there is no field {', '.join(unknown)}; the fields are {', '.join(known)}")
        model = values.get("conversion_model")
        if isinstance(model, str) and model.lower().endswith((".csv", ".toml")):
            values["conversion_model"] = ConversionModel.load(folder / model)
        elif model is not None and not isinstance(model, str):
            raise PolicyError(f"conversion_model is {model!r}: use the name of a shipped model or the path of a file")
        base = presets[preset]()
        if "severities" in values:
            if not isinstance(values["severities"], dict):
                raise PolicyError("severities is not a table: write [severities] and a line for each code")
            values["severities"] = {**base.severities, **values["severities"]}
        return attrs.evolve(base, **values)

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field; the conversion model by name."""
        values: dict[str, object] = {
            field.name: getattr(self, field.name) for field in attrs.fields(type(self)) if field.init
        }
        values["severities"] = {code: str(severity) for code, severity in self.severities.items()}
        values["conversion_model"] = self.conversion_model.name
        return values

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name not in ("levels", "token", "fresh_days"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            from sor_addressing._former import told_of_former

            told_of_former(f"AddressingPolicy.{name}", "no part of the public face")
            return getattr(self, f"_{name}")


levels_of: Callable[[AddressingPolicy], Mapping[str, Severity]] = attrgetter("_levels")
"""Every finding code and the severity it has under a policy."""

fresh_days_of: Callable[[AddressingPolicy], int] = attrgetter("_fresh_days")
"""Up to this age of a register there is nothing to say of it under a policy."""

token_of: Callable[[AddressingPolicy], int] = attrgetter("_token")
"""A number of a policy's own, by which what was worked out under it can be found again."""


DEFAULT_POLICY = AddressingPolicy()
"""The policy of every question that names none."""
