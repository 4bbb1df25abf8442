package io.pilothouse.machinery.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object's {@code metadata}, read from and written to its tree. Strings that are absent read as empty, as in Go; a setter given
 * an empty value removes the field. Nothing is kept here: the tree is the object. Not safe for use beside other writers of the tree.
 */
public final class ObjectMeta {
    private static final List<String> ORDER = List.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private ObjectMeta() {}

    /** The object's metadata, or an empty node that is not part of it. */
    public static ObjectNode of(JsonNode object) {
        return object.get("metadata") instanceof ObjectNode meta ? meta : JsonNodeFactory.instance.objectNode();
    }

    /** The object's metadata, put into it if it has none. */
    public static ObjectNode ensure(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode meta ? meta : object.putObject("metadata");
    }

    public static String name(JsonNode object) {
        return text(object, "name");
    }

    public static void setName(ObjectNode object, String name) {
        setText(object, "name", name);
    }

    public static String generateName(JsonNode object) {
        return text(object, "generateName");
    }

    public static void setGenerateName(ObjectNode object, String prefix) {
        setText(object, "generateName", prefix);
    }

    public static String namespace(JsonNode object) {
        return text(object, "namespace");
    }

    public static void setNamespace(ObjectNode object, String namespace) {
        setText(object, "namespace", namespace);
    }

    public static String uid(JsonNode object) {
        return text(object, "uid");
    }

    public static void setUid(ObjectNode object, String uid) {
        setText(object, "uid", uid);
    }

    public static String selfLink(JsonNode object) {
        return text(object, "selfLink");
    }

    public static void setSelfLink(ObjectNode object, String link) {
        setText(object, "selfLink", link);
    }

    public static String resourceVersion(JsonNode object) {
        return text(object, "resourceVersion");
    }

    public static void setResourceVersion(ObjectNode object, String version) {
        setText(object, "resourceVersion", version);
    }

    /** The generation; 0 where there is none. */
    public static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong(0);
    }

    public static void setGeneration(ObjectNode object, long generation) {
        if (generation == 0) {
            ensure(object).remove("generation");
        } else {
            ensure(object).set("generation", Json.valueOf(generation));
        }
    }

    public static Optional<Instant> creationTimestamp(JsonNode object) {
        return time(object, "creationTimestamp");
    }

    public static void setCreationTimestamp(ObjectNode object, @Nullable Instant time) {
        setTime(object, "creationTimestamp", time);
    }

    public static Optional<Instant> deletionTimestamp(JsonNode object) {
        return time(object, "deletionTimestamp");
    }

    public static void setDeletionTimestamp(ObjectNode object, @Nullable Instant time) {
        setTime(object, "deletionTimestamp", time);
    }

    /** Whether the object is being deleted. */
    public static boolean isTerminating(JsonNode object) {
        return object.path("metadata").path("deletionTimestamp").isTextual();
    }

    /** Seconds left to a terminating object when it was marked. */
    public static Optional<Long> deletionGracePeriodSeconds(JsonNode object) {
        JsonNode node = object.path("metadata").path("deletionGracePeriodSeconds");
        return node.isIntegralNumber() ? Optional.of(node.longValue()) : Optional.empty();
    }

    public static void setDeletionGracePeriodSeconds(ObjectNode object, @Nullable Long seconds) {
        if (seconds == null) {
            ensure(object).remove("deletionGracePeriodSeconds");
        } else {
            ensure(object).set("deletionGracePeriodSeconds", Json.valueOf(seconds));
        }
    }

    /** A copy of the labels. */
    public static Map<String, String> labels(JsonNode object) {
        return strings(object, "labels");
    }

    public static void setLabels(ObjectNode object, Map<String, String> labels) {
        setStrings(object, "labels", labels);
    }

    /** A copy of the annotations. */
    public static Map<String, String> annotations(JsonNode object) {
        return strings(object, "annotations");
    }

    public static void setAnnotations(ObjectNode object, Map<String, String> annotations) {
        setStrings(object, "annotations", annotations);
    }

    /** One annotation, without copying the others. */
    public static Optional<String> annotation(JsonNode object, String key) {
        JsonNode value = object.path("metadata").path("annotations").get(key);
        return value != null && value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** One label, without copying the others. */
    public static Optional<String> label(JsonNode object, String key) {
        JsonNode value = object.path("metadata").path("labels").get(key);
        return value != null && value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /** A copy of the finalizers. */
    public static List<String> finalizers(JsonNode object) {
        List<String> out = new ArrayList<>();
        object.path("metadata").path("finalizers").forEach(f -> out.add(f.asText()));
        return out;
    }

    public static void setFinalizers(ObjectNode object, Collection<String> finalizers) {
        if (finalizers.isEmpty()) {
            ensure(object).remove("finalizers");
        } else {
            ArrayNode list = ensure(object).putArray("finalizers");
            finalizers.forEach(list::add);
        }
    }

    /** The owner references as they stand in the tree. */
    public static List<ObjectNode> ownerReferences(JsonNode object) {
        List<ObjectNode> out = new ArrayList<>();
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (reference instanceof ObjectNode node) {
                out.add(node);
            }
        }
        return out;
    }

    public static void setOwnerReferences(ObjectNode object, Collection<? extends JsonNode> references) {
        if (references.isEmpty()) {
            ensure(object).remove("ownerReferences");
        } else {
            ensure(object).putArray("ownerReferences").addAll(references);
        }
    }

    /** Puts the metadata's fields into the order in which upstream writes them. Fields that it does not know keep theirs, at the end. */
    public static void sortFields(ObjectNode object) {
        if (!(object.get("metadata") instanceof ObjectNode metadata)) {
            return;
        }
        int last = -1;
        boolean sorted = true;
        for (var names = metadata.fieldNames(); sorted && names.hasNext(); ) {
            int place = ORDER.indexOf(names.next());
            sorted = place > last;
            last = place;
        }
        if (sorted) {
            return;
        }
        var fields = new LinkedHashMap<String, JsonNode>();
        for (String name : ORDER) {
            var value = metadata.remove(name);
            if (value != null) {
                fields.put(name, value);
            }
        }
        metadata.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        metadata.removeAll();
        metadata.setAll(fields);
    }

    /** The owner that manages this object, if one does. */
    public static Optional<ObjectNode> controller(JsonNode object) {
        return ownerReferences(object).stream()
                .filter(r -> r.path("controller").asBoolean(false))
                .findFirst();
    }

    /** {@code namespace/name}, or the name alone of a cluster-scoped object. */
    public static String key(JsonNode object) {
        String namespace = namespace(object);
        return namespace.isEmpty() ? name(object) : namespace + "/" + name(object);
    }

    /** A time as a Kubernetes Time is written: RFC 3339, UTC, whole seconds. */
    public static String format(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String text(JsonNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    private static void setText(ObjectNode object, String field, String value) {
        if (value.isEmpty()) {
            ensure(object).remove(field);
        } else {
            ensure(object).put(field, value);
        }
    }

    private static Optional<Instant> time(JsonNode object, String field) {
        JsonNode node = object.path("metadata").path(field);
        if (!node.isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(node.textValue()));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    private static void setTime(ObjectNode object, String field, @Nullable Instant time) {
        if (time == null) {
            ensure(object).remove(field);
        } else {
            ensure(object).put(field, format(time));
        }
    }

    private static Map<String, String> strings(JsonNode object, String field) {
        JsonNode node = object.path("metadata").path(field);
        Map<String, String> out = LinkedHashMap.newLinkedHashMap(node.size());
        node.properties().forEach(e -> out.put(e.getKey(), e.getValue().asText()));
        return out;
    }

    private static void setStrings(ObjectNode object, String field, Map<String, String> values) {
        if (values.isEmpty()) {
            ensure(object).remove(field);
        } else {
            ObjectNode node = ensure(object).putObject(field);
            values.forEach(node::put);
        }
    }
}
