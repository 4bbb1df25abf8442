package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
        for (String field : new String[] {"reportingController", "reportingInstance"}) {
            if (event.path(field).asText("").isEmpty()) {
                event.remove(field);
            }
        }
        return event;
    }

    static ObjectNode toCore(ObjectNode event) {
        CORE_TO_EVENTS.forEach((core, events) -> rename(event, events, core));
        for (String always : new String[] {"involvedObject", "source"}) {
            if (!event.has(always)) {
                event.putObject(always);
            }
        }
        for (String always : new String[] {"reportingComponent", "reportingInstance"}) {
            if (!event.has(always)) {
                event.put(always, "");
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
}
