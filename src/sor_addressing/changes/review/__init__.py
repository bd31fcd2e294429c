"""How the entries of an address book stand in a register, and what should stand there instead."""
