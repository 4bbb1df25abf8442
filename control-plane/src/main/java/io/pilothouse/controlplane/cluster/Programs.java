package io.pilothouse.controlplane.cluster;

import java.util.List;
import java.util.Map;

/**
 * What the region starts.
 *
 * @param pilothouse program and first arguments that take a subcommand, such as {@code /opt/pilothouse/bin/pilothouse}
 * @param master the subcommand of a master: {@code master}, or {@code apiserver} for masters without controllers, scheduler and
 *     authenticator
 * @param environment what they get besides PATH
 */
public record Programs(List<String> pilothouse, String master, Map<String, String> environment) {
    /** Whether masters have all their parts. */
    boolean complete() {
        return master.equals("master");
    }
}
