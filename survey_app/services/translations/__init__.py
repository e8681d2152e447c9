"""Translations: what there is to translate, how far each language has come, edits, and files to and fro."""
