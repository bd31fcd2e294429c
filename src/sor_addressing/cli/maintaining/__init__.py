"""Commands for those who put the register right."""
