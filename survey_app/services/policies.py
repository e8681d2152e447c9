"""The disclosure policy of a wave's releases: the standard one, until someone decides and says why.

For the command line only: it brings what counts answers into the process.
"""

from __future__ import annotations

from sqlmodel import Session

from analysis.policies import POLICIES
from survey_app.services.waves import LONGEST_REASON, WaveRefusedError
from survey_app.store import audit
from survey_app.tables import Wave

SHORTEST_REASON = 20  # characters


def choose(session: Session, wave: Wave, name: str, because: str, *, actor: str) -> None:
    """Make the wave's next releases under another policy; who decided, when and why is audited.

    What earlier releases showed and hid still counts, as they were. Raises WaveRefusedError with every
    reason: an unknown policy, the one it has, or no reason given.
    """
    because = " ".join(because.split())
    reasons = []
    if name not in POLICIES:
        known = "; ".join(f"{each} ({held.says})" for each, held in POLICIES.items())
        reasons.append(f"There is no policy {name!r}. There are: {known}")
    elif name == wave.policy:
        reasons.append(f"{wave.slug} has the policy {name!r} already.")
    if not SHORTEST_REASON <= len(because) <= LONGEST_REASON:
        reasons.append(
            f"Say why, and who agreed, in {SHORTEST_REASON} to {LONGEST_REASON} characters: --because TEXT. "
            "It is kept in the audit trail."
        )
    if reasons:
        raise WaveRefusedError(reasons)
    before, wave.policy = wave.policy, name
    audit.record(session, actor, "wave.policy", f"wave:{wave.slug}", was=before, now=name, because=because)
