"""The letter inside an envelope: base64, taken apart strictly and piece by piece, since it can be 100 MB.

White space between the characters is allowed, as XML Schema has it; anything else that is not base64 is refused. A payload that was
read with some characters skipped would be another letter than the one the receiver gets.
"""

from __future__ import annotations

import binascii
import io

from sor_addressing.errors import LetterError

_WHITE_SPACE = b" \t\r\n"


class PayloadDecoder:
    """Decodes base64 that comes in pieces of any length; memory holds the decoded bytes once.

    >>> decoder = PayloadDecoder("Data", "letter.xml")
    >>> decoder.feed(b"SEV")
    >>> decoder.feed(b" K")
    >>> decoder.payload()
    b'HEJ'

    Args:
        element: the element the payload stands in, for errors.
        file: likewise.
    """

    __slots__ = ("_decoded", "_element", "_file", "_is_padded", "_rest")

    def __init__(self, element: str, file: str) -> None:
        self._element = element
        self._file = file
        self._rest = b""
        self._is_padded = False
        self._decoded = io.BytesIO()

    def feed(self, text: bytes) -> None:
        """Decode some more.

        Raises:
            LetterError: it is no base64, or goes on after its end.
        """
        text = self._rest + text.translate(None, _WHITE_SPACE) if self._rest else text.translate(None, _WHITE_SPACE)
        if not text:
            return
        if self._is_padded:
            raise self._error("goes on after its end")
        whole = len(text) - len(text) % 4
        self._rest = text[whole:]
        if not whole:
            return
        self._is_padded = text[whole - 1 : whole] == b"="
        self._decode(text if whole == len(text) else text[:whole])
        if self._is_padded and self._rest:
            raise self._error("goes on after its end")

    def payload(self) -> bytes:
        """What the base64 meant.

        Raises:
            LetterError: it ended in the middle, or held nothing.
        """
        if self._rest:
            raise self._error("is cut off: base64 has groups of four characters, and the last one is not whole")
        # BytesIO hands out its own bytes: there is no second copy of a large payload.
        payload = self._decoded.getvalue()
        if not payload:
            raise self._error("is empty: the envelope holds no letter")
        return payload

    def _decode(self, text: bytes) -> None:
        try:
            self._decoded.write(binascii.a2b_base64(text, strict_mode=True))
        except binascii.Error:
            pass
        else:
            return
        raise self._error("has characters that base64 does not have, or padding in the middle")

    def _error(self, what: str) -> LetterError:
        return LetterError(f"the content of {self._element} is no base64: it {what}", file=self._file)
