"""Message files: the addressing header of each letter (*brev*) in a file, and whether the letter will arrive. Never the patient part."""

from sor_addressing._lazy import room

__getattr__, __dir__ = room(__name__)
