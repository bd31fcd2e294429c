"""Letters as EDIFACT interchanges."""
