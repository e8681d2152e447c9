"""Settings: every one documented, every wrong value named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_app.config import OFFERED, ConfigError, from_environment, with_secret

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_variable_is_documented() -> None:
    read = set()
    for source in ("config.py", "gunicorn.py"):
        read |= set(
            re.findall(r"[\"']((?:HEREABOUTS_[A-Z_]+)|PORT)[\"']", (ROOT / "survey_app" / source).read_text())
        )
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M))
    assert read == documented


def test_the_languages_documented_are_those_offered() -> None:
    assert f"| `{','.join(OFFERED)}` |" in (ROOT / "docs" / "settings.md").read_text()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HEREABOUTS_HTTPS", "maybe"),
        ("HEREABOUTS_TRUSTED_PROXIES", "one"),
        ("HEREABOUTS_REST_MINUTES", "5"),
        ("HEREABOUTS_REST_MINUTES", "601"),
        ("HEREABOUTS_SAFETY_EXIT_URL", "http://example.org"),
        ("HEREABOUTS_SAFETY_EXIT_URL", "https://example.org/a b"),
        ("HEREABOUTS_LANGUAGES", ""),
        ("HEREABOUTS_LANGUAGES", "en,xx"),
        ("HEREABOUTS_TALLY_ENGINE", "abacus"),
        ("HEREABOUTS_TALLY_ENGINE", ""),
        ("HEREABOUTS_DATABASE_URL", "nonsense"),
        ("HEREABOUTS_DATABASE_URL", "mysql://host/name"),
        ("HEREABOUTS_DATABASE_URL", "postgresql+psycopg2://host/name"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        from_environment({"HEREABOUTS_DATA_FOLDER": str(tmp_path), variable: value})


def test_a_wrong_database_address_is_not_repeated_for_it_may_hold_a_password(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        from_environment(
            {
                "HEREABOUTS_DATA_FOLDER": str(tmp_path),
                "HEREABOUTS_DATABASE_URL": "mysql://me:hunter2@host/name",
            }
        )
    assert "hunter2" not in str(refusal.value)


def test_languages_may_have_spaces_between_them(tmp_path: Path) -> None:
    given = {"HEREABOUTS_DATA_FOLDER": str(tmp_path), "HEREABOUTS_LANGUAGES": "en, pl,,ur ,pl"}
    assert from_environment(given).languages == ("en", "pl", "ur")


def test_the_engine_named_is_the_one_that_counts(tmp_path: Path) -> None:
    given = {"HEREABOUTS_DATA_FOLDER": str(tmp_path)}
    assert from_environment(given).tally_engine == "numpy"
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    assert from_environment({**given, "HEREABOUTS_TALLY_ENGINE": "duckdb"}).tally_engine == "duckdb"


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    settings = from_environment({"HEREABOUTS_DATA_FOLDER": str(tmp_path)})
    assert not list(tmp_path.iterdir()), "reading settings leaves nothing behind"
    first, again = with_secret(settings), with_secret(settings)
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 43
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert first.secret_key not in repr(first)
