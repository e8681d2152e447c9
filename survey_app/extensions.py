"""Flask extensions and the request's database session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from flask import current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlmodel import Session

from survey_app.config import Config
from survey_app.db import make_engine, reading, writing

babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=False)
login_manager = LoginManager()

_making = Lock()

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def settings() -> Config:
    """The running app's settings."""
    config: Config = current_app.extensions["hereabouts"]
    return config


def engine() -> Engine:
    """This process's engine, made on first use: an engine must never be carried across a fork."""
    if "engine" not in current_app.extensions:
        with _making:  # of threads that ask at once, one makes it: another's connections would be lost
            if "engine" not in current_app.extensions:
                current_app.extensions["engine"] = make_engine(settings().database_url)
    made: Engine = current_app.extensions["engine"]
    return made


def session() -> Session:
    """The request's database session. It can only read, unless the view is marked with `writes`."""
    if "session" not in g:
        g.session = reading(engine())
    current: Session = g.session
    return current


def writes(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Mark a view that writes.

    The transaction is committed before the response leaves, so what a person is told is saved is on the disk.
    A response of 400 or more, or anything raised, rolls it back. GET requests stay read-only.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if request.method in READING_METHODS:
            return view(*args, **kwargs)
        close_session()
        g.session = writing(engine())
        try:
            response = make_response(view(*args, **kwargs))
            if response.status_code < 400:
                g.session.commit()
            else:
                g.session.rollback()
            return response
        except BaseException:
            g.session.rollback()
            raise
        finally:
            close_session()

    wrapper.writes = True  # type: ignore[attr-defined]
    return wrapper


def close_session(_error: BaseException | None = None) -> None:
    """Close the request's session, if it has one."""
    current = g.pop("session", None)
    if current is not None:
        current.close()


@limiter.request_filter
def only_reading() -> bool:
    """Every limit is on what is sent. This saves looking for one on pages that are only read."""
    return request.method in READING_METHODS
