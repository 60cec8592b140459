// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.world.Logins;
import dev.howdah.plan.LoginTried;
import dev.howdah.postgres.ConnectionTarget;
import dev.howdah.postgres.LoginTrial;

/** Lets the command line, which knows no SQL, try logins. */
public final class LoginAttempts implements Logins {
    @Override
    public LoginTried attempt(Attempt attempt) {
        var target = new ConnectionTarget(
                attempt.host(),
                attempt.port(),
                attempt.database(),
                attempt.user(),
                attempt.password(),
                LoginTrial.sslMode(attempt.sslMode()),
                attempt.caPem());
        return LoginTrial.of(target, attempt.database(), attempt.user(), attempt.password());
    }
}
