"""A real gunicorn serving a real database, for tests and benchmarks that need one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command(environment: Mapping[str, str], *arguments: str) -> str:
    """Run `survey-app` with these settings; returns what it printed. Raises with its words when refused."""
    done = subprocess.run(
        [BIN / "survey-app", *arguments], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"survey-app {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


@dataclass
class Server:
    base: str
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """Process ids of gunicorn's workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def kill_a_worker(self) -> int:
        """Kill one worker at once, as a crash would."""
        victim = self.workers()[0]
        os.kill(victim, signal.SIGKILL)
        return victim

    def cpu_seconds(self) -> float:
        """CPU time used so far by every worker, user and system."""
        return sum(_cpu(worker) for worker in self.workers())

    def peak_megabytes(self) -> list[float]:
        """Peak resident memory of each worker."""
        return [_peak(worker) for worker in self.workers()]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


APP = "survey_app.wsgi:app"


@contextmanager
def serving(environment: Mapping[str, str], log: Path, app: str = APP) -> Iterator[Server]:
    """Serve with these settings on a free port until the block ends. `app` answers /healthz."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [BIN / "gunicorn", "-c", "python:survey_app.gunicorn", app],
            env={**os.environ, **environment, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(f"{base}/healthz", process, log)
        yield Server(base, process)
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
