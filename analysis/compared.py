"""A release with its own figures set side by side: among places, and with the wave before."""

from __future__ import annotations

from dataclasses import replace

from analysis.difference import COMPARED
from analysis.inputs import Inputs
from analysis.release import Release
from analysis.released_changes import EarlierWave, changes
from analysis.released_ranks import released_ranks


def compared(inputs: Inputs, release: Release, before: EarlierWave | None) -> Release:
    """With ranks and, given an earlier wave, what changed since it; from published figures alone."""
    release = replace(release, ranks=tuple(released_ranks(release)))
    if before is None:
        return release
    name = f"{COMPARED}{before.release.wave}:{before.release.number}"
    return replace(
        release,
        changes=changes(release, inputs.locals, inputs.questionnaire, before),
        provenance=release.provenance | {name: before.release.digest},
    )
