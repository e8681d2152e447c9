"""Measure the seeded demonstration as it would be served: CPU per page and per survey, memory, publishing.

CPU time of the workers, not elapsed time, so that a busy machine matters less. Machines differ two- or
threefold, so a survey is also counted in hellos: the CPU time of a Flask page that says "hello", measured
in the same run. The disk's sync rate is measured too: it bounds how fast answers can be acknowledged.
"""

from __future__ import annotations

import gzip
import http.client
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, text

from tests.performance import survey
from tests.resident import Resident, any_answer
from tests.server import Server, command, serving

WAVE, POSTCODE = "autumn-2026", "CM1 1SN"
SURVEYED = {
    "25 items, a section a page": "bench-section",
    "25 items, a question a page": "bench-question",
    "48 items, a section a page": WAVE,
}
PAGES = {
    "front page": "/",
    "survey start, English": f"/s/{WAVE}?lang=en",
    "survey start, Urdu": f"/s/{WAVE}?lang=ur",
    "consent page": f"/s/{WAVE}/q/consent",
    "sign-in": "/sign-in",
    "health check": "/healthz",
}
REQUESTS, WARM_UP, SURVEYS, AT_ONCE = 400, 40, 120, 4
CROWD, CROWD_SURVEYS = 50, 150
TARGET, HELLO = 0.060, 0.0002
"""CPU-s for a survey of 25 items, set where a hello took HELLO CPU-s: at most 300 hellos anywhere."""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    hello = _hello(folder)
    print(f"Disk: {_syncs_a_second(folder):,.0f} synced writes a second in {folder}")
    print(f"A page that says hello: {hello * 1000:.2f} CPU-ms\n")
    _measure("SQLite", {"HEREABOUTS_DATA_FOLDER": str(folder / "sqlite")}, folder, hello)
    address = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        with _database(address) as url:
            settings = {"HEREABOUTS_DATA_FOLDER": str(folder / "postgresql"), "HEREABOUTS_DATABASE_URL": url}
            _measure("PostgreSQL", settings, folder, hello, pages=False)
    except ConnectionError as error:
        print(f"PostgreSQL was not measured: {error}")


def _hello(folder: Path) -> float:
    """CPU-s of a request that does nothing, with `AT_ONCE` people asking, as surveys are measured."""
    with serving({}, folder / "hello.log", "tests.performance.hello:app") as server:

        def ask(times: int) -> None:
            someone = Resident(server.base)
            _repeat(someone, "/healthz", times)
            someone.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(ask, [WARM_UP] * AT_ONCE))
            before = server.cpu_seconds()
            list(pool.map(ask, [REQUESTS] * AT_ONCE))
        return (server.cpu_seconds() - before) / (REQUESTS * AT_ONCE)


def _measure(
    name: str, settings: Mapping[str, str], folder: Path, hello: float, *, pages: bool = True
) -> None:
    Path(settings["HEREABOUTS_DATA_FOLDER"]).mkdir(parents=True)
    library = survey.library(Path(settings["HEREABOUTS_DATA_FOLDER"]) / "library")
    environment = {"HEREABOUTS_DEMO": "yes", "HEREABOUTS_LIBRARY": str(library), **settings}
    command(environment, "database", "upgrade")
    seeding = _timed(lambda: command(environment, "seed-demo", "--quiet"))
    survey.open_waves(environment)
    with serving(environment, folder / "gunicorn.log") as server:
        if pages:
            _print_pages(server)
        costs = {words: _survey_cost(server, wave) for words, wave in SURVEYED.items()}
        waits = {words: _crowd(server, wave) for words, wave in SURVEYED.items()}
        peaks = server.peak_megabytes()
    publishing = _timed(lambda: command(environment, "publish", WAVE, "--dry-run"))
    print(f"{name:<44}{'measured':>10}{'target':>10}")
    for words, cost in costs.items():
        target = f"{TARGET / HELLO:.0f}" if words.startswith("25") else ""
        print(f"{f'CPU-s per survey: {words}':<44}{cost.cpu:>10.3f}")
        print(f"{'  in hellos':<44}{cost.cpu / hello:>10.0f}{target:>10}")
        print(f"{'  requests in it':<44}{cost.requests:>10.1f}")
        print(f"{'  largest page, bytes gzipped':<44}{cost.largest:>10,}{15_000:>10,}")
        median, p95 = waits[words]
        print(f"{f'  with {CROWD} at once: median and p95, ms':<44}{median:>10.0f}{p95:>10.0f}")
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


@dataclass(frozen=True)
class Cost:
    """A completed survey on average: CPU seconds of the workers, requests, and its largest page."""

    cpu: float
    requests: float
    largest: int


def _survey_cost(server: Server, wave: str) -> Cost:
    """Measured with `AT_ONCE` people answering at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(_answer, server, wave), range(10)))
        before = server.cpu_seconds()
        people = list(pool.map(partial(_answer, server, wave), range(100, 100 + SURVEYS)))
    cpu = (server.cpu_seconds() - before) / SURVEYS
    return Cost(cpu, statistics.mean(each.pages for each in people), max(each.largest for each in people))


def _crowd(server: Server, wave: str) -> tuple[float, float]:
    """Median and 95th percentile of a request in milliseconds, with `CROWD` people answering without a pause.

    People think between pages, so this is the load of far more than `CROWD` of them.
    """
    with ThreadPoolExecutor(CROWD) as pool:
        people = list(pool.map(partial(_answer, server, wave), range(1_000, 1_000 + CROWD_SURVEYS)))
    waits = sorted(wait * 1000 for person in people for wait in person.waits)
    return statistics.median(waits), waits[int(len(waits) * 0.95)]


def _answer(server: Server, wave: str, seed: int) -> Measured:
    person = Measured(server.base, seed, choose=with_postcode)
    person.answer(f"/s/{wave}")
    person.close()
    return person


class Measured(Resident):
    """A resident with a watch: how long each request took, and how large the largest page was."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self.waits: list[float] = []
        self.largest = 0

    def _exchange(self, *given: Any) -> tuple[http.client.HTTPResponse, str]:
        start = time.perf_counter()
        response, page = super()._exchange(*given)
        self.waits.append(time.perf_counter() - start)
        self.largest = max(self.largest, len(gzip.compress(page.encode())))
        return response, page


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
