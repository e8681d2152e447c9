"""What every test run says of itself: how many of each kind ran, and that nothing was quietly left out."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# Property tests try the same examples every time, however busy the machine is: what fails is what changed.
# HYPOTHESIS_PROFILE=explore tries others.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("unit", "spec", "scenarios", "integration", "migrations", "browser")


def kind_of(nodeid: str) -> str:
    """The kind of a test: its folder, and for tests of storage the database it really ran on."""
    folder = nodeid.split("/")[1] if nodeid.count("/") else "other"
    for database in ("sqlite", "postgresql"):
        if f"[{database}" in nodeid or f"-{database}" in nodeid:
            return f"{folder} ({database})"
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = Counter(kind_of(report.nodeid) for report in terminalreporter.stats.get("passed", []))
    terminalreporter.section("passed, by kind")
    for kind, count in sorted(passed.items()):
        terminalreporter.write_line(f"{count:6d}  {kind}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true a skipped test is a failure: everything must be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI", "").lower() != "true":
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"CI: {len(skipped)} tests were skipped, which counts as failing.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
