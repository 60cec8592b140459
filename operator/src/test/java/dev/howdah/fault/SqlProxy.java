// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands in front of a PostgreSQL without TLS and knows its protocol's messages apart. */
final class SqlProxy implements Closeable {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int CANCEL_REQUEST = 80877102;

    private final Wire wire;
    private final Listener listener;
    private final String host;
    private final int port;

    SqlProxy(Wire wire, String host, int port) throws IOException {
        this.wire = wire;
        this.host = host;
        this.port = port;
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

    /** Some of them. */
    void breakSome(Random random) {
        wire.breakConnections(socket -> socket instanceof Link && random.nextBoolean());
    }

    int port() {
        return listener.port();
    }

    /** One connection from end to end. */
    private static final class Link implements Closeable {
        final Socket client;
        final Socket server;
        final AtomicReference<@Nullable Call> pending = new AtomicReference<>();

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        @Override
        public void close() throws IOException {
            // A reset, as a killed process leaves behind.
            try (server;
                    client) {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            }
        }
    }

    private void serve(Socket client) {
        @Nullable Link link = null;
        try {
            client.setTcpNoDelay(true);
            var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            var length = in.readInt();
            var code = in.readInt();
            while (code == SSL_REQUEST || code == GSS_REQUEST) {
                client.getOutputStream().write('N');
                length = in.readInt();
                code = in.readInt();
            }
            var rest = new byte[length - 8];
            in.readFully(rest);
            if (wire.isCut() || listener.isRefusing()) {
                throw new IOException("the wire is cut");
            }
            var call = code == CANCEL_REQUEST ? null : Call.connect(database(rest));
            if (call != null) {
                wire.before(call);
            }
            Socket server;
            try {
                server = new Socket(host, port);
                server.setTcpNoDelay(true);
            } catch (IOException e) {
                if (call != null) {
                    wire.lost();
                }
                throw e;
            }
            link = wire.opened(new Link(client, server));
            link.pending.set(call);
            var out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
            out.writeInt(length);
            out.writeInt(code);
            out.write(rest);
            out.flush();
            var ours = link;
            Thread.ofVirtual().start(() -> answers(ours));
            questions(link, in, out, call == null ? "" : database(rest));
        } catch (IOException e) {
            // Either end is gone, and with it the other.
        } finally {
            if (link != null) {
                end(link);
            } else {
                try {
                    client.close();
                } catch (IOException e) {
                    // It is gone.
                }
            }
        }
    }

    private void end(Link link) {
        wire.closed(link);
        if (link.pending.getAndSet(null) != null) {
            wire.lost();
        }
    }

    private static String database(byte[] startup) {
        var words = new String(startup, StandardCharsets.UTF_8).split("\0", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (words[i].equals("database")) {
                return words[i + 1];
            }
        }
        return "?";
    }

    private void questions(Link link, DataInputStream in, DataOutputStream out, String database) throws IOException {
        while (true) {
            int type = in.read();
            if (type < 0) {
                return;
            }
            var length = in.readInt();
            var body = new byte[length - 4];
            in.readFully(body);
            if (type == 'Q') {
                var call = Call.sql(database, new String(body, 0, body.length - 1, StandardCharsets.UTF_8));
                wire.before(call);
                link.pending.set(call);
            }
            out.writeByte(type);
            out.writeInt(length);
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private void answers(Link link) {
        try {
            var in = new DataInputStream(new BufferedInputStream(link.server.getInputStream()));
            var out = new DataOutputStream(new BufferedOutputStream(link.client.getOutputStream()));
            while (true) {
                int type = in.read();
                if (type < 0) {
                    break;
                }
                var length = in.readInt();
                var body = new byte[length - 4];
                in.readFully(body);
                if (type == 'Z') {
                    var call = link.pending.getAndSet(null);
                    if (call != null) {
                        wire.after(call);
                    }
                }
                out.writeByte(type);
                out.writeInt(length);
                out.write(body);
                if (in.available() == 0) {
                    out.flush();
                }
            }
            out.flush();
        } catch (EOFException e) {
            // The server ended it.
        } catch (IOException e) {
            // Cut.
        }
        end(link);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
