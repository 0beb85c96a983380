"""Parts of the page Paiements."""
