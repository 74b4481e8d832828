"""One running Tryton server on one loopback port."""

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from . import accounts, pinned
from .postgres import Cluster
from .running import end_process, fail, run, running_pid, tail


def information(places, port):
    """What a client needs to reach the instance of `port`, as a dictionary that is also JSON."""
    directory = places.run_root / str(port)
    found = {
        "url": f"http://127.0.0.1:{port}",
        "database": accounts.DATABASE,
        "json_rpc": f"http://127.0.0.1:{port}/{accounts.DATABASE}/rpc/",
        "rest": f"http://127.0.0.1:{port}/{accounts.DATABASE}/rest",
        "users": accounts.PASSWORDS,
        "rest_keys": accounts.REST_KEYS,
        "backend": places.backend,
        "as_of": places.as_of,
        "weeks": places.weeks,
        "series": pinned.SERIES,
        "pidfile": str(directory / "trytond.pid"),
        "log": str(directory / "trytond.log"),
        "directory": str(directory),
    }
    if places.cluster:
        found["pg_data"] = str(places.data_root / f"run-{port}")
        found["pg_bin"] = str(places.cluster.binaries)
        found["pg_user"] = places.cluster.user
    return found


def running(places, port):
    """The information of the instance of `port` when it is up; fails when it is up as another kind."""
    directory = places.run_root / str(port)
    if not running_pid(directory / "trytond.pid"):
        return None
    found = json.loads((directory / "instance.json").read_text())
    for key in ["backend", "as_of", "weeks"]:
        if found.get(key) != getattr(places, key):
            fail(f"port {port} already runs with {key} {found.get(key)}; use --reset")
    return found


def start(places, port, keep=False):
    """Copies the seed (unless `keep`), starts the server and waits until a real login succeeds."""
    directory = places.run_root / str(port)
    stop(directory)
    directory.mkdir(parents=True, exist_ok=True)
    _wait_for_port(port)
    found = information(places, port)
    data = Path(found["pg_data"]) if places.cluster else directory / "data"
    log = directory / "start.log"
    log.write_text("")
    if not (keep and data.exists()):
        shutil.rmtree(data, ignore_errors=True)
        # cp keeps the owner, and shares blocks where the disk can.
        run(["cp", "-a", "--reflink=auto", str(places.seed / "data"), str(data)], log, 300)
    if places.cluster:
        places.cluster.start(data, log)
    config = directory / "trytond.conf"
    places.write_config(config, data, port)
    (directory / "instance.json").write_text(json.dumps(found, indent=1))
    with open(found["log"], "ab") as out:
        process = subprocess.Popen(
            [places.tool("trytond"), "-c", str(config), "-d", accounts.DATABASE],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=places.environment(config),
            start_new_session=True, cwd=str(directory),
        )
    Path(found["pidfile"]).write_text(f"{process.pid}\n")
    _wait_for_login(process, found)
    return found


def stop(directory):
    """Stops what `start` started in `directory`, by process id; tells whether anything ran."""
    directory = Path(directory)
    stopped = end_process(directory / "trytond.pid")
    (directory / "trytond.pid").unlink(missing_ok=True)
    try:
        found = json.loads((directory / "instance.json").read_text())
    except (OSError, ValueError):
        return stopped
    if found.get("pg_data"):
        cluster = Cluster(found["pg_bin"], found.get("pg_user"))
        stopped = cluster.stop(Path(found["pg_data"]), directory / "start.log") or stopped
    return stopped


def _wait_for_login(process, found, patience=90):
    deadline = time.monotonic() + patience
    while True:
        if process.poll() is not None:
            fail(f"trytond ended with status {process.returncode}\n{tail(found['log'])}")
        try:
            if login_works(found, "integration"):
                return
        except OSError:
            pass
        if time.monotonic() > deadline:
            stop(found["directory"])
            fail(f"trytond did not answer within {patience} s\n{tail(found['log'])}")
        time.sleep(0.1)


def _wait_for_port(port, patience=5):
    deadline = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    fail(f"port {port} on 127.0.0.1 is not free: {error}")
        time.sleep(0.1)


def login_works(found, user):
    """Logs in, counts the items and logs out, as a client would."""
    user_id, session, _ = _call(found, None, "common.db.login", [user, {"password": found["users"][user]}, "en"])
    token = base64.b64encode(f"{user}:{user_id}:{session}".encode()).decode()
    _call(found, token, "model.product.product.search_count", [[], {}])
    _call(found, token, "common.db.logout", [])
    return True


def _call(found, token, method, params):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Session " + token
    body = json.dumps({"id": 1, "method": method, "params": params}).encode()
    # A proxy of the environment is never meant for loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(found["json_rpc"], body, headers), timeout=60) as response:
        answer = json.load(response)
    if "error" in answer:
        raise OSError(f"{method}: {answer['error']}")
    return answer["result"]
