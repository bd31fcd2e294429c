"""Records into an index: the columns, the tree, and who inherits from whom."""
