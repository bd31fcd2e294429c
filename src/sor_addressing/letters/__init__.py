"""Message files: the addressing header of each letter (*brev*) in a file, and whether the letter will arrive. Never the patient part."""
