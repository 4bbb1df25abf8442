package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where objects of a type have lists and maps that Go writes even when there are none. A client's {@code []} is there until the object
 * is stored, and owned by who sent it; protobuf knows no empty list, so that from then on it reads {@code null}. Immutable.
 */
public final class EmptyLists {
    private static final EmptyLists NONE = new EmptyLists(List.of(), Map.of(), Map.of());

    private final List<String> written;
    private final Map<String, EmptyLists> inFields;
    private final Map<String, EmptyLists> inElements;

    private EmptyLists(List<String> written, Map<String, EmptyLists> inFields, Map<String, EmptyLists> inElements) {
        this.written = List.copyOf(written);
        this.inFields = Map.copyOf(inFields);
        this.inElements = Map.copyOf(inElements);
    }

    public static EmptyLists of(TypeSchema type) {
        return of(type, new HashSet<>());
    }

    private static EmptyLists of(TypeSchema type, Set<TypeSchema> around) {
        if (type.kind() != Kind.OBJECT || !around.add(type)) {
            return NONE;
        }
        var written = new ArrayList<String>();
        var inFields = new HashMap<String, EmptyLists>();
        var inElements = new HashMap<String, EmptyLists>();
        for (FieldSchema field : type.fields()) {
            boolean many = field.type().kind() == Kind.LIST || field.type().kind() == Kind.MAP;
            if (many && !field.omitEmpty() && !field.pointer()) {
                written.add(field.name());
            }
            var inner = of(many ? field.type().element() : field.type(), around);
            if (inner != NONE) {
                (many ? inElements : inFields).put(field.name(), inner);
            }
        }
        around.remove(type);
        return written.isEmpty() && inFields.isEmpty() && inElements.isEmpty()
                ? NONE
                : new EmptyLists(written, inFields, inElements);
    }

    /** Makes none of the empty ones, in place. */
    public void clear(ObjectNode object) {
        for (String field : written) {
            if (object.get(field) instanceof ContainerNode<?> some && some.isEmpty()) {
                object.putNull(field);
            }
        }
        inFields.forEach((field, inner) -> inner.clearIf(object.path(field)));
        inElements.forEach((field, inner) -> object.path(field).forEach(inner::clearIf));
    }

    private void clearIf(JsonNode value) {
        if (value instanceof ObjectNode object) {
            clear(object);
        }
    }
}
