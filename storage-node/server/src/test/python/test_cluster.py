"""`make cluster` as its user has it: nodes that serve each other's objects, and nothing left behind at the end."""

import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

import boto3
import pytest

from conftest import ACCESS_KEY, REPOSITORY, SECRET_KEY

READY_WITHIN_SECONDS = 240


def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def free_block():
    """The first of fifty ports of which none is taken, below those that the system gives away."""
    while True:
        first = random.randrange(12_000, 32_000, 50)
        if not any(is_open(port) for port in range(first, first + 50)):
            return first


class Cluster:
    """A running scripts/lilio-cluster."""

    def __init__(self, directory, port, nodes):
        self.output = directory / "output"
        environment = {
            **os.environ,
            "NODES": str(nodes),
            "PORT": str(port),
            "LILIO_DATA_DIR": str(directory / "data"),
            "LILIO_ROOT_ACCESS_KEY": ACCESS_KEY,
            "LILIO_ROOT_SECRET_KEY": SECRET_KEY,
        }
        self.process = subprocess.Popen(
            [REPOSITORY / "scripts" / "lilio-cluster"], env=environment,
            stdout=self.output.open("wb"), stderr=subprocess.STDOUT,
            # A shell cannot trap what was ignored when it began, as Ctrl-C is in tests that run in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))

    def said(self):
        return self.output.read_text()

    def await_ready(self):
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while "Ctrl-C stops all." not in self.said():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        return re.findall(r"^  (http://127\.0\.0\.1:\d+)$", self.said(), re.MULTILINE)

    def children(self):
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def interrupt(self):
        """Ctrl-C, twice, as the impatient do; nothing may be left."""
        children = self.children()
        self.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=90) == 0, self.said()
        assert not [pid for pid in children if pathlib.Path(f"/proc/{pid}").exists()]
        return children


def s3(endpoint):
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY)


PHOTO = b"x" * 3_000_000


def await_three(directory, port):
    """A cluster of three whose third node serves what the second took."""
    cluster = Cluster(directory, port, nodes=3)
    endpoints = cluster.await_ready()
    assert endpoints == [f"http://127.0.0.1:{port + 10 * i}" for i in range(3)]
    assert f'AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY="$LILIO_ROOT_SECRET_KEY"\n' in cluster.said()
    s3(endpoints[0]).create_bucket(Bucket="photos")
    s3(endpoints[1]).put_object(Bucket="photos", Key="a.jpg", Body=PHOTO)
    assert s3(endpoints[2]).get_object(Bucket="photos", Key="a.jpg")["Body"].read() == PHOTO
    return cluster


def test_every_node_serves_what_another_took_and_ctrl_c_leaves_nothing(tmp_path):
    port = free_block()
    cluster = await_three(tmp_path, port)

    taken = Cluster(tmp_path / "data", port, nodes=1)
    assert taken.process.wait(timeout=60) == 1
    assert "is taken" in taken.said()

    assert len(cluster.interrupt()) >= 4
    assert not any(is_open(each) for each in range(port, port + 30))


@pytest.mark.faults
def test_fewer_nodes_are_started_and_told_whom_they_miss(tmp_path):
    port = free_block()
    await_three(tmp_path, port).interrupt()

    fewer = Cluster(tmp_path, port, nodes=2)
    endpoints = fewer.await_ready()
    assert "node-3 holds a part of what is stored and does not run" in fewer.said()
    assert s3(endpoints[1]).get_object(Bucket="photos", Key="a.jpg")["Body"].read() == PHOTO
    fewer.interrupt()


@pytest.mark.parametrize("key, secret", [(ACCESS_KEY, ""), ("", SECRET_KEY)])
def test_half_a_root_key_is_refused_rather_than_replaced(tmp_path, key, secret):
    ended = subprocess.run(
        [REPOSITORY / "scripts" / "lilio-cluster"], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PORT": str(free_block()), "LILIO_DATA_DIR": str(tmp_path / "data"),
             "LILIO_ROOT_ACCESS_KEY": key, "LILIO_ROOT_SECRET_KEY": secret})
    assert ended.returncode == 1
    assert "set both or neither" in ended.stderr
    assert not (tmp_path / "data" / "credentials").exists()
