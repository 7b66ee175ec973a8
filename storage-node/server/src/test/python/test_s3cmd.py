"""s3cmd with its default settings."""

import pytest

from conftest import ACCESS_KEY, SECRET_KEY, sha256, tree


@pytest.fixture
def s3cmd(run, server):
    configuration = server.home / "s3cfg"
    host = server.endpoint.removeprefix("http://")
    configuration.write_text(
        f"[default]\naccess_key = {ACCESS_KEY}\nsecret_key = {SECRET_KEY}\n"
        f"host_base = {host}\nhost_bucket = {host}\nuse_https = False\n")
    return lambda *command: run("s3cmd", "-c", configuration, "--no-progress", *command)


def test_put_get_list_and_delete(s3cmd, tmp_path):
    (tmp_path / "hello").write_text("hello")
    s3cmd("mb", "s3://s3cmd-basic")
    s3cmd("put", tmp_path / "hello", "s3://s3cmd-basic/a b/hello+1")
    assert "s3://s3cmd-basic/a b/hello+1" in s3cmd("ls", "--recursive", "s3://s3cmd-basic")
    s3cmd("get", "s3://s3cmd-basic/a b/hello+1", tmp_path / "back")
    assert (tmp_path / "back").read_text() == "hello"
    s3cmd("cp", "s3://s3cmd-basic/a b/hello+1", "s3://s3cmd-basic/copy")
    s3cmd("del", "--recursive", "--force", "s3://s3cmd-basic")
    s3cmd("rb", "s3://s3cmd-basic")
    assert "s3cmd-basic" not in s3cmd("ls")


def test_a_large_file_goes_up_in_parts_and_comes_back_the_same(s3cmd, part_of_modules_file, tmp_path):
    s3cmd("mb", "s3://s3cmd-large")
    s3cmd("put", part_of_modules_file, "s3://s3cmd-large/modules")
    s3cmd("get", "s3://s3cmd-large/modules", tmp_path / "modules")
    assert sha256(tmp_path / "modules") == sha256(part_of_modules_file)


def test_a_tree_is_synchronised(s3cmd, source_tree, tmp_path):
    s3cmd("mb", "s3://s3cmd-tree")
    s3cmd("sync", f"{source_tree}/email/", "s3://s3cmd-tree/email/")
    (tmp_path / "back").mkdir()
    s3cmd("sync", "s3://s3cmd-tree/email/", f"{tmp_path}/back/")
    assert tree(tmp_path / "back") == tree(source_tree / "email")
