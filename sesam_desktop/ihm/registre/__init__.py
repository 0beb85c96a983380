"""Parts of the page Factures."""
