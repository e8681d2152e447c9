"""Named disclosure policies. A wave has the standard one until someone decides otherwise, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.disclosure import Policy


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """says: for whom it is, in a sentence. looser: than the standard policy, in any of its numbers."""

    policy: Policy
    says: str

    @property
    def looser(self) -> bool:
        standard = Policy()
        numbers = ("minimum_base", "minimum_count", "minimum_change", "breakdown_base")
        return any(getattr(self.policy, name) < getattr(standard, name) for name in numbers)


POLICIES: Mapping[str, NamedPolicy] = {
    "standard": NamedPolicy(Policy(), "For surveys of neighbourhoods."),
    "small-communities": NamedPolicy(
        Policy(
            name="small-communities", minimum_base=50, minimum_count=15, minimum_change=15, breakdown_base=200
        ),
        "Where most people know each other: villages, or a survey of one small community.",
    ),
    "official-10-5": NamedPolicy(
        Policy(name="official-10-5", minimum_base=10, minimum_count=5, breakdown_base=50),
        "Bases of 10 and counts of 5, as many official tables have: only where a data protection officer has "
        "agreed.",
    ),
}
"""Add a policy by adding an entry."""
