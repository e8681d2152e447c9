"""Settings: read from the environment in one place, once, into a frozen object."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from analysis import engines

DATABASES = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
SHORTEST_REST, LONGEST_REST = (
    10,
    600,
)  # minutes: a page takes minutes to answer, and nobody's day is that long
PROJECT = Path(__file__).resolve().parent.parent
# What every installation offers: whole in residents' words, which the tests hold. Files of further languages
# wait in survey_app/translations until they are (`survey-app translations status`).
OFFERED = (
    *("en", "pl", "ro", "lt", "bn", "ur", "ar", "pa"),
    *("gu", "tr", "pt", "uk", "zh-Hans", "so", "cy"),
)


class ConfigError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs between installations. Every setting is listed in docs/settings.md."""

    database_url: str
    data_folder: Path  # snapshots and other files the database does not hold
    secret_key: str = field(default="", repr=False)  # see `with_secret`
    site_name: str = "Hereabouts"
    accent: str = "#0b5563"
    operator: str = ""  # who runs the service, named on every page
    contact: str = ""
    languages: tuple[str, ...] = OFFERED
    https: bool = True  # cookies are only sent over HTTPS; off for a local demo
    trusted_proxies: int = 0
    library: Path = PROJECT / "questionnaires" / "library"
    frameworks: Path = PROJECT / "questionnaires" / "frameworks"
    tally_engine: str = engines.DEFAULT  # what counts answers when publishing
    rate_limit_storage: str = "memory://"
    sign_in_limit: str = "20 per minute"
    smtp_host: str = ""  # empty: no e-mail is sent, and none is offered
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    smtp_starttls: bool = True
    rest_minutes: int = 60  # how long a resident's device keeps their place without being used
    safety_exit: str = "https://www.bbc.co.uk/weather"
    demo: bool = False
    testing: bool = False


def from_environment(environ: Mapping[str, str] | None = None) -> Config:
    """Settings from HEREABOUTS_* variables. Raises ConfigError naming the variable at fault."""
    env = os.environ if environ is None else environ
    folder = Path(env.get("HEREABOUTS_DATA_FOLDER", "instance")).resolve()
    demo = _flag(env, "HEREABOUTS_DEMO", default=False)
    return Config(
        database_url=_database(
            env.get("HEREABOUTS_DATABASE_URL", f"sqlite:///{folder / 'hereabouts.sqlite3'}")
        ),
        data_folder=folder,
        secret_key=env.get("HEREABOUTS_SECRET_KEY", ""),
        site_name=env.get("HEREABOUTS_SITE_NAME", "Hereabouts"),
        accent=env.get("HEREABOUTS_ACCENT", "#0b5563"),
        operator=env.get("HEREABOUTS_OPERATOR", ""),
        contact=env.get("HEREABOUTS_CONTACT", ""),
        languages=_languages(env.get("HEREABOUTS_LANGUAGES", ",".join(OFFERED))),
        https=_flag(env, "HEREABOUTS_HTTPS", default=not demo),
        trusted_proxies=_number(env, "HEREABOUTS_TRUSTED_PROXIES", 0),
        library=Path(env.get("HEREABOUTS_LIBRARY", PROJECT / "questionnaires" / "library")),
        frameworks=Path(env.get("HEREABOUTS_FRAMEWORKS", PROJECT / "questionnaires" / "frameworks")),
        tally_engine=_engine(env.get("HEREABOUTS_TALLY_ENGINE", engines.DEFAULT).strip()),
        rate_limit_storage=env.get("HEREABOUTS_RATE_LIMIT_STORAGE", "memory://"),
        sign_in_limit=env.get("HEREABOUTS_SIGN_IN_LIMIT", "20 per minute"),
        **_mail(env),
        rest_minutes=_minutes(env, "HEREABOUTS_REST_MINUTES", 60),
        safety_exit=_web_address(env, "HEREABOUTS_SAFETY_EXIT_URL", "https://www.bbc.co.uk/weather"),
        demo=demo,
    )


def _mail(env: Mapping[str, str]) -> dict[str, Any]:
    host, sender = env.get("HEREABOUTS_SMTP_HOST", ""), env.get("HEREABOUTS_SMTP_FROM", "")
    if host and "@" not in sender:
        raise ConfigError(
            "HEREABOUTS_SMTP_HOST is set and HEREABOUTS_SMTP_FROM is not an e-mail address. Set it to the "
            "address that messages come from."
        )
    return {
        "smtp_host": host,
        "smtp_port": _number(env, "HEREABOUTS_SMTP_PORT", 587),
        "smtp_user": env.get("HEREABOUTS_SMTP_USER", ""),
        "smtp_password": env.get("HEREABOUTS_SMTP_PASSWORD", ""),
        "smtp_from": sender,
        "smtp_starttls": _flag(env, "HEREABOUTS_SMTP_STARTTLS", default=True),
    }


def _database(url: str) -> str:
    """The address, if it is one this service can use. It may hold a password, so no message repeats it."""
    with contextlib.suppress(ArgumentError):
        if make_url(url).drivername in DATABASES:
            return url
    raise ConfigError(
        "HEREABOUTS_DATABASE_URL is not the address of a SQLite or PostgreSQL database. Write "
        "sqlite:////folder/file.sqlite3 or postgresql://user@host/name."
    )


def _engine(name: str) -> str:
    """An engine that can count here; its library is looked for, not loaded."""
    try:
        engines.check(name)
    except engines.EngineError as error:
        raise ConfigError(f"HEREABOUTS_TALLY_ENGINE: {error}") from error
    return name


def _languages(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))
    unknown = [code for code in codes if not _is_language(code)]
    if unknown or not codes:
        named = ", ".join(repr(code) for code in unknown)
        raise ConfigError(
            f"HEREABOUTS_LANGUAGES {f'names {named}, which no language has' if unknown else 'is empty'}. "
            "Write language codes with commas, such as en,pl,ur."
        )
    return codes


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ConfigError(f"{name} is {value!r}. Write yes or no.")


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if value and not value.isdecimal():
        raise ConfigError(f"{name} is {value!r}. Write a whole number.")
    return int(value) if value else default


def _minutes(env: Mapping[str, str], name: str, default: int) -> int:
    number = _number(env, name, default)
    if not SHORTEST_REST <= number <= LONGEST_REST:
        raise ConfigError(f"{name} is {number}. Write minutes from {SHORTEST_REST} to {LONGEST_REST}.")
    return number


def _web_address(env: Mapping[str, str], name: str, default: str) -> str:
    address = env.get(name, default).strip()
    if not address.startswith("https://") or not address.isprintable() or " " in address:
        raise ConfigError(f"{name} is {address!r}. Write an address that starts with https://.")
    return address


def with_secret(config: Config) -> Config:
    """Settings with a secret key: the one given, else the data folder's own.

    The folder's is made on first use, readable only by its owner. Apart from `from_environment`, so that a
    command which signs nothing leaves no key behind.
    """
    return config if config.secret_key else replace(config, secret_key=_kept_secret(config.data_folder))


def _kept_secret(folder: Path) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secret-key"
    if not path.exists():
        # Written whole, then given its name: another worker starting now must not read half a key.
        handle, name = tempfile.mkstemp(dir=folder, prefix=".secret-key-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text().strip()
