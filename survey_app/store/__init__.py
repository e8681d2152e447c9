"""Every query of the app, one module per noun.

Functions take a session first and never commit: the caller owns the transaction, so that several of them
happen together or not at all.
"""
