"""Day against day: what changed between two registers, for whom, and what caused it."""
