package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.table.TableWriter;
import java.util.Locale;
import java.util.function.Supplier;

/** What kubectl shows of an event. */
final class EventColumns {
    private static final String TYPE = "core.v1.Event";
    private static final String SUBOBJECT =
            "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access"
                    + " statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a"
                    + " container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to"
                    + " the name of the container that triggered the event) or if no container name is specified"
                    + " \"spec.containers[2]\" (container with index 2 in this pod). This syntax is chosen only to have some"
                    + " well-defined way of referencing a part of an object.";

    private EventColumns() {}

    static Column[] columns(Schemas schemas) {
        return new Column[] {
            Column.aging(
                    "Last Seen",
                    "The time at which the most recent occurrence of this event was recorded.",
                    EventColumns::lastSeen),
            text("Type", schemas.text(TYPE, "type"), "type"),
            text("Reason", schemas.text(TYPE, "reason"), "reason"),
            Column.text("Object", "The object that this event is about.", EventColumns::object),
            Column.text(
                            "Subobject",
                            SUBOBJECT,
                            o -> o.path("involvedObject").path("fieldPath").asText(""))
                    .wide(),
            Column.text(
                            "Source",
                            "The component reporting this event. Should be a short machine understandable string.",
                            EventColumns::source)
                    .wide(),
            Column.text(
                    "Message",
                    schemas.text(TYPE, "message"),
                    o -> o.path("message").asText("").strip()),
            Column.aging(
                            "First Seen",
                            "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)",
                            EventColumns::firstSeen)
                    .wide(),
            Column.count("Count", schemas.text(TYPE, "count"), EventColumns::count)
                    .wide(),
            TableWriter.name().wide()
        };
    }

    private static Column text(String name, Supplier<String> description, String field) {
        return Column.text(name, description, o -> o.path(field).asText(""));
    }

    private static Long count(ObjectNode event) {
        long count =
                event.path("series").path("count").asLong(event.path("count").asLong(0));
        return count == 0 && !event.has("series") ? 1 : count;
    }

    private static Aged lastSeen(ObjectNode event) {
        String last = event.path("series").path("lastObservedTime").asText("");
        if (last.isEmpty()) {
            last = event.path("lastTimestamp").asText("");
        }
        return last.isEmpty() ? firstSeen(event) : Aged.since(last, "");
    }

    private static Aged firstSeen(ObjectNode event) {
        String first = event.path("firstTimestamp").asText("");
        return Aged.since(first.isEmpty() ? event.path("eventTime").asText("") : first, "<unknown>");
    }

    private static String object(ObjectNode event) {
        var about = event.path("involvedObject");
        String kind = about.path("kind").asText("").toLowerCase(Locale.ROOT);
        return about.path("name").asText("").isEmpty()
                ? kind
                : kind + "/" + about.path("name").asText();
    }

    private static String source(ObjectNode event) {
        String component = either(event.path("source").path("component"), event.path("reportingComponent"));
        String host = either(event.path("source").path("host"), event.path("reportingInstance"));
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String either(JsonNode first, JsonNode second) {
        return first.asText("").isEmpty() ? second.asText("") : first.asText();
    }
}
