// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** {@code java Download.java <url> <file>}, for machines that have neither curl nor wget. */
class Download {
    static void main(String[] args) throws Exception {
        try (var http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var response = http.send(
                    HttpRequest.newBuilder(URI.create(args[0])).build(),
                    HttpResponse.BodyHandlers.ofFile(Path.of(args[1])));
            if (response.statusCode() != 200) {
                System.err.println("HTTP status " + response.statusCode());
                System.exit(1);
            }
        }
    }
}
