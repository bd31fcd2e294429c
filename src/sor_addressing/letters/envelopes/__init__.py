"""Envelopes around letters: the VANSEnvelope, and the header of an EHMI message (SBDH)."""
