"""rclone with its default settings for an S3 service that it does not know by name."""

import os
import random
import re

import pytest

from conftest import ACCESS_KEY, SECRET_KEY, sha256, tree


@pytest.fixture
def rclone(run, server):
    configuration = server.home / "rclone.conf"
    configuration.write_text(
        f"[lilio]\ntype = s3\nprovider = Other\nendpoint = {server.endpoint}\n"
        f"access_key_id = {ACCESS_KEY}\nsecret_access_key = {SECRET_KEY}\n")
    return lambda *command, **more: run("rclone", "--config", configuration, *command, **more)


def test_a_tree_is_synchronised_checked_and_purged(rclone, source_tree, tmp_path):
    rclone("mkdir", "lilio:rclone-tree")
    rclone("sync", source_tree / "encodings", "lilio:rclone-tree/encodings")
    rclone("check", source_tree / "encodings", "lilio:rclone-tree/encodings")
    rclone("copy", "lilio:rclone-tree/encodings", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(source_tree / "encodings")
    rclone("purge", "lilio:rclone-tree")
    assert "rclone-tree" not in rclone("lsd", "lilio:")


def test_only_what_changed_is_synchronised_and_times_are_kept(rclone, tmp_path):
    source, log = tmp_path / "source", tmp_path / "log"
    source.mkdir()
    for name in ("stays", "grows", "ages", "goes"):
        (source / name).write_text(name)
        os.utime(source / name, ns=(0, 1_600_000_000_123_456_789))
    rclone("mkdir", "lilio:rclone-times")
    rclone("sync", source, "lilio:rclone-times")
    (source / "grows").write_text("grown")
    os.utime(source / "ages", ns=(0, 1_700_000_000_987_654_321))
    (source / "goes").unlink()
    rclone("sync", "-v", "--log-file", log, source, "lilio:rclone-times")
    assert re.search("grows: Copied", log.read_text())
    assert re.search("ages: Updated modification time", log.read_text())
    assert re.search("goes: Deleted", log.read_text())
    assert not re.search("stays:", log.read_text())

    rclone("check", source, "lilio:rclone-times")
    rclone("sync", "lilio:rclone-times", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(source)
    assert modified(tmp_path / "back") == modified(source)


def modified(directory):
    return {path.name: path.stat().st_mtime_ns for path in directory.iterdir()}


def test_a_large_file_goes_up_and_comes_back_in_parts(rclone, s3, pattern, tmp_path):
    """Uploads above 200 MiB go in parts, downloads of 256 MiB and more in several streams."""
    file, log = pattern(257), tmp_path / "log"
    rclone("mkdir", "lilio:rclone-large")
    rclone("copyto", file, "lilio:rclone-large/file")
    assert parts(s3, "rclone-large", "file") == 52
    rclone("copyto", "-vv", "--log-file", log, "lilio:rclone-large/file", tmp_path / "back")
    assert "Starting multi-thread copy" in log.read_text()
    assert sha256(tmp_path / "back") == sha256(file)


def test_a_stream_of_unknown_length_is_stored(rclone, s3, pattern, tmp_path):
    file = pattern(23)
    rclone("mkdir", "lilio:rclone-stream")
    with file.open("rb") as stream:
        rclone("rcat", "lilio:rclone-stream/large", stdin=stream)
    assert parts(s3, "rclone-stream", "large") == 5
    rclone("copyto", "lilio:rclone-stream/large", tmp_path / "back")
    assert sha256(tmp_path / "back") == sha256(file)

    small = tmp_path / "small"
    small.write_bytes(file.read_bytes()[:50_000])
    with small.open("rb") as stream:
        rclone("rcat", "lilio:rclone-stream/small", stdin=stream)
    assert s3.get_object(Bucket="rclone-stream", Key="small")["Body"].read() == small.read_bytes()


def parts(s3, bucket, key):
    return s3.head_object(Bucket=bucket, Key=key, PartNumber=1)["PartsCount"]


@pytest.fixture
def pattern(tmp_path):
    """Makes files of so many MiB, of which no two are alike."""

    def write(mebibytes):
        path = tmp_path / f"pattern-{mebibytes}"
        block = bytearray(random.Random(mebibytes).randbytes(1 << 20))
        with path.open("wb") as file:
            for i in range(mebibytes):
                block[:8] = i.to_bytes(8, "big")
                file.write(block)
        return path

    return write


def test_odd_names_survive(rclone, tmp_path):
    names = ["space in name", "plus+plus", "per%cent", "ümläut", "a&b=c", "日本語", "'quote'", "tilde~"]
    (tmp_path / "odd").mkdir()
    for name in names:
        (tmp_path / "odd" / name).write_text(name)
    rclone("mkdir", "lilio:rclone-odd")
    rclone("copy", tmp_path / "odd", "lilio:rclone-odd/x y/")
    rclone("copy", "lilio:rclone-odd/x y/", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(tmp_path / "odd")
