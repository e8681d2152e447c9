"""How someone came to a wave: by a poster's link or a one-time link. Kept in the signed session cookie."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

from survey_app.extensions import session as database
from survey_app.extensions import settings
from survey_app.services import one_time_links
from survey_app.services.response import Response
from survey_app.views import tickets


@dataclass(frozen=True, slots=True)
class Arrival:
    """A poster's channel and the area it hangs in, or the code of a one-time link; whichever came last."""

    channel: str = ""
    area: str = ""
    code: str = ""


def keep(slug: str, arrival: Arrival) -> None:
    kept = [arrival.channel, arrival.area, arrival.code]
    session[tickets.ARRIVALS] = {**session.get(tickets.ARRIVALS, {}), slug: kept}


def held(slug: str) -> Arrival:
    """How this browser came to a wave; empty for the open link."""
    kept = session.get(tickets.ARRIVALS, {}).get(slug)
    return Arrival(*kept) if kept else Arrival()


def settle(slug: str, response: Response) -> None:
    """Say on a draft how it came in, in the transaction that saves it; a one-time link is taken by it."""
    arrival = held(slug)
    if arrival.code:
        one_time_links.claim(database(), response, arrival.code, settings().secret_key)
    elif arrival.channel and response.status == "draft":
        response.channel = arrival.channel
