"""Letters as OIOXML, and the safe reading of every letter and envelope in XML."""
