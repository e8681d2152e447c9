"""What the product does, one module per noun: called by pages, by the command line and by tests."""
