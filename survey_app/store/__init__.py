"""All SQL lives here: one module per noun, functions of a session. Nothing here commits."""
