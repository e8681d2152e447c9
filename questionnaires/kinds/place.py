"""One answer out of a long list of places, or of anything else too long for buttons."""

from __future__ import annotations

from typing import ClassVar

from questionnaires.kinds.single_choice import SingleChoice


class Place(SingleChoice):
    """A single choice drawn as one control. Options with the same `group` stand together."""

    allowed: ClassVar = frozenset({"options", "prefer_not_to_say", "margin"})
    randomises: ClassVar = False
