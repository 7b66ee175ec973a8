package io.lilio.server.s3.operation;

import io.lilio.server.s3.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A request signed with Signature Version 4, written from AWS's description and independent of the
 * server's own, that can be wrong in every way a test wants: another secret, another time, headers
 * changed after signing, chunks that were tampered with.
 */
public final class SignedRequest {

    /** The payload hash of a stream of signed chunks. */
    public static final String SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    /** The payload hash of a stream of signed chunks with a signed trailer. */
    public static final String SIGNED_TRAILER = SIGNED_CHUNKS + "-TRAILER";

    /** The payload hash of a stream of unsigned chunks with a trailer. */
    public static final String TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String method;
    private final String path;
    private final String query;
    private final Map<String, String> headers = new TreeMap<>();
    private final Map<String, String> unsigned = new LinkedHashMap<>();
    private String accessKey = S3Fixture.ROOT_KEY;
    private String secret = S3Fixture.ROOT_SECRET;
    private Instant time = Instant.now();
    private byte[] body = new byte[0];
    private @Nullable String payloadHash;
    private @Nullable Long contentLength;
    private boolean withLength = true;

    private SignedRequest(String method, String target) {
        int question = target.indexOf('?');
        this.method = method;
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        headers.put("host", "127.0.0.1");
    }

    /**
     * @param target path and query as they go over the wire, percent-encoded; the parameters in
     *     order
     */
    public static SignedRequest of(String method, String target) {
        return new SignedRequest(method, target);
    }

    /** A header that is signed. */
    public SignedRequest header(String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), value);
        return this;
    }

    /** A header that is sent and not signed, or sent in place of what was signed. */
    public SignedRequest unsigned(String name, String value) {
        unsigned.put(name.toLowerCase(Locale.ROOT), value);
        return this;
    }

    public SignedRequest key(String id, String secretKey) {
        accessKey = id;
        secret = secretKey;
        return this;
    }

    public SignedRequest at(Instant when) {
        time = when;
        return this;
    }

    public SignedRequest body(byte[] bytes) {
        body = bytes;
        return this;
    }

    public SignedRequest body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What x-amz-content-sha256 says, in place of the body's hash. */
    public SignedRequest payloadHash(String hash) {
        payloadHash = hash;
        return this;
    }

    /** Another Content-Length than the body has. */
    public SignedRequest contentLength(long length) {
        contentLength = length;
        return this;
    }

    /** No Content-Length at all. */
    public SignedRequest withoutLength() {
        withLength = false;
        return this;
    }

    /** The head, to the empty line. */
    public String head() {
        prepare();
        String signature = signature(stringToSign());
        Map<String, String> lines = new LinkedHashMap<>(headers);
        lines.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential="
                        + accessKey
                        + "/"
                        + scope()
                        + ", SignedHeaders="
                        + String.join(";", headers.keySet())
                        + ", Signature="
                        + signature);
        if (withLength) {
            lines.put(
                    "content-length",
                    Long.toString(contentLength == null ? body.length : contentLength));
        }
        lines.putAll(unsigned);
        StringBuilder head = new StringBuilder(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\n");
        lines.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    /** Sends head and body. */
    public RawClient send(RawClient client) throws IOException {
        return client.send(head()).send(body);
    }

    /** Sends head and body and reads the answer. */
    public RawClient.Reply exchange(RawClient client) throws IOException {
        return send(client).reply(!method.equals("HEAD"));
    }

    /** The body as a stream of signed chunks of this size; sets the headers that go with it. */
    public SignedRequest inSignedChunks(byte[] bytes, int chunkSize) {
        announce(SIGNED_CHUNKS, bytes);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        writeSignedChunks(stream, bytes, chunkSize);
        write(stream, "\r\n");
        return body(stream.toByteArray());
    }

    /** The same with a trailer that is signed too. */
    public SignedRequest inSignedChunks(byte[] bytes, int chunkSize, String name, String value) {
        announce(SIGNED_TRAILER, bytes);
        header("x-amz-trailer", name);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        String last = writeSignedChunks(stream, bytes, chunkSize);
        byte[] signed = (name + ":" + value + "\n").getBytes(StandardCharsets.US_ASCII);
        String signature = streamSignature("AWS4-HMAC-SHA256-TRAILER", last, sha256(signed));
        write(stream, name + ":" + value + "\r\n");
        write(stream, "x-amz-trailer-signature:" + signature + "\r\n\r\n");
        return body(stream.toByteArray());
    }

    /** The body as one unsigned chunk and a trailer; sets the headers that go with it. */
    public SignedRequest withTrailer(byte[] bytes, String name, String value) {
        announce(TRAILER, bytes);
        header("x-amz-trailer", name);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        if (bytes.length > 0) {
            writeChunk(stream, "", bytes);
        }
        write(stream, "0\r\n" + name + ":" + value + "\r\n\r\n");
        return body(stream.toByteArray());
    }

    /** What the body is now, in HTTP's own chunks of this size and without Content-Length. */
    public SignedRequest inHttpChunks(int chunkSize) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += chunkSize) {
            writeChunk(
                    stream,
                    "",
                    Arrays.copyOfRange(body, from, Math.min(body.length, from + chunkSize)));
        }
        write(stream, "0\r\n\r\n");
        return withoutLength().unsigned("transfer-encoding", "chunked").body(stream.toByteArray());
    }

    private void announce(String hash, byte[] decoded) {
        payloadHash = hash;
        header("content-encoding", "aws-chunked");
        header("x-amz-decoded-content-length", Integer.toString(decoded.length));
    }

    /**
     * Writes all chunks and the head of the last, empty one.
     *
     * @return the signature of the last one
     */
    private String writeSignedChunks(ByteArrayOutputStream stream, byte[] bytes, int chunkSize) {
        prepare();
        String previous = signature(stringToSign());
        for (int from = 0; from < bytes.length; from += chunkSize) {
            byte[] chunk =
                    Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + chunkSize));
            previous = chunkSignature(previous, chunk);
            writeChunk(stream, ";chunk-signature=" + previous, chunk);
        }
        String last = chunkSignature(previous, new byte[0]);
        write(stream, "0;chunk-signature=" + last + "\r\n");
        return last;
    }

    private String chunkSignature(String previous, byte[] chunk) {
        return streamSignature(
                "AWS4-HMAC-SHA256-PAYLOAD", previous, sha256(new byte[0]) + "\n" + sha256(chunk));
    }

    private String streamSignature(String what, String previous, String hashes) {
        return signature(
                String.join("\n", what, TIMESTAMP.format(time), scope(), previous, hashes));
    }

    private static void writeChunk(ByteArrayOutputStream stream, String extension, byte[] chunk) {
        write(stream, Integer.toHexString(chunk.length) + extension + "\r\n");
        stream.writeBytes(chunk);
        write(stream, "\r\n");
    }

    private static void write(ByteArrayOutputStream stream, String text) {
        stream.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The bytes of the body, as they would be sent. */
    public byte[] bytes() {
        return body.clone();
    }

    private void prepare() {
        headers.put("x-amz-date", TIMESTAMP.format(time));
        headers.put("x-amz-content-sha256", payloadHash == null ? sha256(body) : payloadHash);
    }

    private String stringToSign() {
        StringBuilder canonical = new StringBuilder(method).append('\n').append(path).append('\n');
        canonical.append(canonicalQuery()).append('\n');
        headers.forEach(
                (name, value) -> canonical.append(name).append(':').append(value).append('\n'));
        canonical
                .append('\n')
                .append(String.join(";", headers.keySet()))
                .append('\n')
                .append(headers.get("x-amz-content-sha256"));
        return "AWS4-HMAC-SHA256\n"
                + TIMESTAMP.format(time)
                + "\n"
                + scope()
                + "\n"
                + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String canonicalQuery() {
        if (query.isEmpty()) {
            return "";
        }
        String[] pairs = query.split("&", -1);
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = pairs[i].contains("=") ? pairs[i] : pairs[i] + "=";
        }
        Arrays.sort(pairs);
        return String.join("&", pairs);
    }

    private String scope() {
        return TIMESTAMP.format(time).substring(0, 8) + "/" + S3Fixture.REGION + "/s3/aws4_request";
    }

    private String signature(String text) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope().split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
