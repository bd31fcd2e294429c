"""The register: the face of this library."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
