package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.apply.VersionConverter.Versioned;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Moves ownership as objects change. Stateless; the managers that are given are changed. */
final class Updater {
    private final String apiVersion;
    private final TypeSchema type;
    private final FieldSet resetFields;
    private final VersionConverter converter;

    Updater(String apiVersion, TypeSchema type, FieldSet resetFields, VersionConverter converter) {
        this.apiVersion = apiVersion;
        this.type = type;
        this.resetFields = resetFields;
        this.converter = converter;
    }

    /** What an update changed becomes the manager's, and leaves the others. */
    void update(ObjectNode live, ObjectNode changed, Managers managers, ManagerKey manager) {
        reconcile(live, managers);
        Comparison compared = Comparison.of(live, changed, type);
        transfer(live, changed, compared, managers, manager, true);
        Owned before = managers.get(manager);
        FieldSet set = before == null ? new FieldSet() : before.fields();
        set = set.difference(compared.removed())
                .union(compared.modified())
                .union(compared.added())
                .without(resetFields);
        managers.put(manager, new Owned(set, apiVersion, before == null ? "" : before.time()));
    }

    /** The applied object laid over the live one; null where that changes nothing. Fails with a {@link ConflictException}. */
    @Nullable
    ObjectNode apply(ObjectNode live, ObjectNode applied, Managers managers, ManagerKey manager, boolean force) {
        reconcile(live, managers);
        ObjectNode merged = (ObjectNode) TypedMerge.merge(live, applied, type, false, List.of());
        Owned last = managers.get(manager);
        FieldSet set = TypedWalks.fieldSet(applied, type).without(resetFields);
        managers.owners().put(manager, new Owned(set, apiVersion, last == null ? "" : last.time()));
        if (last != null) {
            merged = prune(merged, managers, last);
        }
        transfer(live, merged, Comparison.of(live, merged, type), managers, manager, force);
        if (set.isEmpty()) {
            managers.owners().remove(manager);
        }
        return Values.equal(live, merged) ? null : merged;
    }

    private void transfer(
            ObjectNode live,
            ObjectNode changed,
            Comparison compared,
            Managers managers,
            ManagerKey manager,
            boolean force) {
        Map<String, @Nullable Comparison> versions = new HashMap<>();
        versions.put(apiVersion, compared.without(resetFields));
        TreeMap<ManagerKey, FieldSet> conflicts = new TreeMap<>();
        TreeMap<ManagerKey, FieldSet> removed = new TreeMap<>();
        for (Map.Entry<ManagerKey, Owned> e : List.copyOf(managers.owners().entrySet())) {
            if (e.getKey().equals(manager)) {
                continue;
            }
            Comparison theirs = versions.computeIfAbsent(e.getValue().apiVersion(), v -> compareIn(live, changed, v));
            if (theirs == null) {
                managers.owners().remove(e.getKey());
                continue;
            }
            FieldSet conflict =
                    e.getValue().fields().intersection(theirs.modified().union(theirs.added()));
            if (!conflict.isEmpty()) {
                conflicts.put(e.getKey(), conflict);
            }
            removed.put(e.getKey(), theirs.removed());
        }
        if (!force && !conflicts.isEmpty()) {
            throw new ConflictException(conflicts);
        }
        removed.forEach((key, gone) -> {
            Owned owned = managers.get(key);
            if (owned != null) {
                FieldSet lost = conflicts.containsKey(key) ? gone.union(conflicts.get(key)) : gone;
                managers.put(key, owned.with(owned.fields().difference(lost)));
            }
        });
    }

    private @Nullable Comparison compareIn(ObjectNode live, ObjectNode changed, String version) {
        Versioned before = convert(live, version);
        Versioned after = convert(changed, version);
        return before == null || after == null ? null : Comparison.of(before.object(), after.object(), after.type());
    }

    private @Nullable Versioned convert(ObjectNode object, String version) {
        return version.equals(apiVersion) ? new Versioned(object, type) : converter.convert(object, version);
    }

    /** Paths into what the schema has as one value by now become that value's path. */
    private void reconcile(ObjectNode live, Managers managers) {
        managers.owners().replaceAll((key, owned) -> {
            Versioned versioned = convert(live, owned.apiVersion());
            return versioned == null ? owned : owned.with(owned.fields().collapsed(versioned.type(), false));
        });
        managers.owners().values().removeIf(owned -> owned.fields().isEmpty());
    }

    /** Removes what the manager applied last time, not this time, and nobody else owns. */
    private ObjectNode prune(ObjectNode merged, Managers managers, Owned last) {
        if (!last.apiVersion().equals(apiVersion)) {
            // its paths are meant in a version that may not be converted back: what it owned stays
            return merged;
        }
        FieldSet lastNamed = last.fields().withNamedFields(type);
        JsonNode pruned = TypedWalks.remove(merged, type, false, lastNamed, List.of());
        FieldSet owned = new FieldSet();
        for (Owned other : managers.owners().values()) {
            if (other.apiVersion().equals(apiVersion)) {
                owned = owned.union(other.fields());
            } else {
                owned = owned.union(ownedElsewhere(merged, other));
            }
        }
        FieldSet all = TypedWalks.fieldSet(merged, type).withNamedFields(type);
        FieldSet kept = named(pruned).union(owned.withNamedFields(type));
        pruned = TypedWalks.remove(merged, type, false, all.difference(kept), List.of());
        FieldSet gone = all.difference(named(pruned)).intersection(lastNamed);
        JsonNode out = TypedWalks.remove(merged, type, false, gone, List.of());
        return out instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    /** Fields owned in another version count as owned here where they have the same path. */
    private static FieldSet ownedElsewhere(ObjectNode merged, Owned other) {
        return merged.isEmpty() ? new FieldSet() : other.fields();
    }

    private FieldSet named(JsonNode object) {
        return object.isObject() ? TypedWalks.fieldSet(object, type).withNamedFields(type) : new FieldSet();
    }
}
