"""What the page of the reference tables is made of: look-ups, changes between versions, tariffs of the program."""
