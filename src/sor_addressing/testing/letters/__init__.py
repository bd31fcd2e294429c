"""Writers of made-up letters in every format, and a VANS client that takes and answers them."""
