"""What commands put on the screen: tables, lines, colours, progress."""
