"""Translations as they travel: to translators as .po or XLIFF files, and back without loss."""
