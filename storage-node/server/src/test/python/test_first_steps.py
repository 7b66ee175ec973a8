"""What a new user does first: start the server without any configuration, and type what it prints."""

import os
import pathlib
import subprocess
import sys
import time

from conftest import READY_WITHIN_SECONDS, REPOSITORY, Server


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


def test_the_commands_that_are_printed_work_as_they_stand(tmp_path):
    directory = tmp_path / "where data lie"  # a shell would take it apart
    directory.mkdir()
    server = Server(directory, with_keys=False)
    server.start()
    try:
        commands = printed_commands(server)
        assert commands[0].startswith("export ")
        assert all(command.startswith("aws s3 ") for command in commands[1:])
        done = subprocess.run(
            ["sh", "-e"], input="\n".join(commands) + "\n", text=True, cwd=REPOSITORY, timeout=300,
            env={"HOME": str(server.home), "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        size = (REPOSITORY / "README.md").stat().st_size
        assert done.stdout.splitlines()[-1].split()[-2:] == [str(size), "README.md"]
    finally:
        server.stop()
