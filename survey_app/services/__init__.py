"""What can be done, as functions of a session and plain values: no web, no SQL of their own."""
