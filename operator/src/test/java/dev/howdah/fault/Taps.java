// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.fault;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Ways to interfere, decided by a seed. */
final class Taps {
    private Taps() {}

    private static Predicate<Call> side(Call.Side side) {
        return call -> call.side() == side;
    }

    /** Some requests are answered by the API server's trouble. */
    static Tap answers(Random random, int percent, int... statuses) {
        return new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                return call.side() == Call.Side.API && random.nextInt(100) < percent
                        ? new Fate.Answer(statuses[random.nextInt(statuses.length)])
                        : Fate.PASS;
            }
        };
    }

    /** The same for writes of a kind. */
    static Tap refuses(String path, int status) {
        return new Tap() {
            @Override
            public Fate before(Call call) {
                return call.side() == Call.Side.API
                                && call.writes()
                                && call.text().contains(path)
                        ? new Fate.Answer(status)
                        : Fate.PASS;
            }
        };
    }

    /** Connections break, before a request gets out or before its answer comes in. */
    static Tap resets(Call.Side side, Random random, int percent) {
        return new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                return side(side).test(call) && random.nextInt(200) < percent ? Fate.CUT : Fate.PASS;
            }

            @Override
            public synchronized Fate after(Call call) {
                return side(side).test(call) && random.nextInt(200) < percent ? Fate.CUT : Fate.PASS;
            }
        };
    }

    static Tap late(Call.Side side, Random random, int percent, Duration most) {
        return new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                return side(side).test(call) && random.nextInt(100) < percent
                        ? new Fate.Late(Duration.ofMillis(random.nextInt((int) most.toMillis())))
                        : Fate.PASS;
            }
        };
    }

    /** The answer to the n-th round trip is lost; what it asked for was done. */
    static Tap lostAnswer(int nth) {
        var count = new AtomicInteger();
        return new Tap() {
            @Override
            public Fate after(Call call) {
                return call.side() == Call.Side.SQL && count.incrementAndGet() == nth ? Fate.CUT : Fate.PASS;
            }
        };
    }

    /** Something is done when the n-th round trip sets out. */
    static Tap at(int nth, Runnable action) {
        var count = new AtomicInteger();
        return new Tap() {
            @Override
            public Fate before(Call call) {
                if (call.side() == Call.Side.SQL && count.incrementAndGet() == nth) {
                    action.run();
                }
                return Fate.PASS;
            }
        };
    }

    static Tap slowWatch(Duration delay) {
        return new Tap() {
            @Override
            public Duration watchDelay() {
                return delay;
            }
        };
    }

    /** Watches end as too old, so that everything is listed again. */
    static Tap expiredWatch(Random random) {
        return new Tap() {
            @Override
            public synchronized Fate before(Call call) {
                return call.side() == Call.Side.API && call.text().contains("watch=true") && random.nextBoolean()
                        ? new Fate.Answer(410)
                        : Fate.PASS;
            }
        };
    }
}
