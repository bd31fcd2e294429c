"""Readers of the published files that are tables, delimited or of fixed width."""
