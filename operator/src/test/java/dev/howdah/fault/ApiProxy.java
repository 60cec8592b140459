// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import io.fabric8.kubernetes.client.Config;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Stands in front of an API server, speaks plain HTTP/1.1 to the operator and TLS to the server, and counts requests. */
final class ApiProxy implements Closeable {
    private static final int BUFFER = 16 * 1024;

    private final Wire wire;
    private final URI server;
    private final SSLContext tls;
    private final Listener listener;

    ApiProxy(Wire wire, URI server, SSLContext tls) throws IOException {
        this.wire = wire;
        this.server = server;
        this.tls = tls;
        this.listener = new Listener(this::serve);
    }

    /** As if nobody listened any more. */
    void refuse(boolean refuse) {
        listener.refuse(refuse);
    }

    /** What is open breaks. */
    void breakConnections() {
        wire.breakConnections(socket -> socket instanceof Link);
    }

    /** The watches alone. */
    void breakWatches() {
        wire.breakConnections(socket -> socket instanceof Link link && link.watching);
    }

    String url() {
        return "http://127.0.0.1:" + listener.port();
    }

    /** For a process of its own that goes this way, with the token of this account. */
    Path kubeconfig(Path folder, Config account) {
        try {
            return Files.writeString(folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: proxy
                    clusters: [{name: proxy, cluster: {server: "%s"}}]
                    contexts: [{name: proxy, context: {cluster: proxy, user: operator}}]
                    users: [{name: operator, user: {token: "%s"}}]
                    """.formatted(url(), account.getAutoOAuthToken()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line of a message and the rest of its head. */
    private record Head(String first, String lines) {
        String header(String name) {
            for (var line : lines.split("\r\n", -1)) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }

        String path() {
            return first.split(" ", 3)[1];
        }

        boolean isWatch() {
            return path().contains("watch=true");
        }

        /** As it came. */
        byte[] asItCame() {
            return (first + "\r\n" + lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }

        /** Without what would turn it into another protocol than this proxy speaks. */
        byte[] bytes() {
            var kept = new StringBuilder(first).append("\r\n");
            var websocket = header("upgrade").equalsIgnoreCase("websocket");
            for (var line : lines.split("\r\n", -1)) {
                var word = line.toLowerCase(Locale.ROOT);
                var other = word.startsWith("http2-settings:")
                        || (!websocket && (word.startsWith("upgrade:") || word.startsWith("connection:")));
                if (!other && !line.isEmpty()) {
                    kept.append(line).append("\r\n");
                }
            }
            return kept.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The connections of one client connection. */
    private static final class Link implements Closeable {
        final Socket client;
        volatile @Nullable Socket server;
        volatile boolean watching;

        Link(Socket client) {
            this.client = client;
        }

        @Override
        public void close() throws IOException {
            client.setSoLinger(true, 0);
            client.close();
            var upstream = server;
            if (upstream != null) {
                upstream.close();
            }
        }
    }

    private void serve(Socket client) {
        var link = new Link(client);
        try {
            client.setTcpNoDelay(true);
            if (listener.isRefusing()) {
                link.close();
                return;
            }
            wire.opened(link);
            var in = new BufferedInputStream(client.getInputStream(), BUFFER);
            var out = client.getOutputStream();
            @Nullable InputStream back = null;
            while (true) {
                var request = head(in);
                if (request == null) {
                    return;
                }
                var body = body(request, in, true);
                var call = Call.api(request.first().split(" ", 2)[0], request.path());
                var fate = wire.before(call);
                var answered = false;
                try {
                    if (fate instanceof Fate.Answer(int status)) {
                        out.write(refusal(status));
                        out.flush();
                        continue;
                    }
                    if (back == null) {
                        var upstream = tls.getSocketFactory().createSocket(server.getHost(), server.getPort());
                        upstream.setTcpNoDelay(true);
                        link.server = upstream;
                        back = new BufferedInputStream(upstream.getInputStream(), BUFFER);
                    }
                    var forth = link.server.getOutputStream();
                    forth.write(request.bytes());
                    forth.write(body);
                    forth.flush();
                    var response = head(back);
                    if (response == null) {
                        return;
                    }
                    if (response.first().contains(" 101 ") || request.isWatch()) {
                        link.watching = true;
                        answered = true;
                        wire.after(call);
                        tunnel(link, response, in, back);
                        return;
                    }
                    var answer = body(response, back, !request.first().startsWith("HEAD"));
                    answered = true;
                    wire.after(call);
                    out.write(response.asItCame());
                    out.write(answer);
                    out.flush();
                } finally {
                    if (!answered) {
                        wire.lost();
                    }
                }
            }
        } catch (IOException e) {
            // Either end is gone, and with it the other.
        } finally {
            wire.closed(link);
        }
    }

    private void tunnel(Link link, Head response, InputStream in, InputStream back) throws IOException {
        var out = link.client.getOutputStream();
        out.write(response.asItCame());
        out.flush();
        Thread.ofVirtual().start(() -> {
            try {
                in.transferTo(link.server.getOutputStream());
            } catch (IOException e) {
                // Gone.
            }
            wire.closed(link);
        });
        var buffer = new byte[BUFFER];
        int read;
        while ((read = back.read(buffer)) >= 0) {
            var delay = wire.tap().watchDelay();
            if (!delay.isZero()) {
                Wire.pause(delay.toMillis());
            }
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private static byte[] refusal(int status) {
        var body =
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"%s\",\"message\":\"injected\",\"code\":%d}"
                        .formatted(status == 410 ? "Expired" : status == 409 ? "Conflict" : "InternalError", status);
        return ("HTTP/1.1 " + status + " Injected\r\nContent-Type: application/json\r\n"
                        + (status == 429 ? "Retry-After: 1\r\n" : "") + "Content-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static @Nullable Head head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            bytes.write(b);
            matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
        }
        var text = bytes.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        return new Head(text.substring(0, end), text.substring(end + 2, text.length() - 2));
    }

    /** The body as it comes, with the framing that the head announces. */
    private static byte[] body(Head head, InputStream in, boolean mayHaveOne) throws IOException {
        if (!mayHaveOne || head.first().contains(" 204 ") || head.first().contains(" 304 ")) {
            return new byte[0];
        }
        var length = head.header("content-length");
        if (!length.isEmpty()) {
            return in.readNBytes(Integer.parseInt(length));
        }
        if (!head.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            return new byte[0];
        }
        var all = new ByteArrayOutputStream();
        while (true) {
            var line = line(in, all);
            int size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            all.write(in.readNBytes(size));
            line(in, all);
            if (size == 0) {
                return all.toByteArray();
            }
        }
    }

    private static String line(InputStream in, OutputStream copy) throws IOException {
        var text = new StringBuilder();
        int b;
        while ((b = in.read()) >= 0) {
            copy.write(b);
            text.append((char) b);
            if (b == '\n') {
                break;
            }
        }
        return text.toString().strip();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
