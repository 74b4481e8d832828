"""Installing Tryton, and building the pristine database that every instance starts from."""

import os
import shutil
import sys

from . import accounts, pinned
from .running import run, say


def install(places):
    """Installs the pinned packages into a virtual environment of their own; done once."""
    marker = places.venv / ".complete"
    if marker.exists():
        return
    say(f"installing Tryton {pinned.SERIES} from PyPI into {places.venv}")
    shutil.rmtree(places.venv, ignore_errors=True)
    log = places.cache / "install.log"
    log.write_text("")
    run([sys.executable, "-m", "venv", str(places.venv)], log, 120)
    pip = [places.python(), "-m", "pip"]
    run(
        pip + ["install", "--no-input", "--disable-pip-version-check", "--only-binary", "lxml", *places.requirements],
        log, 600,
    )
    run(pip + ["check"], log, 60)
    marker.touch()


def build(places):
    """Creates the database, activates the modules and loads the sample company; done once for each kind."""
    if (places.seed / ".complete").exists():
        return
    say(f"creating the sample company with {places.weeks} weeks of history (some minutes, the first time only)")
    shutil.rmtree(places.seed, ignore_errors=True)
    work = places.data_root / ("work-" + places.seed_id)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    log = places.cache / f"seed-{places.seed_id}.log"
    log.write_text("")
    data = work / "data"
    if places.cluster:
        if places.cluster.user:
            shutil.chown(work, places.cluster.user)
        places.cluster.create(data, log)
        places.cluster.start(data, log)
    else:
        data.mkdir()
        (data / (accounts.DATABASE + ".sqlite")).touch()  # the ERP wants it to exist beforehand
    try:
        _fill(places, data, log)
    finally:
        if places.cluster:
            places.cluster.stop(data, log)
    (work / ".complete").touch()
    os.rename(work, places.seed)


def _fill(places, data, log):
    config = places.cache / f"seed-{places.seed_id}.conf"
    password = places.cache / f"seed-{places.seed_id}.pass"
    places.write_config(config, data, port=1)
    password.write_text(accounts.PASSWORDS["admin"])
    env = places.environment(config)
    env["TRYTONPASSFILE"] = str(password)
    try:
        if places.cluster:
            places.cluster.create_database(data, accounts.DATABASE, log)
        run(
            [places.tool("trytond-admin"), "-c", str(config), "-d", accounts.DATABASE, "--login", "admin"]
            + ["--email", "admin@example.com", "--activate-dependencies", "-u", "ir", "res", *pinned.MODULES],
            log, 900, env=env,
        )
        run(
            [places.python(), "-m", "tryton_fixture.sample", "--as-of", places.as_of, "--weeks", str(places.weeks)],
            log, 1200, env=env,
        )
    finally:
        password.unlink(missing_ok=True)
