"""Measure the seeded demonstration as it would be served: CPU per page and per survey, memory, publishing.

CPU time of the workers, not elapsed time, so that a busy machine matters less. The disk's sync rate is
measured in the same run, because it bounds how fast answers can be acknowledged.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from tests.resident import Resident, any_answer
from tests.server import Server, command, serving

WAVE, POSTCODE = "autumn-2026", "CM1 1SN"
PAGES = {
    "front page": "/",
    "survey start, English": f"/s/{WAVE}?lang=en",
    "survey start, Urdu": f"/s/{WAVE}?lang=ur",
    "consent page": f"/s/{WAVE}/q/consent",
    "sign-in": "/sign-in",
    "health check": "/healthz",
}
REQUESTS, WARM_UP, SURVEYS, AT_ONCE = 400, 40, 120, 4


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    print(f"Disk: {_syncs_a_second(folder):,.0f} synced writes a second in {folder}\n")
    _measure("SQLite", {"HEREABOUTS_DATA_FOLDER": str(folder / "sqlite")}, folder)
    address = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        with _database(address) as url:
            settings = {"HEREABOUTS_DATA_FOLDER": str(folder / "postgresql"), "HEREABOUTS_DATABASE_URL": url}
            _measure("PostgreSQL", settings, folder, pages=False)
    except ConnectionError as error:
        print(f"PostgreSQL was not measured: {error}")


def _measure(name: str, settings: Mapping[str, str], folder: Path, *, pages: bool = True) -> None:
    environment = {"HEREABOUTS_DEMO": "yes", **settings}
    Path(settings["HEREABOUTS_DATA_FOLDER"]).mkdir(parents=True)
    command(environment, "database", "upgrade")
    seeding = _timed(lambda: command(environment, "seed-demo", "--quiet"))
    with serving(environment, folder / "gunicorn.log") as server:
        if pages:
            _print_pages(server)
        survey, requests = _survey_cpu(server)
        peaks = server.peak_megabytes()
    publishing = _timed(lambda: command(environment, "publish", WAVE, "--dry-run"))
    print(f"{name:<44}{'measured':>10}{'target':>10}")
    print(f"{'CPU-s per completed survey':<44}{survey:>10.3f}{'0.060':>10}")
    print(f"{'  requests in it':<44}{requests:>10.1f}")
    print(f"{'peak memory of a worker, MB':<44}{max(peaks):>10.0f}{'100':>10}")
    print(f"{'publish 6,000 responses, CPU-s':<44}{publishing[1]:>10.1f}")
    print(f"{'publish 6,000 responses, seconds':<44}{publishing[0]:>10.1f}")
    print(f"{'seed the demonstration, seconds':<44}{seeding[0]:>10.1f}\n")


def _print_pages(server: Server) -> None:
    print(f"{'page':<44}{'CPU-ms':>10}{'bytes':>10}")
    someone = Resident(server.base)
    for name, path in PAGES.items():
        _repeat(someone, path, WARM_UP)
        before = server.cpu_seconds()
        size = _repeat(someone, path, REQUESTS)
        print(f"{name:<44}{(server.cpu_seconds() - before) / REQUESTS * 1000:>10.2f}{size:>10,}")
    someone.close()
    print()


def _repeat(someone: Resident, path: str, times: int) -> int:
    sizes = [len(someone.request("GET", path).html.encode()) for _ in range(times)]
    return int(statistics.median(sizes))


def with_postcode(name: str, kind: str, options: list[str], rng: random.Random) -> list[str]:
    """Answers as most people give them: with a postcode, and nothing declined."""
    if name == "postcode":
        return [POSTCODE] if kind == "text" else []
    return any_answer(name, kind, options, rng)


def _survey_cpu(server: Server) -> tuple[float, float]:
    """CPU seconds and requests of a completed survey, averaged, `AT_ONCE` people answering at a time."""

    def answer(seed: int) -> int:
        person = Resident(server.base, seed, choose=with_postcode)
        person.answer(f"/s/{WAVE}")
        person.close()
        return person.pages

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(answer, range(10)))
        before = server.cpu_seconds()
        pages = list(pool.map(answer, range(100, 100 + SURVEYS)))
    return (server.cpu_seconds() - before) / SURVEYS, statistics.mean(pages)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Elapsed and CPU seconds of the child processes that `work` runs."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, cpu


def _syncs_a_second(folder: Path) -> float:
    path, count = folder / "sync", 200
    start = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    return count / (time.perf_counter() - start)


class _database:  # noqa: N801 - a context manager, used as a function
    """A PostgreSQL database of our own, dropped afterwards."""

    def __init__(self, address: str) -> None:
        self.address, self.name = address, f"bench_{os.getpid()}"

    def __enter__(self) -> str:
        self._run(f"CREATE DATABASE {self.name}")
        url: URL = create_engine(self.address).url.set(database=self.name)
        return url.render_as_string(hide_password=False)

    def __exit__(self, *_error: object) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        from sqlalchemy.exc import OperationalError

        try:
            with create_engine(self.address, isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text(statement))
        except OperationalError as error:
            raise ConnectionError(f"no server at {self.address}") from error


if __name__ == "__main__":
    main()
