"""rclone with its default settings for an S3 service that it does not know by name."""

import pytest

from conftest import ACCESS_KEY, SECRET_KEY, sha256, tree


@pytest.fixture
def rclone(run, server):
    configuration = server.home / "rclone.conf"
    configuration.write_text(
        f"[lilio]\ntype = s3\nprovider = Other\nendpoint = {server.endpoint}\n"
        f"access_key_id = {ACCESS_KEY}\nsecret_access_key = {SECRET_KEY}\n")
    return lambda *command: run("rclone", "--config", configuration, *command)


def test_a_tree_is_synchronised_checked_and_purged(rclone, source_tree, tmp_path):
    rclone("mkdir", "lilio:rclone-tree")
    rclone("sync", source_tree / "encodings", "lilio:rclone-tree/encodings")
    rclone("check", source_tree / "encodings", "lilio:rclone-tree/encodings")
    rclone("copy", "lilio:rclone-tree/encodings", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(source_tree / "encodings")
    rclone("purge", "lilio:rclone-tree")
    assert "rclone-tree" not in rclone("lsd", "lilio:")


def test_a_large_file_goes_up_in_parts_and_comes_back_the_same(rclone, modules_file, tmp_path):
    rclone("mkdir", "lilio:rclone-large")
    rclone("copyto", "--s3-upload-cutoff", "20M", modules_file, "lilio:rclone-large/modules")
    rclone("copyto", "lilio:rclone-large/modules", tmp_path / "modules")
    assert sha256(tmp_path / "modules") == sha256(modules_file)


def test_odd_names_survive(rclone, tmp_path):
    names = ["space in name", "plus+plus", "per%cent", "ümläut", "a&b=c", "日本語", "'quote'", "tilde~"]
    (tmp_path / "odd").mkdir()
    for name in names:
        (tmp_path / "odd" / name).write_text(name)
    rclone("mkdir", "lilio:rclone-odd")
    rclone("copy", tmp_path / "odd", "lilio:rclone-odd/x y/")
    rclone("copy", "lilio:rclone-odd/x y/", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(tmp_path / "odd")
