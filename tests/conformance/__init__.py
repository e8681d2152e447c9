"""Trials over folders of other people's files, run by hand."""
