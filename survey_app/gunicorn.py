"""Settings for gunicorn.

Threads, not gevent: pages are CPU-bound. No preload: an engine must not cross a fork.
"""

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
