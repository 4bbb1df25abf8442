package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.table.TableWriter;
import java.time.Instant;
import java.util.Map;

/** Between the two faces of an event: core/v1, which is stored, and events.k8s.io/v1, whose older fields have other names. */
final class EventConversion {
    private static final Map<String, String> CORE_TO_EVENTS = Map.of(
            "involvedObject",
            "regarding",
            "message",
            "note",
            "source",
            "deprecatedSource",
            "firstTimestamp",
            "deprecatedFirstTimestamp",
            "lastTimestamp",
            "deprecatedLastTimestamp",
            "count",
            "deprecatedCount",
            "reportingComponent",
            "reportingController");

    private EventConversion() {}

    static ObjectNode fromCore(ObjectNode event) {
        CORE_TO_EVENTS.forEach((core, events) -> rename(event, core, events));
        return event;
    }

    static ObjectNode toCore(ObjectNode event) {
        CORE_TO_EVENTS.forEach((core, events) -> rename(event, events, core));
        for (String always : new String[] {"involvedObject", "source"}) {
            if (!event.has(always)) {
                event.putObject(always);
            }
        }
        return event;
    }

    private static void rename(ObjectNode event, String from, String to) {
        var value = event.remove(from);
        if (value != null) {
            event.set(to, value);
        }
    }

    static Column[] columns() {
        return new Column[] {
            new Column("Last Seen", "string", "", "How long ago it was last seen.", 0, EventConversion::lastSeen),
            Column.text("Type", "Normal or Warning.", o -> o.path("type").asText()),
            Column.text("Reason", "Why, in a word.", o -> o.path("reason").asText()),
            Column.text("Object", "What it is about.", EventConversion::object),
            Column.text(
                            "Subobject",
                            "Which part of it.",
                            o -> o.path("involvedObject").path("fieldPath").asText())
                    .wide(),
            Column.text("Source", "Who saw it.", EventConversion::source).wide(),
            Column.text(
                    "Message", "What was seen.", o -> o.path("message").asText().strip()),
            new Column("First Seen", "string", "", "How long ago it was first seen.", 1, EventConversion::firstSeen),
            new Column(
                    "Count",
                    "string",
                    "",
                    "How often it was seen.",
                    1,
                    (o, now) -> JsonNodeFactory.instance.textNode(Long.toString(Math.max(
                            1,
                            o.path("series")
                                    .path("count")
                                    .asLong(o.path("count").asLong(1)))))),
            Column.text(
                            "Name",
                            "The name of the event.",
                            o -> o.path("metadata").path("name").asText())
                    .wide()
                    .format("name")
        };
    }

    private static JsonNode lastSeen(ObjectNode event, Instant now) {
        String last = event.path("series").path("lastObservedTime").asText("");
        if (last.isEmpty()) {
            last = event.path("lastTimestamp").asText("");
        }
        return last.isEmpty() ? firstSeen(event, now) : since(last, now);
    }

    private static JsonNode firstSeen(ObjectNode event, Instant now) {
        String first = event.path("firstTimestamp").asText("");
        return since(first.isEmpty() ? event.path("eventTime").asText("") : first, now);
    }

    private static JsonNode since(String time, Instant now) {
        return JsonNodeFactory.instance.textNode(
                time.isEmpty() ? "<unknown>" : TableWriter.since(Instant.parse(time), now));
    }

    private static String object(ObjectNode event) {
        var about = event.path("involvedObject");
        String kind = about.path("kind").asText("").toLowerCase(java.util.Locale.ROOT);
        return about.path("name").asText("").isEmpty()
                ? kind
                : kind + "/" + about.path("name").asText();
    }

    private static String source(ObjectNode event) {
        String component = event.path("source")
                .path("component")
                .asText(event.path("reportingComponent").asText(""));
        String host = event.path("source").path("host").asText("");
        return host.isEmpty() ? component : component + ", " + host;
    }
}
