"""QR codes as pictures that any page can show: SVG, black on white in every colour scheme."""

from __future__ import annotations

import segno


def picture(address: str) -> str:
    """A data address for <img>, of a QR code that leads to `address`. Its own quiet zone is in it."""
    return str(
        segno.make(address, error="m", micro=False).svg_data_uri(border=4, light="#fff", omitsize=True)
    )
