package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;

/** What the two kinds of webhook configurations share. */
final class Webhooks {
    private static final int PORT = 443;
    private static final int TIMEOUT_SECONDS = 10;

    private Webhooks() {}

    static Column[] columns() {
        return new Column[] {
            TableWriter.name(),
            Column.number("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration", o ->
                    (long) o.path("webhooks").size()),
            TableWriter.age()
        };
    }

    /** Fills what a webhook leaves out. */
    static void fill(ObjectNode webhook) {
        Trees.fillAbsent(webhook, "failurePolicy", "Fail");
        Trees.fillAbsent(webhook, "matchPolicy", "Equivalent");
        webhook.withObjectProperty("namespaceSelector");
        webhook.withObjectProperty("objectSelector");
        Trees.fill(webhook, "timeoutSeconds", TIMEOUT_SECONDS);
        Trees.each(webhook, "rules", rule -> Trees.fillAbsent(rule, "scope", "*"));
        Trees.with(
                webhook,
                "clientConfig",
                client -> Trees.with(client, "service", service -> Trees.fill(service, "port", PORT)));
    }
}
