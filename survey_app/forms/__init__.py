"""What staff fill in, as WTForms, and how residents' items are drawn, by kind."""
