"""Settings for gunicorn.

Threads, not gevent: pages are CPU-bound. No preload: an engine must not cross a fork.
"""

import contextlib
import ctypes
import gc
import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("HEREABOUTS_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True  # nothing here is managed through it, and it would write to the home folder
accesslog = None  # the app writes its own request log, without addresses
forwarded_allow_ips = "127.0.0.1"

M_ARENA_MAX = -8  # as in glibc's malloc.h


def post_worker_init(_worker: object) -> None:
    """Spare the garbage collector, and keep one heap for all threads."""
    # What was loaded to start stays for good; after that, one page makes thousands of objects.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    # A heap for each thread is for programs whose threads run at once: here it only costs 5 MB.
    with contextlib.suppress(AttributeError):  # a C library other than glibc
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
