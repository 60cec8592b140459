// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A port of the loopback address at which a proxy stands; each connection is served by a thread of its own. */
final class Listener implements Closeable {
    private static final int BACKLOG = 256;

    private final ServerSocket socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private volatile boolean refusing;

    Listener(Consumer<Socket> serve) throws IOException {
        Thread.ofVirtual().start(() -> listen(serve));
    }

    int port() {
        return socket.getLocalPort();
    }

    /** As if nobody listened any more. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    boolean isRefusing() {
        return refusing;
    }

    private void listen(Consumer<Socket> serve) {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve.accept(client));
            } catch (IOException e) {
                // The listener was closed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
