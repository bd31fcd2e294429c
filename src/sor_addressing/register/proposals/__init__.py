"""Plans of what is to be registered, and a register laid over another in which they are done."""
