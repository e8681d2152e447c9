"""Whether the database can be written to."""

from sqlalchemy import text
from sqlmodel import Session


def check_writable(session: Session) -> None:
    """Take the write lock and touch nothing. Raises sqlalchemy.exc.SQLAlchemyError if it cannot."""
    session.connection().execute(text("UPDATE wave SET title = title WHERE id = -1"))
    session.rollback()
