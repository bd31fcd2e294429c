"""Address books: the tables in which senders keep their recipients, as entries that can be reviewed."""
