"""Synthetic responses, for demonstrations and tests. No real person's answers went into them.

Who answers follows census margins, bent by `Skew` the way real surveys are bent; what they answer follows
assumed distributions (`analysis/reference/<questionnaire>.synthetic.yaml`) around published national figures.
Nothing made here says anything about the places named. The same seed gives the same responses.
"""

from __future__ import annotations

from analysis.synthetic.parameters import ItemParameters, Parameters, for_questionnaire
from analysis.synthetic.people import Place, Skew, demo_margins, demo_places
from analysis.synthetic.responses import SyntheticResponse, generate

__all__ = [
    "ItemParameters",
    "Parameters",
    "Place",
    "Skew",
    "SyntheticResponse",
    "demo_margins",
    "demo_places",
    "for_questionnaire",
    "generate",
]
