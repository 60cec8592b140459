// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.app;

import picocli.CommandLine.IVersionProvider;

/** The version that was built, from the jar's manifest. */
public class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"howdah " + (version == null ? "(not packaged)" : version)};
    }
}
