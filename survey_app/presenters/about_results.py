"""What there is to read about a release as a whole: one list, in one order, on every page of results."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.comparisons import Changes
from survey_app.presenters import changed, modes
from survey_app.services.results import ReleaseIndex


@dataclass(frozen=True, slots=True)
class Page:
    """A page to go to. place: the code of the place it opens at; None opens it as a whole."""

    endpoint: str
    words: str
    place: str | None = None


def pages(
    index: ReleaseIndex, reach: Collection[str], since: Changes | None, *, district: str = ""
) -> tuple[Page, ...]:
    """Pages with something to say to a reader of the places in `reach`.

    since: what changes are told since. district: whose comments to open.
    """
    found = []
    if since is not None:
        found.append(Page("results.changes", _("What changed since %(since)s", since=changed.when(since))))
    if index.release.comments:
        found.append(Page("results.comments", _("What people said in their own words"), district or None))
    if modes.told(index, reach):
        found.append(Page("results.ways", _("Did it matter how people answered?")))
    if index.models:
        found.append(Page("results.models", _("How figures of small places were modelled")))
    found.append(releases())
    return tuple(found)


def releases() -> Page:
    """The one page that is of no release in particular."""
    return Page("results.releases", _("Releases so far, and what became of them"))
