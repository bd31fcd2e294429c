"""Numbers that are handed over: what there is of each before, and held against a register of after, so that both sides can sign."""
