package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.webhook.WebhookClient;
import java.io.IOException;
import java.util.List;

/** Events posted to a webhook as an EventList ({@code --audit-webhook-config-file}). */
public final class AuditWebhook implements AuditSink {
    private final WebhookClient webhook;

    public AuditWebhook(WebhookClient webhook) {
        this.webhook = webhook;
    }

    @Override
    public void write(List<ObjectNode> events) throws IOException {
        var list =
                JsonNodeFactory.instance.objectNode().put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1");
        list.putObject("metadata");
        var items = list.putArray("items");
        for (var event : events) {
            var item = event.deepCopy();
            item.remove(List.of("kind", "apiVersion"));
            items.add(item);
        }
        webhook.post(list);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public void close() {}
}
