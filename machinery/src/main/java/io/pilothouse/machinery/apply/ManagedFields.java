package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code metadata.managedFields} of one kind and subresource, as structured-merge-diff and apimachinery's field managers do.
 * Objects are trees in the kind's version: live and updated ones as read with the type, applied ones as the client sent them. The
 * objects given are not changed, but for new ones. Immutable; safe for use by many threads.
 */
public final class ManagedFields {
    private static final FieldSet STRIPPED = FieldSet.ofFields(
            "apiVersion",
            "kind",
            "metadata",
            "metadata.name",
            "metadata.namespace",
            "metadata.creationTimestamp",
            "metadata.selfLink",
            "metadata.uid",
            "metadata.clusterName",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion");

    private final GroupVersionKind kind;
    private final TypeSchema type;
    private final String subresource;
    private final Clock clock;
    private final Updater updater;

    /**
     * @param subresource the subresource through which objects are written; empty for none
     * @param resetFields what writes through it never change and so never own, such as {@code status}
     */
    public ManagedFields(
            GroupVersionKind kind,
            TypeSchema type,
            String subresource,
            FieldSet resetFields,
            VersionConverter converter,
            Clock clock) {
        this.kind = kind;
        this.type = type;
        this.subresource = subresource;
        this.clock = clock;
        this.updater = new Updater(kind.apiVersion(), type, resetFields, converter);
    }

    /**
     * Records a create, update or patch.
     *
     * @param live the object before; null for a create
     * @param updated the object as it will be stored; its managedFields, where the client sent any, are taken over; an empty list
     *     or a list of one empty entry drops all. A new object is itself changed and answered
     */
    public ObjectNode update(@Nullable ObjectNode live, ObjectNode updated, String manager) {
        Managers managers = subresource.isEmpty() ? liveOrNew(live, updated) : readOrEmpty(live);
        // What became of a live object may have parts in common with it.
        ObjectNode out = live == null ? updated : updated.deepCopy();
        ObjectMeta.of(out).remove("managedFields");
        boolean tracked =
                !managers.isEmpty() || live == null || ObjectMeta.uid(live).isEmpty();
        if (tracked) {
            try {
                recordUpdate(live == null ? empty() : withoutManagers(live), out, managers, manager);
            } catch (ApplyException e) {
                // upstream drops what it can't follow and lets the write go on
                managers = new Managers();
            }
        }
        managers.write(out);
        return out;
    }

    private void recordUpdate(ObjectNode live, ObjectNode updated, Managers managers, String manager) {
        ManagerKey self = ManagerKey.update("", "", "current-operation");
        updater.update(live, updated, managers, self);
        Owned changed = managers.owners().remove(self);
        if (changed != null) {
            FieldSet fields = changed.fields().difference(STRIPPED);
            ManagerKey key = ManagerKey.update(manager.isEmpty() ? "unknown" : manager, kind.apiVersion(), subresource);
            Owned before = managers.get(key);
            if (!fields.isEmpty()) {
                FieldSet all = before == null ? fields : fields.union(before.fields());
                managers.put(key, new Owned(all, kind.apiVersion(), now()));
            }
        }
        managers.cap();
    }

    /**
     * Applies a configuration; answers the merged object with its managedFields, to be read with the type and defaulted by the caller.
     * Fails with a 409 that lists the conflicts, a 400 for a wrong version, a 500 for what does not fit the schema.
     *
     * @param live the object before; null where there is none
     * @param applied the configuration as the client sent it
     */
    public ObjectNode apply(@Nullable ObjectNode live, ObjectNode applied, String manager, boolean force) {
        GroupVersionKind said = GroupVersionKind.of(applied);
        if (!said.equals(kind)) {
            throw StatusException.badRequest("invalid object type: " + said);
        }
        if (ObjectMeta.of(applied).path("managedFields").isArray()) {
            throw StatusException.badRequest("metadata.managedFields must be nil");
        }
        Managers managers;
        try {
            managers = Managers.read(live);
        } catch (DecodeException e) {
            throw StatusException.of(500, "", "failed to decode managed fields: " + e.getMessage());
        }
        ObjectNode before = live == null ? empty() : withoutManagers(live);
        ObjectNode merged = applyChecked(before, applied, managers, manager, force);
        if (manager.equals(LastApplied.MANAGER)) {
            LastApplied.refresh(merged, applied);
        }
        return merged;
    }

    private ObjectNode applyChecked(
            ObjectNode live, ObjectNode applied, Managers managers, String manager, boolean force) {
        if (managers.isEmpty()) {
            recordUpdate(empty(), live, managers, "before-first-apply");
        }
        try {
            TypedValidation.check(applied, type);
        } catch (ApplyException e) {
            String namespace = ObjectMeta.namespace(applied);
            throw StatusException.of(
                    500,
                    "",
                    "failed to create typed patch object (" + namespace + "/" + ObjectMeta.name(applied) + "; " + kind
                            + "): " + e.getMessage());
        }
        try {
            return merge(live, applied, managers.copy(), manager, force);
        } catch (ConflictException e) {
            if (manager.equals(LastApplied.MANAGER)) {
                LastApplied.Verdict verdict = LastApplied.judge(e, live, type, kind);
                if (verdict.allowed()) {
                    return merge(live, applied, managers.copy(), manager, true);
                }
                throw verdict.remaining().toStatus();
            }
            throw e.toStatus();
        } catch (ApplyException e) {
            throw StatusException.of(500, "", "failed to merge config: " + e.getMessage());
        }
    }

    private ObjectNode merge(ObjectNode live, ObjectNode applied, Managers managers, String manager, boolean force) {
        ManagerKey key = ManagerKey.apply(manager, subresource);
        ObjectNode merged = updater.apply(live, applied, managers, key, force);
        Owned owned = managers.get(key);
        if (owned != null) {
            Owned stripped = owned.with(owned.fields().difference(STRIPPED));
            managers.put(key, merged == null ? stripped : stripped.at(now()));
        }
        ObjectNode out = merged == null ? live.deepCopy() : merged;
        managers.write(out);
        return out;
    }

    private String now() {
        return ObjectMeta.format(clock.instant());
    }

    private ObjectNode empty() {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        out.setAll(type.emptyObject());
        return out;
    }

    private static ObjectNode withoutManagers(ObjectNode object) {
        if (!ObjectMeta.of(object).has("managedFields")) {
            return object;
        }
        ObjectNode out = object.deepCopy();
        ObjectMeta.of(out).remove("managedFields");
        return out;
    }

    private static Managers liveOrNew(@Nullable ObjectNode live, ObjectNode updated) {
        JsonNode sent = ObjectMeta.of(updated).path("managedFields");
        if (sent.isArray()
                && (sent.isEmpty() || (sent.size() == 1 && sent.get(0).isEmpty()))) {
            return new Managers();
        }
        try {
            Managers read = Managers.read(updated);
            return read.isEmpty() ? readOrEmpty(live) : read;
        } catch (DecodeException e) {
            return readOrEmpty(live);
        }
    }

    private static Managers readOrEmpty(@Nullable ObjectNode live) {
        try {
            return Managers.read(live);
        } catch (DecodeException e) {
            return new Managers();
        }
    }

    /** Whether two objects are equal but for the times of their managers; then a write changes nothing. */
    public static boolean equalIgnoringTimes(ObjectNode a, ObjectNode b) {
        return equalBut("metadata", a, b)
                && equalBut("managedFields", ObjectMeta.of(a), ObjectMeta.of(b))
                && sameManagers(
                        ObjectMeta.of(a).path("managedFields"), ObjectMeta.of(b).path("managedFields"));
    }

    private static boolean sameManagers(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equalBut("time", a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalBut(String field, JsonNode a, JsonNode b) {
        if (a.size() - (a.has(field) ? 1 : 0) != b.size() - (b.has(field) ? 1 : 0)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> member : a.properties()) {
            if (!member.getKey().equals(field) && !member.getValue().equals(b.get(member.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
