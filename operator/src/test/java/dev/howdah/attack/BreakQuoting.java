// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.attack;

import dev.howdah.attack.Administration.Wish;

/** Without standard_conforming_strings a backslash takes the quote after it along. */
final class BreakQuoting implements Attack {
    @Override
    public int number() {
        return 6;
    }

    @Override
    public String title() {
        return "ALTER DATABASE … SET standard_conforming_strings=off, then a request with a backslash";
    }

    @Override
    public String wall() {
        return "standard_conforming_strings=on in the startup packet; the driver's own escaping";
    }

    @Override
    public void mount(Scene scene) {
        scene.setOnDatabase("standard_conforming_strings = off");
        scene.setOnDatabase("backslash_quote = on");
        var take = scene.take();
        for (var wish : new Wish[] {Wish.PARAMETER, Wish.EXTENSION_VERSION}) {
            for (var words : new String[] {"\\'" + take, "\\" + take, "'" + take, "\\\\'" + take}) {
                scene.request(wish, words);
            }
        }
    }
}
