"""What units are called: names taken apart, the pattern that siblings follow, and what people would say instead."""
