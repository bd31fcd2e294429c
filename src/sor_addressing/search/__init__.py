"""Finding recipients: by words that people type, and by rules."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
