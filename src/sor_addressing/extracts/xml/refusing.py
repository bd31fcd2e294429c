"""Why the XML of a published file is refused, for people."""

from __future__ import annotations

from sor_addressing.errors import ExtractError
from sor_addressing.safe_xml.parsing import FaultKind, XmlFault


def refused_xml(fault: XmlFault, *, file: str) -> ExtractError:
    """The error for a file with that fault; it shows nothing of what stands there."""
    if fault.kind is FaultKind.DOCTYPE:
        reason = "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"
    elif fault.kind is FaultKind.TOO_MUCH:
        reason = "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    else:
        reason = (
            f"the XML is not well formed or was cut off ({fault.name}); nothing of it was loaded, fetch the file again"
        )
    return ExtractError(reason, file=file, line=fault.line)
