package io.pilothouse.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A node that has a lease and renews it as a kubelet does. One renewal at a time. */
final class Node {
    private static final int MOST_TRIES = 5;

    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Client client;
    private final String path;
    private ObjectNode lease;

    private Node(Client client, String path, ObjectNode lease) {
        this.client = client;
        this.path = path;
        this.lease = lease;
    }

    /**
     * Makes the lease of a new node.
     *
     * @param leases the path of all
     */
    static Node join(Client client, String leases, String name) throws IOException, InterruptedException {
        var made = client.succeed("POST", leases, """
                {"metadata": {"name": "%1$s"}, "spec": {"holderIdentity": "%1$s", "leaseDurationSeconds": 40, "renewTime": "%2$s"}}""".formatted(name, now()));
        return new Node(client, leases + "/" + name, (ObjectNode) Json.tree(made));
    }

    private static String now() {
        return MICRO_TIME.format(Instant.now());
    }

    /**
     * Puts the lease with the version that the node was last told. After a failure it reads the lease, as it does not know whether it was renewed,
     * and tries again, five times in all.
     *
     * @return why the tries that failed did
     */
    List<String> renew() throws InterruptedException {
        var failures = new ArrayList<String>();
        while (failures.size() < MOST_TRIES) {
            try {
                if (!failures.isEmpty()) {
                    lease = (ObjectNode) Json.tree(client.succeed("GET", path, ""));
                }
                lease.withObject("/spec").put("renewTime", now());
                lease = (ObjectNode) Json.tree(client.succeed("PUT", path, Json.text(lease)));
                break;
            } catch (IOException e) {
                failures.add(Attempt.line(e));
            }
        }
        return failures;
    }
}
