"""Deliveries counted: rates and times by what letters have in common, as tables, a page, CSV and JSON."""
