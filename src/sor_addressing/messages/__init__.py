"""Which message types exist, how they are spelt, and what converts into what: data, and thin readers of it.

Names are imported when first asked for: most programs need the catalogue only. The catalogue itself is
:func:`sor_addressing.messages.catalogue.catalogue`; it is not exported here, where its module has that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sor_addressing.messages.catalogue import Catalogue, MessageFormat, MessageType
    from sor_addressing.messages.conversions import ConversionModel, ConversionRow, ConversionScope, Converter
    from sor_addressing.messages.evidence import ConversionEvidence, conversion_evidence, cross_family_conversions

__all__ = [
    "Catalogue",
    "ConversionEvidence",
    "ConversionModel",
    "ConversionRow",
    "ConversionScope",
    "Converter",
    "MessageFormat",
    "MessageType",
    "conversion_evidence",
    "cross_family_conversions",
]

_IN_CATALOGUE = frozenset({"Catalogue", "MessageFormat", "MessageType"})
_IN_EVIDENCE = frozenset({"ConversionEvidence", "conversion_evidence", "cross_family_conversions"})


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _IN_CATALOGUE:
        from sor_addressing.messages import catalogue as module
    elif name in _IN_EVIDENCE:
        from sor_addressing.messages import evidence as module  # type: ignore[no-redef]
    else:
        from sor_addressing.messages import conversions as module  # type: ignore[no-redef]
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
