"""What a new user does first: `make run` without any configuration, and what it prints typed in."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from conftest import ACCESS_KEY, READY_WITHIN_SECONDS, REPOSITORY, SECRET_KEY, Server

APP = "storage-node/server/target/quarkus-app"
# What is built is what is tested, whatever was edited since. SIGINT as a terminal's processes have it.
MAKE_RUN = ["env", "--default-signal=INT", "make", "-C", REPOSITORY, "-o", f"{APP}/quarkus-run.jar", "-o", f"{APP}/.trained", "run"]


def printed_commands(server):
    """The lines after "Try:", once all of them are there: the server is ready a moment before it says so."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        before, _, after = server.log.read_text().partition("Try:\n")
        commands = [line.strip() for line in after.splitlines() if line.startswith("  ")]
        if len(commands) == 4:
            return commands
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.05)


def in_session_of(process):
    """The process, those that it has started, and those that these have."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            _, _, _, session, *_ = stat.read_text().rpartition(") ")[2].split()
            if session == str(process.pid):
                found.append(int(stat.parent.name))
    return found


def ctrl_c(make):
    """A terminal sends it to make and to all that it has started."""
    os.killpg(make.pid, signal.SIGINT)


def terminate(make):
    """Supervisors send it to make alone."""
    make.terminate()


@pytest.mark.parametrize("with_keys, end", [(False, ctrl_c), (True, terminate)])
def test_the_commands_that_are_printed_work_as_they_stand(tmp_path, monkeypatch, with_keys, end):
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):  # of the `make test` around this
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "where data lie"  # a shell would take it apart
    directory.mkdir()
    server = Server(directory, with_keys)
    server.start(*MAKE_RUN)
    try:
        commands = printed_commands(server)
        assert commands[0].startswith("export ")
        assert all(command.startswith("aws s3 ") for command in commands[1:])
        environment = {"HOME": str(server.home), "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"}
        if with_keys:
            assert ACCESS_KEY in commands[0] and SECRET_KEY not in server.log.read_text()
            environment["LILIO_ROOT_SECRET_KEY"] = SECRET_KEY
        done = subprocess.run(
            ["sh", "-e"], input="\n".join(commands) + "\n", text=True, cwd=REPOSITORY, timeout=300, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        size = (REPOSITORY / "README.md").stat().st_size
        assert done.stdout.splitlines()[-1].split()[-2:] == [str(size), "README.md"]
        end(server.process)
        server.process.wait(timeout=60)
        assert in_session_of(server.process) == []
    finally:
        for left in in_session_of(server.process):
            os.kill(left, signal.SIGKILL)
