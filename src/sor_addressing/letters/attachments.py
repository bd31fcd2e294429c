"""Attachments of FHIR correspondence: which kinds there are, and what the national conversion service has agreed to carry.

Source: the conversion service for FDIS91, 3.1.0, preconditions 5 and 6.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sor_addressing.hiding import must_hide

MOST_CONVERTED = 10
"""How many attachments a letter may have that is converted, by agreement."""

CONVERTED_KINDS = ("application/pdf", "image/gif", "image/jpeg", "image/png", "image/tiff", "image/bmp")
"""The media types that a converted letter may have attached."""

UNKNOWN = "unknown"
"""Stands for the media type of an attachment that names none."""

_MEDIA_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[a-z][a-z0-9.+-]{0,79}", re.ASCII
)


def media_type(text: object) -> str:
    """The media type that an attachment states, without parameters; ``unknown`` for what is none, so that no content is shown.

    >>> media_type("Image/PNG; name=opdigtet")
    'image/png'
    """
    if not isinstance(text, str):
        return UNKNOWN
    found = text[:200].partition(";")[0].strip().lower()
    return found if _MEDIA_TYPE.fullmatch(found) and not must_hide(found) else UNKNOWN


def not_agreed(attachments: Sequence[str]) -> Iterator[dict[str, object]]:
    """What the conversion service has not agreed to carry, as details of ``attachments-not-agreed``."""
    if len(attachments) > MOST_CONVERTED:
        yield {"count": len(attachments), "most": MOST_CONVERTED}
    others = Counter(kind for kind in attachments if kind not in CONVERTED_KINDS)
    if others:
        yield {"variant": "kind", "kinds": tuple(sorted(others)), "allowed": CONVERTED_KINDS}
