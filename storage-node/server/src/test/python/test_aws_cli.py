"""The AWS command line with its default settings."""

import hashlib
import os
import subprocess
import urllib.request

import pytest

from conftest import require_space, sha256, tree


def test_a_large_file_goes_up_and_comes_back_the_same(run, server, modules_file, tmp_path):
    run("aws", "s3", "mb", "s3://cli-large")
    run("aws", "s3", "cp", modules_file, "s3://cli-large/jdk/modules")
    run("aws", "s3", "cp", "s3://cli-large/jdk/modules", tmp_path / "modules")
    assert sha256(tmp_path / "modules") == sha256(modules_file)
    run("aws", "s3", "rb", "--force", "s3://cli-large")
    assert "cli-large" not in run("aws", "s3", "ls")


def test_over_tls_checksums_go_in_trailers(run, tls, tmp_path):
    over_tls = {"AWS_ENDPOINT_URL_S3": tls.endpoint, "AWS_CA_BUNDLE": str(tls.certificate)}
    run("aws", "s3", "mb", "s3://cli-tls", environment=over_tls)
    for name, size, requests in [("small", 300_000, 1), ("parts", 20_000_000, 3)]:
        (tmp_path / name).write_bytes(os.urandom(size))
        tls.sent.clear()
        run("aws", "s3", "cp", tmp_path / name, f"s3://cli-tls/{name}", environment=over_tls)
        assert tls.sent.count(b"STREAMING-UNSIGNED-PAYLOAD-TRAILER") == requests
        run("aws", "s3", "cp", f"s3://cli-tls/{name}", tmp_path / "back", environment=over_tls)
        assert sha256(tmp_path / "back") == sha256(tmp_path / name)


def test_a_source_tree_is_synchronised_both_ways(run, source_tree, tmp_path):
    run("aws", "s3", "mb", "s3://cli-tree")
    run("aws", "s3", "sync", "--quiet", source_tree, "s3://cli-tree/src")
    assert run("aws", "s3", "sync", source_tree, "s3://cli-tree/src") == ""  # nothing is left to do
    run("aws", "s3", "sync", "--quiet", "s3://cli-tree/src", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(source_tree)

    listed = run("aws", "s3", "ls", "--recursive", "s3://cli-tree/src/")
    assert len(listed.splitlines()) == len(tree(source_tree))
    assert "PRE json/" in run("aws", "s3", "ls", "s3://cli-tree/src/")

    run("aws", "s3", "rm", "--recursive", "--quiet", "s3://cli-tree/src/json/")
    assert "PRE json/" not in run("aws", "s3", "ls", "s3://cli-tree/src/")


def test_a_stream_of_unknown_length_is_stored(run, part_of_modules_file, tmp_path):
    run("aws", "s3", "mb", "s3://cli-stream")
    with open(part_of_modules_file, "rb") as file:
        run("aws", "s3", "cp", "-", "s3://cli-stream/from-stdin", stdin=file)
    run("aws", "s3", "cp", "s3://cli-stream/from-stdin", tmp_path / "back")
    assert sha256(tmp_path / "back") == sha256(part_of_modules_file)


def test_copy_and_move_inside_the_store(run, part_of_modules_file):
    run("aws", "s3", "mb", "s3://cli-copy")
    run("aws", "s3", "cp", part_of_modules_file, "s3://cli-copy/one")
    run("aws", "s3", "cp", "s3://cli-copy/one", "s3://cli-copy/two")
    run("aws", "s3", "mv", "s3://cli-copy/two", "s3://cli-copy/three")
    names = [line.split()[-1] for line in run("aws", "s3", "ls", "s3://cli-copy/").splitlines()]
    assert names == ["one", "three"]


def test_a_presigned_link_works_without_credentials(run, tmp_path):
    (tmp_path / "hello").write_text("hello")
    run("aws", "s3", "mb", "s3://cli-presign")
    run("aws", "s3", "cp", tmp_path / "hello", "s3://cli-presign/a folder/hällo+%.txt")
    link = run("aws", "s3", "presign", "s3://cli-presign/a folder/hällo+%.txt").strip()
    assert urllib.request.urlopen(link).read() == b"hello"


@pytest.mark.faults
def test_a_stream_of_5_gib_comes_back_the_same(run, server):
    size = 5 << 30
    require_space(server, size)
    run("aws", "s3", "mb", "s3://cli-five")
    script = f"""
import hashlib, sys
block = bytearray(1 << 20)
digest = hashlib.sha256()
for i in range({size} >> 20):
    block[:8] = i.to_bytes(8, "big")
    digest.update(block)
    sys.stdout.buffer.write(block)
sys.stderr.write(digest.hexdigest())
"""
    with subprocess.Popen(["python3", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source:
        run("aws", "s3", "cp", "-", "s3://cli-five/stream", "--expected-size", size, stdin=source.stdout)
        sent = source.stderr.read().decode()
    link = run("aws", "s3", "presign", "s3://cli-five/stream").strip()
    digest = hashlib.sha256()
    with urllib.request.urlopen(link) as answer:
        assert int(answer.headers["Content-Length"]) == size
        while block := answer.read(1 << 20):
            digest.update(block)
    assert digest.hexdigest() == sent
    run("aws", "s3", "rb", "--force", "s3://cli-five")
