// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Wish;
import java.util.List;

/** Names and values that end their quotes. */
final class InjectByWords implements Attack {
    @Override
    public int number() {
        return 19;
    }

    @Override
    public String title() {
        return "inject SQL by the words of the claim";
    }

    @Override
    public String wall() {
        return "identifiers and literals go through the driver's escaping";
    }

    @Override
    public void mount(Scene scene) {
        var take = scene.take();
        var hostile = List.of(
                "x\"" + take,
                "x'" + take,
                "x\\'" + take,
                "x$$" + take,
                "x\n" + take,
                "x\"\"" + take,
                "x%s" + take,
                "x') " + take,
                "x\u2019" + take,
                "x" + take);
        for (var wish : new Wish[] {Wish.SCHEMA, Wish.PARAMETER, Wish.EXTENSION, Wish.EXTENSION_VERSION}) {
            for (var words : hostile) {
                scene.request(wish, words);
            }
        }
        if (scene.administration.request(scene.attacker, Wish.SCHEMA, "nul\u0000byte") == null) {
            scene.gained("a NUL went through");
        }
    }
}
