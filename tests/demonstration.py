"""The seeded demonstration: made once in a run of the tests, by whichever process needs it first, and copied.

Seeding takes longer than most tests that need it. Every copy may be written to.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.server import command

SIGN_INS = "printed-sign-ins.json"


def copied(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> dict[str, dict[str, str]]:
    """Fill a folder with the demonstration's data; returns a sign-in for each role."""
    shutil.copytree(_original(tmp_path_factory), folder, dirs_exist_ok=True)
    found: list[dict[str, str]] = json.loads((folder / SIGN_INS).read_text(encoding="utf-8"))
    return {who["role"]: who for who in found}


def _original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is copied. It is complete once it has its name."""
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = run / "demonstration"
    with (run / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = run / "demonstration-in-the-making"
            making.mkdir()
            environment = {"HEREABOUTS_DEMO": "yes", "HEREABOUTS_DATA_FOLDER": str(making)}
            command(environment, "database", "upgrade")
            seeded = json.loads(command(environment, "seed-demo", "--json"))
            (making / SIGN_INS).write_text(json.dumps(seeded["sign_ins"]), encoding="utf-8")
            making.rename(folder)
    return folder
