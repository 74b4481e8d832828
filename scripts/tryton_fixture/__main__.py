"""The command line of `scripts/tryton`."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

from . import instance, seed
from .places import Places
from .running import Lock, fail, running_pid

DEFAULT_AS_OF = "2026-11-02"
FULL_HISTORY_WEEKS = 52

DESCRIPTION = """\
Runs a real Tryton ERP, with a sample distributor, on loopback.

  scripts/tryton up PORT       starts it and waits until a real login succeeds
  scripts/tryton down PORT     stops it; prints "stopped" or "not running", and both are success
  scripts/tryton status PORT   exit status 0 when it is up, 1 when it is not
  scripts/tryton prepare       installs and builds the caches, starts nothing

The first `up` installs trytond and its modules (exact versions) from PyPI into a virtual
environment, creates a database, and loads a deterministic sample company: about three minutes.
Later ones copy that pristine database: two to five seconds. `up` on a port that is already up
changes nothing and prints the same information. After `down`, the next `up` starts from the
pristine data again, unless --keep is given."""

EPILOGUE = """\
the sample company (all names and codes are stable)
  Northwind Industrial Supply: 3 warehouses (DC-EAST, DC-CENTRAL, DC-WEST), 200 items in 8
  categories (a quarter is bought by the case of 12), 20 suppliers with lead times, minimum order
  quantities, order multiples and price breaks, 24 customers, about 530 order points (some stale,
  some fed from another warehouse), a year of sales of 24 items at 3 warehouses (steady, seasonal,
  intermittent and new items; real sale orders, shipments and stock moves), the purchases that
  replenished them, open purchase orders (some late, some part received), internal shipments in
  every state including in transit, and purchase requisitions. All dates are relative to --as-of.

environment
  PLIMSOLL_TRYTON_CACHE    caches               default $HOME/.cache/plimsoll-tryton
  PLIMSOLL_TRYTON_RUN      instances            default <cache>/run, with a directory for each port
  PLIMSOLL_TRYTON_WEEKS    as --weeks           8 makes a short history, and a quicker first run
  PLIMSOLL_TRYTON_BACKEND  as --backend
  PLIMSOLL_TRYTON_PG       PostgreSQL data      default, as root, /var/tmp/plimsoll-tryton-pg
  PLIMSOLL_TRYTON_PGBIN    PostgreSQL programs  default /usr/lib/postgresql/15/bin

exit status
  0 done; 1 failed (the reason and the end of the log are on stderr) or not up; 2 wrong usage;
  75 another process held the lock for too long"""


def main():
    options = parse()
    places = Places(options.backend, options.as_of, options.weeks)
    # So that an interrupted run stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    COMMANDS[options.command](options, places)


def parse():
    environment = os.environ
    parser = argparse.ArgumentParser(
        prog="scripts/tryton", description=DESCRIPTION, epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS))
    parser.add_argument("port", type=int, nargs="?", metavar="PORT")
    parser.add_argument(
        "--backend", choices=["sqlite", "postgresql"], default=environment.get("PLIMSOLL_TRYTON_BACKEND") or "sqlite",
        help="the ERP's own database (default %(default)s)",
    )
    parser.add_argument(
        "--as-of", default=DEFAULT_AS_OF, metavar="DATE",
        help="the day the sample's history ends, YYYY-MM-DD or 'today' (default %(default)s)",
    )
    parser.add_argument(
        "--weeks", type=int, default=int(environment.get("PLIMSOLL_TRYTON_WEEKS") or FULL_HISTORY_WEEKS),
        help="weeks of history, 1 to 104 (default %(default)s)",
    )
    parser.add_argument("--reset", action="store_true", help="stop a running instance and start from the pristine data")
    parser.add_argument("--keep", action="store_true", help="keep the data of this port's last run")
    parser.add_argument("--json", action="store_true", help="print the connection information as JSON")
    options = parser.parse_args()
    if options.as_of == "today":
        options.as_of = time.strftime("%Y-%m-%d")
    try:
        time.strptime(options.as_of, "%Y-%m-%d")
    except ValueError:
        parser.error(f"--as-of takes YYYY-MM-DD or today, not {options.as_of}")
    if not 1 <= options.weeks <= 104:
        parser.error(f"--weeks must be between 1 and 104, not {options.weeks}")
    if options.reset and options.keep:
        parser.error("--reset and --keep exclude each other")
    if options.port is None and options.command != "prepare":
        parser.error("which port?")
    if options.port is not None and not 1024 <= options.port <= 65535:
        parser.error(f"PORT must be between 1024 and 65535, not {options.port}")
    if sys.version_info < (3, 10):
        fail("needs Python 3.10 or newer, this is %s" % sys.version.split()[0])
    return options


def up(options, places):
    started = time.monotonic()
    with Lock(places.cache / ".lock"):
        found = None if options.reset else instance.running(places, options.port)
        if found is None:
            seed.install(places)
            seed.build(places)
            found = instance.start(places, options.port, keep=options.keep)
    show(found, options, time.monotonic() - started)


def down(options, places):
    print("stopped" if instance.stop(places.run_root / str(options.port)) else "not running")


def status(options, places):
    directory = places.run_root / str(options.port)
    if not running_pid(directory / "trytond.pid"):
        print("not running")
        sys.exit(1)
    show(json.loads((directory / "instance.json").read_text()), options)


def prepare(options, places):
    started = time.monotonic()
    with Lock(places.cache / ".lock"):
        seed.install(places)
        seed.build(places)
    print(f"prepared in {time.monotonic() - started:.1f} s: {places.seed}")


def show(found, options, seconds=None):
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for label, key in [("url", "url"), ("database", "database"), ("json-rpc", "json_rpc"), ("rest", "rest")]:
        print(f"{label:<10}{found[key]}")
    for user, password in found["users"].items():
        print(f"user      {user:<12} password {password}")
    for user, key in found["rest_keys"].items():
        print(f"rest key  {user:<12} {key}")
    print(f"history   {found['weeks']} weeks to {found['as_of']}, {found['backend']}")
    print(f"pid       {Path(found['pidfile']).read_text().strip()}  ({found['pidfile']})")
    print(f"log       {found['log']}")
    if seconds is not None:
        print(f"ready in  {seconds:.1f} s")


COMMANDS = {"up": up, "down": down, "status": status, "prepare": prepare}

if __name__ == "__main__":
    main()
