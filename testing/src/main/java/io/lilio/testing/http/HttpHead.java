package io.lilio.testing.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of an HTTP/1.1 request or answer. Immutable.
 *
 * @param first its first line
 * @param headers lines without their ends
 */
public record HttpHead(String first, List<String> headers) {

    private static final int LARGEST_LINE = 64 << 10;
    private static final int LARGEST_BODY = 16 << 20;

    public HttpHead {
        headers = List.copyOf(headers);
    }

    /**
     * Reads one.
     *
     * @return empty when the connection ends before there is one
     * @throws IOException when it breaks, or a line is longer than 64 KiB
     */
    public static Optional<HttpHead> read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        List<String> headers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.add(line);
        }
        return Optional.of(new HttpHead(first, headers));
    }

    /** Without its end; empty at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() > LARGEST_LINE) {
                throw new IOException("a line of a head is longer than " + LARGEST_LINE);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private String word(int index) {
        String[] words = first.split(" ");
        return index < words.length ? words[index] : "";
    }

    /** Of a request. */
    public String method() {
        return word(0);
    }

    /** Of a request: path and query. */
    public String target() {
        return word(1);
    }

    /** Of a request, without its query. */
    public String path() {
        return target().split("\\?", 2)[0];
    }

    /** Of an answer. */
    public int status() {
        return Integer.parseInt(word(1));
    }

    /** The value of the first header of a name, in whatever case; empty when there is none. */
    public Optional<String> header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(header -> header.substring(prefix.length()).strip())
                .findFirst();
    }

    /** Whether it asks for one, or grants it. */
    public boolean isWebSocket() {
        return header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    }

    /**
     * The same for what is alone on its connection, in HTTP/1.1, and says so: who is not told that
     * the connection ends would use it again. What is about a WebSocket stays as it is.
     */
    public HttpHead alone() {
        if (isWebSocket()) {
            return this;
        }
        List<String> kept = new ArrayList<>();
        for (String header : headers) {
            String name = header.toLowerCase(Locale.ROOT);
            if (!name.startsWith("connection:")
                    && !name.startsWith("upgrade:")
                    && !name.startsWith("http2-settings:")) {
                kept.add(header);
            }
        }
        kept.add("Connection: close");
        return new HttpHead(first, kept);
    }

    /** As it is sent, with the empty line after it. */
    public byte[] bytes() {
        List<String> lines = new ArrayList<>();
        lines.add(first);
        lines.addAll(headers);
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The body that follows a request's head on the stream, as it is sent.
     *
     * @throws IOException when the connection breaks, or a part is longer than 16 MiB
     */
    public byte[] readBody(InputStream in) throws IOException {
        if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return readChunks(in);
        }
        return exactly(in, header("Content-Length").map(Integer::parseInt).orElse(0));
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            String line = line(in);
            size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            body.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            body.writeBytes(exactly(in, size + 2));
        } while (size > 0);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        if (length > LARGEST_BODY) {
            throw new IOException("a body of %d bytes".formatted(length));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ends early");
        }
        return bytes;
    }
}
