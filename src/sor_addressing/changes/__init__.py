"""What changed between two days of the register, and for whom."""
