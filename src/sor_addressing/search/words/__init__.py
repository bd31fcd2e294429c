"""Units by what people call them."""
