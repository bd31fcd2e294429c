"""Danish health message addressing."""
