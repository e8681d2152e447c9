"""Asking and showing: the web application and the command line."""
