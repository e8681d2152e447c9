"""Structured logs, one JSON line per request: what happened and how long it took, never who or what."""

from __future__ import annotations

import json
import sys
import time
import uuid
from datetime import UTC, datetime

from flask import Flask, Response, g, request


def init_logs(app: Flask) -> None:
    @app.before_request
    def start_clock() -> None:
        g.started = time.perf_counter()
        g.request_id = uuid.uuid4().hex

    @app.after_request
    def log_request(response: Response) -> Response:
        # The endpoint, not the path: paths can carry resume codes and invitation tokens.
        _write(
            "request",
            "info",
            method=request.method,
            endpoint=request.endpoint,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            request=g.get("request_id"),
        )
        return response


def log_failure(error: Exception) -> None:
    """Record an unexpected failure by type and place; its message may hold a person's words: left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    _write("failure", "error", error=type(error).__name__, place=place, request=g.get("request_id"))


def _write(event: str, level: str, **facts: object) -> None:
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    line = json.dumps({**facts, "event": event, "level": level, "timestamp": moment})
    sys.stdout.write(f"{line}\n")  # in one piece: threads share the stream
    sys.stdout.flush()
