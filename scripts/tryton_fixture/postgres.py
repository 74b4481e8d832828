"""A private PostgreSQL cluster for one Tryton database, on a Unix socket in its own directory."""

import os
from pathlib import Path

from .running import fail, run, running_pid


class Cluster:
    """The server refuses to run as root, so root hands it to the `postgres` user."""

    def __init__(self, binaries=None, user=None):
        self.binaries = Path(binaries or os.environ.get("PLIMSOLL_TRYTON_PGBIN") or "/usr/lib/postgresql/15/bin")
        self.user = user or ("postgres" if os.geteuid() == 0 else None)
        if not (self.binaries / "initdb").exists():
            fail(f"no PostgreSQL server in {self.binaries}; scripts/setup installs it")

    def create(self, data, log):
        run(
            [str(self.binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
            + ["--locale", "C.UTF-8", "--wal-segsize", "4", "--no-sync"],
            log, 120, user=self.user,
        )

    def create_database(self, data, name, log):
        run([str(self.binaries / "createdb"), "-h", str(data), "-U", "postgres", name], log, 60)

    def start(self, data, log):
        if running_pid(data / "postmaster.pid"):
            return
        (data / "postmaster.pid").unlink(missing_ok=True)
        # The ERP's data can be made again from the seed at any time, so its cluster need not survive a power cut.
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{data}' -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
        )
        run(
            [str(self.binaries / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(data / "postgres.log")]
            + ["-o", options, "start"],
            log, 90, user=self.user,
        )

    def stop(self, data, log):
        """Stops the cluster when it runs, and tells whether it did."""
        if not running_pid(data / "postmaster.pid"):
            return False
        run(
            [str(self.binaries / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-m", "fast", "stop"],
            log, 90, user=self.user,
        )
        return True
