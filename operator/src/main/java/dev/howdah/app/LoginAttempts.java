// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import dev.howdah.cli.world.Logins;
import dev.howdah.postgres.ConnectionTarget;
import dev.howdah.postgres.LoginTrial;
import dev.howdah.postgres.LoginTrial.Result;

/** Lets the command line, which knows no SQL, try logins. */
public final class LoginAttempts implements Logins {
    @Override
    public Outcome attempt(Attempt attempt) {
        var target = new ConnectionTarget(
                attempt.host(),
                attempt.port(),
                attempt.database(),
                attempt.user(),
                attempt.password(),
                LoginTrial.sslMode(attempt.sslMode()),
                attempt.caPem());
        return switch (LoginTrial.of(target, attempt.database(), attempt.user(), attempt.password())) {
            case Result.Works(var rights) -> new Outcome.Works(rights(rights));
            case Result.Refused(var message) -> new Outcome.Refused(message);
            case Result.Full(var message) -> new Outcome.Full(message);
            case Result.Unreachable(var message) -> new Outcome.Unreachable(message);
        };
    }

    private static Rights rights(LoginTrial.Rights rights) {
        return new Rights(
                rights.server(),
                rights.actsAs(),
                rights.encrypted(),
                rights.sessions(),
                rights.databaseSessions(),
                rights.createSchemas(),
                rights.schemas().stream()
                        .map(schema -> new Schema(
                                schema.name(), schema.create(), schema.tables(), schema.readable(), schema.writable()))
                        .toList());
    }
}
