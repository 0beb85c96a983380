"""Parts of the page Télétransmission."""
