package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The managers of an object: {@code metadata.managedFields} read and written. One thread. */
final class Managers {
    /** Entries of Update operations; the oldest are joined beyond that. */
    private static final int MAX_UPDATERS = 10;

    private static final String ANCIENT = "ancient-changes";

    private final TreeMap<ManagerKey, Owned> owners = new TreeMap<>();

    NavigableMap<ManagerKey, Owned> owners() {
        return owners;
    }

    @Nullable
    Owned get(ManagerKey key) {
        return owners.get(key);
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    /** Puts an entry, or drops it where it owns nothing. */
    void put(ManagerKey key, Owned owned) {
        if (owned.fields().isEmpty()) {
            owners.remove(key);
        } else {
            owners.put(key, owned);
        }
    }

    Managers copy() {
        Managers out = new Managers();
        out.owners.putAll(owners);
        return out;
    }

    /** Reads an object's entries; fails with a {@link DecodeException}. */
    static Managers read(@Nullable JsonNode object) {
        Managers out = new Managers();
        if (object == null) {
            return out;
        }
        for (JsonNode entry : ObjectMeta.of(object).path("managedFields")) {
            String operation = entry.path("operation").asText("");
            if (!operation.equals("Apply") && !operation.equals("Update")) {
                throw new DecodeException("operation must be `Apply` or `Update`");
            }
            if (!entry.path("fieldsType").asText("").equals("FieldsV1")) {
                throw new DecodeException("fieldsType must be `FieldsV1`");
            }
            String version = entry.path("apiVersion").asText("");
            ManagerKey key = new ManagerKey(
                    entry.path("manager").asText(""),
                    operation,
                    operation.equals("Apply") ? "" : version,
                    entry.path("subresource").asText(""));
            JsonNode fields = entry.path("fieldsV1");
            FieldSet set = fields.isMissingNode() || fields.isNull() ? new FieldSet() : FieldSet.fromFieldsV1(fields);
            out.owners.put(key, new Owned(set, version, entry.path("time").asText("")));
        }
        return out;
    }

    /** Writes the entries into an object, or removes the field where there are none. */
    void write(ObjectNode object) {
        ObjectMeta.ensure(object).remove("managedFields");
        if (owners.isEmpty()) {
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Comparator<Map.Entry<ManagerKey, Owned>> order = Comparator.comparing(
                        (Map.Entry<ManagerKey, Owned> e) -> e.getKey().operation())
                .thenComparing(e -> e.getValue().time())
                .thenComparing(e -> e.getKey().manager())
                .thenComparing(e -> e.getValue().apiVersion())
                .thenComparing(e -> e.getKey().subresource());
        owners.entrySet().stream().sorted(order).forEach(e -> list.add(entry(e.getKey(), e.getValue())));
        ObjectMeta.ensure(object).set("managedFields", list);
    }

    private static ObjectNode entry(ManagerKey key, Owned owned) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("manager", key.manager()).put("operation", key.operation()).put("apiVersion", owned.apiVersion());
        if (!owned.time().isEmpty()) {
            node.put("time", owned.time());
        }
        node.put("fieldsType", "FieldsV1").set("fieldsV1", owned.fields().toFieldsV1());
        if (!key.subresource().isEmpty()) {
            node.put("subresource", key.subresource());
        }
        return node;
    }

    /** Joins the oldest Update entries of a version until there are few enough. */
    void cap() {
        List<ManagerKey> updaters = owners.entrySet().stream()
                .filter(e -> !e.getKey().isApply())
                .sorted(Comparator.comparing(
                                (Map.Entry<ManagerKey, Owned> e) -> e.getValue().time())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
        int count = updaters.size();
        TreeMap<String, ManagerKey> first = new TreeMap<>();
        for (ManagerKey key : updaters) {
            if (count <= MAX_UPDATERS) {
                return;
            }
            Owned owned = owners.get(key);
            ManagerKey earlier = owned == null ? null : first.putIfAbsent(owned.apiVersion(), key);
            if (owned == null || earlier == null) {
                continue;
            }
            ManagerKey bucket = ManagerKey.update(ANCIENT, owned.apiVersion(), "");
            Owned old = owners.containsKey(bucket) ? owners.get(bucket) : owners.remove(earlier);
            owners.remove(key);
            FieldSet joined = old == null ? owned.fields() : owned.fields().union(old.fields());
            owners.put(bucket, new Owned(joined, owned.apiVersion(), owned.time()));
            count--;
        }
    }
}
