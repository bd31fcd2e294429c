"""How XML from outside is parsed; the only room that makes a parser."""
