package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;

/** Lays an apply configuration over an object without anybody's ownership of fields, as mutating admission policies do. */
public final class ApplyConfiguration {
    private ApplyConfiguration() {}

    /**
     * The object with the configuration laid over it; a new tree.
     *
     * @throws IllegalArgumentException in upstream's words, where the configuration does not fit the schema or would replace a list, a map or
     *     a structure as a whole
     */
    public static ObjectNode merge(ObjectNode object, ObjectNode configuration, TypeSchema type) {
        try {
            TypedValidation.check(configuration, type);
        } catch (ApplyException e) {
            throw new IllegalArgumentException("failed to convert patch object to typed object: " + e.getMessage(), e);
        }
        List<String> atomics = new ArrayList<>();
        findAtomics(configuration, type, false, List.of(), atomics);
        if (!atomics.isEmpty()) {
            throw new IllegalArgumentException(
                    "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                            + String.join(", ", atomics));
        }
        try {
            return (ObjectNode) TypedMerge.merge(object, configuration, type, false, List.of());
        } catch (ApplyException e) {
            throw new IllegalArgumentException("failed to merge patch: " + e.getMessage(), e);
        }
    }

    private static void findAtomics(
            JsonNode value, TypeSchema type, boolean granular, List<PathElement> path, List<String> found) {
        boolean declared = type.kind() != Kind.ANY && type.kind() != Kind.FIELDS;
        if (value.isContainerNode() && declared && Shape.isDeclaredAtomic(type, granular)) {
            found.add(FieldSet.print(path));
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(e -> findAtomics(
                            e.getValue(),
                            Shape.member(type, e.getKey()),
                            Shape.isGranular(type, e.getKey()),
                            Steps.append(path, new PathElement.Field(e.getKey())),
                            found));
        } else if (value.isArray() && type.kind() == Kind.LIST) {
            for (int i = 0; i < value.size(); i++) {
                findAtomics(value.get(i), type.element(), false, Steps.append(path, new PathElement.Index(i)), found);
            }
        }
    }
}
