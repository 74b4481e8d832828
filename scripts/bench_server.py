"""A server of its own for a benchmark: started on an empty database, and ended."""

import http.client
import json
import os
import re
import socket
import subprocess
import time
import uuid
from pathlib import Path

START_SECONDS = 60


class Server:
    """`plimsoll serve` in a folder, on SQLite there or on a new database of the PostgreSQL in PLIMSOLL_TEST_POSTGRES."""

    def __init__(self, program, folder, postgres=False, settings=""):
        self.program, self.port = str(Path(program).resolve()), free_port()
        self.database = new_database() if postgres else str(Path(folder) / "plimsoll.sqlite")
        configuration = Path(folder) / "plimsoll.yaml"
        configuration.write_text(
            f'database: "{self.database}"\nlisten: 127.0.0.1:{self.port}\nlogLevel: error\n'
            f"auditKey: {folder}/audit.key\nauditCheckpoints: {folder}/checkpoints.ndjson\n{settings}",
            encoding="utf-8",
        )
        self.log = Path(folder) / "server.log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLIMSOLL_")}
        self.environment = dict(environment, PLIMSOLL_SERVER=f"http://127.0.0.1:{self.port}")
        self.configuration = configuration
        self.start()

    def start(self):
        environment = {name: value for name, value in self.environment.items() if not name.startswith("PLIMSOLL_")}
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--config", str(self.configuration)], cwd=self.configuration.parent, env=environment,
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )

    def restart(self):
        """Kills the server, starts it again, and answers after how many seconds it was ready."""
        self.process.kill()
        self.process.wait()
        started = time.monotonic()
        self.start()
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > started + START_SECONDS:
                raise RuntimeError(f"the server did not start again: {self.log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.005)
        return time.monotonic() - started

    def is_ready(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def __enter__(self):
        try:
            self.key = self.environment["PLIMSOLL_KEY"] = self.first_key()
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def first_key(self):
        """The administrator's key, which the first start shows once; waits until the server answers."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(r"plm_\S+", self.log.read_text(encoding="utf-8"))
            if found and self.answers():
                return found[0].rstrip(".")
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def send(self, method, path, body=None, kind="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": kind}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path} answered {response.status}: {text[:1000]}")
        return json.loads(text) if text else None

    def peak_megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def new_database():
    connection = os.environ.get("PLIMSOLL_TEST_POSTGRES")
    if not connection:
        raise RuntimeError("run it through scripts/with-postgres")
    name = f"bench_{uuid.uuid4().hex[:12]}"
    subprocess.run(["psql", connection, "-qXc", f"CREATE DATABASE {name}"], check=True, stdin=subprocess.DEVNULL)
    return re.sub(r"dbname=\S+", f"dbname={name}", connection)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
