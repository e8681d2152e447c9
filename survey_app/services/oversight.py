"""Which waves a survey manager looks after: all of them, or those that lie wholly inside their areas."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from survey_app.store import areas, waves
from survey_app.tables import Wave


def looked_after(session: Session, slug: str, area_codes: Collection[str]) -> Wave | None:
    """The wave at this address, if it lies inside these areas (none: everywhere), else None.

    Links, contact details, reviews and data quality are of a whole wave: someone limited to a part of it
    does not get them.
    """
    wave = waves.by_slug(session, slug)
    if wave is None or not area_codes:
        return wave
    covered = areas.by_codes(session, wave.area_codes)
    if not covered or len(covered) != len(set(wave.area_codes)):
        return None
    inside = all(areas.covered(session, area, area_codes) for area in covered.values())
    return wave if inside else None


def all_looked_after(session: Session, area_codes: Collection[str]) -> list[Wave]:
    """Every wave looked after by someone limited to these areas (none: everywhere), the latest first."""
    held = waves.all_waves(session)
    return [wave for wave in held if looked_after(session, wave.slug, area_codes) is not None]
