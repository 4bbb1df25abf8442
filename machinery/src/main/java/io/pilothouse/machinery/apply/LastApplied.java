package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** kubectl's way from client-side to server-side apply: the annotation with what it applied last says which conflicts are its own. */
final class LastApplied {
    static final String MANAGER = "kubectl";
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MAX_ANNOTATION_BYTES = 256 * 1024;

    private LastApplied() {}

    /** Whether all conflicts are kubectl's own, and those that are not. */
    record Verdict(boolean allowed, ConflictException remaining) {}

    static Verdict judge(ConflictException conflict, ObjectNode live, TypeSchema type, GroupVersionKind kind) {
        FieldSet own = ownFields(live, type, kind);
        if (own == null) {
            return new Verdict(false, conflict);
        }
        TreeMap<ManagerKey, FieldSet> rest = new TreeMap<>();
        conflict.conflicts().forEach((key, set) -> {
            FieldSet left = set.difference(own);
            if (!left.isEmpty()) {
                rest.put(key, left);
            }
        });
        return new Verdict(rest.isEmpty(), new ConflictException(rest));
    }

    /** The fields of the last configuration that still have its values; null where there is none to trust. */
    private static @Nullable FieldSet ownFields(ObjectNode live, TypeSchema type, GroupVersionKind kind) {
        String text = ObjectMeta.annotation(live, ANNOTATION).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            JsonNode last = Json.tree(text);
            if (!last.isObject() || !last.path("apiVersion").asText("").equals(kind.apiVersion())) {
                return null;
            }
            TypedValidation.check(last, type);
            Comparison compared = Comparison.of(last, live, type);
            return TypedWalks.fieldSet(last, type)
                    .difference(compared.modified())
                    .difference(compared.added())
                    .difference(compared.removed());
        } catch (DecodeException | ApplyException e) {
            return null;
        }
    }

    /** Writes the applied configuration into the annotation of an object that carries one. */
    static void refresh(ObjectNode object, ObjectNode applied) {
        if (ObjectMeta.annotation(object, ANNOTATION).orElse("").isEmpty()) {
            return;
        }
        ObjectNode copy = applied.deepCopy();
        if (ObjectMeta.of(copy).get("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
        }
        String text = Json.text(Json.sorted(copy)) + "\n";
        ObjectNode annotations = (ObjectNode) ObjectMeta.of(object).path("annotations");
        if (text.length() > MAX_ANNOTATION_BYTES) {
            annotations.remove(ANNOTATION);
        } else {
            annotations.put(ANNOTATION, text);
        }
    }
}
