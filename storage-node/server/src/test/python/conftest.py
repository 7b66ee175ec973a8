"""One real server process for all client tests of a pytest worker, started the way `make run` starts it."""

import hashlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid

import boto3
import pytest

from tls import TlsProxy

REPOSITORY = pathlib.Path(__file__).resolve().parents[5]
SERVER = REPOSITORY / "scripts" / "lilio-server"
ACCESS_KEY = "CLIENTTESTS"
SECRET_KEY = "client/tests+secret"
READY_WITHIN_SECONDS = 90


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A running storage node: its endpoint, its keys, and the environment that clients need."""

    def __init__(self, directory, with_keys=True):
        self.with_keys = with_keys
        self.data = directory / "data"
        self.log = directory / "server.log"
        self.port, self.admin_port, self.management_port = free_port(), free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.home = directory / "home"
        self.home.mkdir()
        self.process = None

    def start(self, *command):
        """
        Starts it and waits until it is ready.

        :param command: what starts it, in a session of its own; scripts/lilio-server unless given
        """
        environment = {
            **os.environ,
            "LILIO_DATA_DIR": str(self.data),
            "LILIO_S3_PORT": str(self.port),
            "LILIO_ADMIN_PORT": str(self.admin_port),
            "LILIO_MANAGEMENT_PORT": str(self.management_port),
        }
        environment.pop("LILIO_ROOT_ACCESS_KEY", None)
        environment.pop("LILIO_ROOT_SECRET_KEY", None)
        if self.with_keys:
            environment |= {"LILIO_ROOT_ACCESS_KEY": ACCESS_KEY, "LILIO_ROOT_SECRET_KEY": SECRET_KEY}
        self.process = subprocess.Popen(
            command or [SERVER], env=environment, cwd=self.home, start_new_session=bool(command),
            stdout=self.log.open("ab"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start:\n" + self.log.read_text()[-4000:])
            time.sleep(0.1)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.management_port}/q/health/ready", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=60) in (0, 143), self.log.read_text()[-4000:]

    def peak_memory(self):
        """The most bytes of memory that its process has had."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE).group(1)) << 10

    def environment(self):
        """What a user would set, and nothing that a user's own configuration could disturb."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": self.endpoint,
        }


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("lilio"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def s3(server):
    return boto3.client(
        "s3", endpoint_url=server.endpoint, region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY)


@pytest.fixture
def bucket(s3):
    """A bucket of this test's own."""
    name = "b-" + uuid.uuid4().hex[:16]
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def run(server):
    """Runs a command line client from the virtual environment; its output, or a failure that shows it."""

    def run(*command, stdin=None, environment=None):
        program = pathlib.Path(os.sys.executable).parent / command[0]
        done = subprocess.run(
            [program, *map(str, command[1:])], env=server.environment() | (environment or {}), cwd=server.home, stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900)
        assert done.returncode == 0, (
            f"{command} ended with {done.returncode}\n{done.stdout[-2000:].decode(errors='replace')}"
            f"\n{done.stderr[-4000:].decode(errors='replace')}")
        return done.stdout.decode(errors="replace")

    return run


@pytest.fixture
def tls(server, tmp_path):
    """The same server over TLS."""
    proxy = TlsProxy(server.port, tmp_path)
    yield proxy
    proxy.close()


def require_space(server, size):
    """Skips the test unless three replicas of an object fit, beside those of a test that runs at the same time."""
    needed, free = 2 * 3 * size, shutil.disk_usage(server.data).free
    if free < needed:
        pytest.skip(f"needs {needed >> 30} GiB below {server.data}, where {free >> 30} GiB are free")


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree(directory):
    """Relative path and SHA-256 of every file below a directory."""
    directory = pathlib.Path(directory)
    return {str(p.relative_to(directory)): sha256(p) for p in directory.rglob("*") if p.is_file()}


@pytest.fixture(scope="session")
def source_tree(tmp_path_factory):
    """A real source tree: the Python library beside the interpreter, without what Python compiled."""
    import sysconfig

    target = tmp_path_factory.mktemp("tree") / "src"
    shutil.copytree(
        sysconfig.get_paths()["stdlib"], target,
        ignore=shutil.ignore_patterns("__pycache__", "*.so", "site-packages", "test", "config-*"))
    return target


@pytest.fixture(scope="session")
def modules_file():
    """A real large file: the class library of the JDK that runs the server (about 130 MB)."""
    jdk = subprocess.run(["sh", REPOSITORY / "scripts" / "find-jdk"], capture_output=True, text=True, check=True)
    path = pathlib.Path(jdk.stdout.strip()) / "lib" / "modules"
    assert path.stat().st_size > 50_000_000
    return path


@pytest.fixture(scope="session")
def part_of_modules_file(modules_file, tmp_path_factory):
    """Its first 40 MB: several parts of every client that makes parts."""
    part = tmp_path_factory.mktemp("part") / "modules"
    with open(modules_file, "rb") as file:
        part.write_bytes(file.read(40_000_000))
    return part
