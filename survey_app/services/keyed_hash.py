"""Keyed hashes: what is stored of something that must be recognised but never read back."""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(purpose: str, content: str, secret: str) -> str:
    """HMAC-SHA256 in hex (64 digits) under a key made from the installation's secret for one purpose.

    Keys of different purposes differ, so a hash of one never matches a hash of another.
    """
    key = hashlib.sha256(f"{purpose}:{secret}".encode()).digest()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()
