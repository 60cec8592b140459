// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for.
 *
 * @param base another image below, where one is named
 * @param push where to push, besides the file
 * @param out the folder that the image is written into
 */
record Request(Optional<String> base, Optional<String> push, Path out) {
    static final String USAGE =
            "usage: howdah image [--base REFERENCE|tar:///FILE] [--push REGISTRY/NAME:TAG] [--out FOLDER]";

    /** @throws IllegalArgumentException with what is wrong, in one line */
    static Request of(List<String> arguments, Path out) {
        var request = new Request(Optional.empty(), Optional.empty(), out);
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            int equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            if (!List.of("--base", "--push", "--out").contains(name)) {
                throw new IllegalArgumentException("unknown argument: " + argument);
            }
            if (equals < 0 && i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (value.isBlank()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            request = switch (name) {
                case "--base" -> new Request(Optional.of(value), request.push, request.out);
                case "--push" -> new Request(request.base, Optional.of(value), request.out);
                default ->
                    new Request(request.base, request.push, Path.of(value).toAbsolutePath());
            };
        }
        return request;
    }
}
