"""What the billing pages are made of: the composition and its undo, the scanner, the lines, the header, the code."""
