"""Readers of the published files in XML."""
