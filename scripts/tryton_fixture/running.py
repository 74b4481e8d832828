"""Running other programs: with a deadline, a log, and an end that is certain."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

EXIT_FAILED = 1
EXIT_LOCKED = 75


def fail(message, status=EXIT_FAILED):
    sys.stderr.write(f"tryton: {message}\n")
    sys.exit(status)


def say(message):
    sys.stderr.write(f"tryton: {message}\n")
    sys.stderr.flush()


def tail(path, lines=25):
    try:
        return "".join(Path(path).read_text(errors="replace").splitlines(True)[-lines:])
    except OSError:
        return ""


def run(command, log, timeout, env=None, user=None):
    """Runs a command to its end, with its output in a file and a hard deadline in seconds."""
    if user:
        command = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--"] + command
    with open(log, "ab") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True, cwd="/"
        )
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            fail(f"{command[0]} did not end within {timeout} s; log {log}\n{tail(log)}")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if status:
        fail(f"{' '.join(command[:4])} ended with status {status}; log {log}\n{tail(log)}")


class Lock:
    """One builder at a time for each cache directory."""

    def __init__(self, path, timeout=1200):
        self.path, self.timeout = path, timeout

    def __enter__(self):
        self.file = open(self.path, "w")
        deadline = time.monotonic() + self.timeout
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self
            except OSError:
                if time.monotonic() > deadline:
                    fail(f"the lock {self.path} is held by another process", EXIT_LOCKED)
                time.sleep(0.2)

    def __exit__(self, *_):
        self.file.close()


def running_pid(pidfile):
    """The process id in `pidfile` when that process still runs and still is one of ours."""
    try:
        pid = int(Path(pidfile).read_text().split()[0])
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    if state.split()[0] == "Z":
        return None
    # The number may have been given to another program since. A process that
    # is about to end has no command line any more.
    if command and b"trytond" not in command and b"postgres" not in command:
        return None
    return pid


def end_process(pidfile):
    """Ends the process of `pidfile`, politely and then not; tells whether there was one."""
    pid = running_pid(pidfile)
    if not pid:
        return False
    for sig, patience in [(signal.SIGTERM, 10), (signal.SIGKILL, 10)]:
        try:
            os.kill(pid, sig)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + patience
        while running_pid(pidfile) and time.monotonic() < deadline:
            try:
                os.waitpid(pid, os.WNOHANG)
            except OSError:
                pass
            time.sleep(0.05)
        if not running_pid(pidfile):
            break
    return True
