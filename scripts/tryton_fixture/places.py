"""Where the caches and the instances are, and how a seed is named."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from . import accounts, pinned
from .postgres import Cluster


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


class Places:
    """The directories of one kind of instance: a back end, an as-of date and a length of history."""

    def __init__(self, backend, as_of, weeks):
        self.backend, self.as_of, self.weeks = backend, as_of, weeks
        self.scripts = Path(__file__).resolve().parent.parent
        self.cache = Path(os.environ.get("PLIMSOLL_TRYTON_CACHE") or Path.home() / ".cache" / "plimsoll-tryton")
        self.run_root = Path(os.environ.get("PLIMSOLL_TRYTON_RUN") or self.cache / "run")
        self.cache.mkdir(parents=True, exist_ok=True)
        self.run_root.mkdir(parents=True, exist_ok=True)

        self.requirements = list(pinned.REQUIREMENTS)
        self.cluster = None
        self.data_root = self.cache
        if backend == "postgresql":
            self.requirements += pinned.REQUIREMENTS_ON_POSTGRESQL
            self.cluster = Cluster()
            self.data_root = self._cluster_root()
        python = "%d.%d.%d" % sys.version_info[:3]
        self.venv = self.cache / ("venv-" + digest(python, sys.executable, *self.requirements))
        self.seed_id = digest(
            backend, as_of, str(weeks), self._sample_source(), repr(accounts.PASSWORDS), repr(accounts.REST_KEYS),
            *self.requirements, *pinned.MODULES,
        )
        self.seed = self.data_root / ("seed-" + self.seed_id)

    def _cluster_root(self):
        # The `postgres` user cannot enter root's home.
        root = Path(
            os.environ.get("PLIMSOLL_TRYTON_PG")
            or ("/var/tmp/plimsoll-tryton-pg" if self.cluster.user else self.cache / "pg")
        )
        root.mkdir(parents=True, exist_ok=True)
        if self.cluster.user:
            shutil.chown(root, self.cluster.user)
        return root

    def _sample_source(self):
        files = sorted((Path(__file__).parent / "sample").glob("*.py"))
        return "\0".join(file.read_text() for file in files)

    def python(self):
        return str(self.venv / "bin" / "python")

    def tool(self, name):
        return str(self.venv / "bin" / name)

    def environment(self, config):
        # A fixed hash seed makes the order of creation, and so every id, the same each time.
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TRYTOND_", "PG", "PYTHON"))}
        env.update({
            "TRYTOND_CONFIG": str(config),
            "PYTHONHASHSEED": "0",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self.scripts),
            "TZ": "UTC",
        })
        return env

    def write_config(self, path, data, port):
        if self.backend == "postgresql":
            database = f"uri=postgresql://postgres@/?host={data}"
        else:
            database = f"uri=sqlite://\npath={data}"
        path.write_text(f"[web]\nlisten=127.0.0.1:{port}\nroot=\n\n[database]\n{database}\n")
