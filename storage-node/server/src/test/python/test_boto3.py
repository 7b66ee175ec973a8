"""boto3 with its default settings: checksums (in headers; over TLS in trailers), automatic multipart, paginators."""

import hashlib
import io
import os

import boto3
import boto3.s3.transfer
import botocore.config
import botocore.exceptions
import pytest
import urllib3

from conftest import ACCESS_KEY, SECRET_KEY, require_space

ODD_KEYS = [
    "a/b", "a_b", "a//b", "a", "a/", "/leading", "trailing/", "../up", "./here", "a/../b", "per%cent", "%2F", "plus+plus", "space in key",
    "ümläut", "日本語/キー", "emoji-🌸", "a&b=c?d#e", "'quotes\"", "back\\slash", "semi;colon:at@", "tilde~(x)!*",
    "k" * 1024, "tab\tkey", "new\nline",
]


def error_code(caught):
    return caught.value.response["Error"]["Code"]


def test_odd_keys_are_kept_exactly(s3, bucket):
    left = set(ODD_KEYS)
    for key in ODD_KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in ODD_KEYS:  # each beside all others: none has taken the place of another
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    while left:
        assert sorted(found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]) == sorted(left)
        s3.delete_object(Bucket=bucket, Key=left.pop())
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 65536, 1048575, 1048576, 1048577, 9_000_000, 20_000_000])
def test_every_size_comes_back_the_same(s3, bucket, size):
    body = os.urandom(size)
    s3.upload_fileobj(io.BytesIO(body), bucket, "object")
    back = io.BytesIO()
    s3.download_fileobj(bucket, "object", back)
    assert hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(body).digest()
    assert s3.head_object(Bucket=bucket, Key="object")["ContentLength"] == size


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_stored_and_returned(s3, bucket, algorithm):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"hello", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"hello"
    assert got["Checksum" + algorithm] == put["Checksum" + algorithm]


def client_over(tls):
    return boto3.client(
        "s3", endpoint_url=tls.endpoint, region_name="us-east-1", aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY, verify=str(tls.certificate))


@pytest.mark.parametrize("size", [0, 1, 300_000, 9_000_000])
def test_over_tls_the_checksum_goes_in_a_trailer(tls, s3, bucket, size):
    body = os.urandom(size)
    over_tls = client_over(tls)
    put = over_tls.put_object(Bucket=bucket, Key="k", Body=body)
    for header in [b"content-encoding: aws-chunked", b"transfer-encoding: chunked", b"x-amz-trailer: x-amz-checksum-crc32",
                   b"x-amz-content-sha256: streaming-unsigned-payload-trailer"]:
        assert header in tls.sent[:4096].lower()
    assert over_tls.get_object(Bucket=bucket, Key="k")["Body"].read() == body
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == body
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"]
    assert "ContentEncoding" not in got


def test_over_tls_parts_have_theirs_in_trailers_too(tls, s3, bucket):
    body = os.urandom(20_000_000)
    over_tls = client_over(tls)
    over_tls.upload_fileobj(io.BytesIO(body), bucket, "parts")
    assert tls.sent.count(b"STREAMING-UNSIGNED-PAYLOAD-TRAILER") == 3
    assert s3.get_object(Bucket=bucket, Key="parts")["Body"].read() == body


def test_parts_uploaded_in_parallel_make_one_object(s3, bucket):
    body = os.urandom(40_000_000)
    settings = boto3.s3.transfer.TransferConfig(
        multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=8)
    s3.upload_fileobj(io.BytesIO(body), bucket, "parts", Config=settings)
    back = io.BytesIO()
    s3.download_fileobj(bucket, "parts", back, Config=settings)
    assert back.getvalue() == body
    assert s3.head_object(Bucket=bucket, Key="parts")["ETag"].endswith('-8"')
    assert s3.get_object(Bucket=bucket, Key="parts", Range="bytes=5242870-5242889")["Body"].read() == body[5242870:5242890]


def test_metadata_and_headers_come_back(s3, bucket):
    s3.put_object(
        Bucket=bucket, Key="k", Body=b"x", ContentType="text/x-test", CacheControl="max-age=5",
        ContentDisposition="attachment; filename=x", ContentEncoding="identity", ContentLanguage="de",
        Metadata={"colour": "green", "n": "1"})
    head = s3.head_object(Bucket=bucket, Key="k")
    assert head["ContentType"] == "text/x-test" and head["CacheControl"] == "max-age=5"
    assert head["ContentDisposition"] == "attachment; filename=x" and head["ContentLanguage"] == "de"
    assert head["Metadata"] == {"colour": "green", "n": "1"}


def test_conditional_writes(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert error_code(caught) == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=etag)
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="k", Body=b"4", IfMatch=etag)
    assert error_code(caught) == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"3"


def test_versions_are_kept_listed_and_deleted(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"before versioning")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"first")["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="k", Body=b"second")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object(Bucket=bucket, Key="k")
    assert error_code(caught) == "NoSuchKey"
    listed = s3.list_object_versions(Bucket=bucket)
    assert [v["VersionId"] for v in listed["Versions"]] == [second, first, "null"]
    assert [m["VersionId"] for m in listed["DeleteMarkers"]] == [marker["VersionId"]]
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"second"
    s3.delete_object(Bucket=bucket, Key="k", VersionId=second)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=first)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"before versioning"


def test_empty_objects_in_a_row_are_each_written_once(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for i in range(3):
        s3.put_object(Bucket=bucket, Key=f"empty{i}", Body=b"")
    s3.put_object(Bucket=bucket, Key="last", Body=b"1")
    # botocore tries again by itself when it does not understand an answer.
    versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert [version["Key"] for version in versions] == ["empty0", "empty1", "empty2", "last"]


def test_listing_pages_and_prefixes(s3, bucket):
    for i in range(25):
        s3.put_object(Bucket=bucket, Key=f"a/{i:02}", Body=b"")
        s3.put_object(Bucket=bucket, Key=f"b{i:02}/x", Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 7})
    assert len([o for page in pages for o in page["Contents"]]) == 50
    pages = list(s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 4}))
    prefixes = [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])]
    assert prefixes == ["a/"] + [f"b{i:02}/" for i in range(25)]
    assert not any(page.get("Contents") for page in pages)
    pages = s3.get_paginator("list_objects").paginate(Bucket=bucket, Prefix="a/", PaginationConfig={"PageSize": 10})
    assert len([o for page in pages for o in page["Contents"]]) == 25


def test_many_objects_are_deleted_at_once(s3, bucket):
    keys = [f"k{i}" for i in range(1000)]
    for key in keys[:50]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    assert len(answer["Deleted"]) == 1000 and not answer.get("Errors")
    s3.delete_bucket(Bucket=bucket)


@pytest.mark.parametrize("version", [None, "s3", "s3v4"])
def test_presigned_put_and_get(server, s3, bucket, version):
    client = s3 if version is None else boto3.client(
        "s3", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY, config=botocore.config.Config(signature_version=version))
    link = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "a b"}, ExpiresIn=60)
    assert urllib3.request("PUT", link, body=b"presigned").status == 200
    link = client.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "a b", "ResponseContentType": "text/x-me"}, ExpiresIn=60)
    answer = urllib3.request("GET", link)
    assert answer.data == b"presigned" and answer.headers["Content-Type"] == "text/x-me"
    assert urllib3.request("GET", link.replace("a%20b", "another")).status == 403
    assert urllib3.request("DELETE", link).status == 403


def test_an_expired_link_is_refused(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=-60)
    assert urllib3.request("GET", link).status == 403


@pytest.mark.parametrize("call, arguments", [
    ("get_bucket_policy", {}), ("get_bucket_cors", {}), ("get_bucket_lifecycle_configuration", {}),
    ("put_object_tagging", {"Key": "k", "Tagging": {"TagSet": []}}), ("delete_object_tagging", {"Key": "k"}), ("get_bucket_acl", {}), ("get_object_attributes", {"Key": "k", "ObjectAttributes": ["ETag"]}),
])
def test_what_is_not_there_says_so(s3, bucket, call, arguments):
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        getattr(s3, call)(Bucket=bucket, **arguments)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert error_code(caught) == "NotImplemented"


def test_no_object_has_tags(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object_tagging(Bucket=bucket, Key="other")
    assert error_code(caught) == "NoSuchKey"


def test_multipart_by_hand_with_copied_parts(s3, bucket):
    body = os.urandom(11 << 20)
    s3.put_object(Bucket=bucket, Key="source", Body=body)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="target")["UploadId"]
    parts = []
    for number, (start, end) in enumerate([(0, (6 << 20) - 1), (6 << 20, len(body) - 1)], 1):
        copied = s3.upload_part_copy(
            Bucket=bucket, Key="target", UploadId=upload, PartNumber=number,
            CopySource={"Bucket": bucket, "Key": "source"}, CopySourceRange=f"bytes={start}-{end}")
        parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
    assert len(s3.list_parts(Bucket=bucket, Key="target", UploadId=upload)["Parts"]) == 2
    assert s3.list_multipart_uploads(Bucket=bucket)["Uploads"][0]["UploadId"] == upload
    s3.complete_multipart_upload(Bucket=bucket, Key="target", UploadId=upload, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket=bucket, Key="target")["Body"].read() == body
    assert s3.get_object(Bucket=bucket, Key="target", PartNumber=2)["Body"].read() == body[6 << 20:]
    assert not s3.list_multipart_uploads(Bucket=bucket).get("Uploads")


@pytest.mark.faults
def test_a_single_put_of_5_gib_comes_back_the_same(server, bucket, tmp_path):
    """The largest that S3 takes at once."""
    size = 5 << 30
    require_space(server, size)
    md5, sha256 = hashlib.md5(), hashlib.sha256()
    block = bytearray(1 << 20)
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(size)
        for start in range(0, size, len(block)):
            block[:8] = start.to_bytes(8, "big")  # no two chunks alike
            file.seek(start)
            file.write(block[:8])
            md5.update(block)
            sha256.update(block)
    once = boto3.client(
        "s3", endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY, config=botocore.config.Config(retries={"total_max_attempts": 1}))
    with (tmp_path / "sparse").open("rb") as file:
        put = once.put_object(Bucket=bucket, Key="k", Body=file)
    assert put["ETag"] == f'"{md5.hexdigest()}"'
    got = once.get_object(Bucket=bucket, Key="k")
    assert got["ContentLength"] == size and got["ETag"] == put["ETag"]
    back = hashlib.sha256()
    for piece in got["Body"].iter_chunks(1 << 20):
        back.update(piece)
    assert back.hexdigest() == sha256.hexdigest()
    assert server.peak_memory() < 1 << 30
    once.delete_object(Bucket=bucket, Key="k")
