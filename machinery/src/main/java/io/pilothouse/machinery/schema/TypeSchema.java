package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a value is and what stands in it. Types refer to one another directly, also in circles, so that code walks them with no look-up.
 * Immutable; safe for use by many threads. A built-in type's fields are read when they are first asked for.
 */
public final class TypeSchema {
    private static final TypeSchema ANY = scalar(Kind.ANY);

    private final Kind kind;
    private final String name;
    private final @Nullable TypeSchema element;
    private final ListType listType;
    private final List<String> mapKeys;
    private final boolean atomic;
    private final boolean wrapped;
    private final String union;
    private volatile @Nullable Definition definition;
    private @Nullable Supplier<List<FieldSchema>> later;

    private record Definition(
            List<FieldSchema> fields, Map<String, FieldSchema> byName, ProtoPlan plan, boolean preservesUnknown) {
        static final Definition EMPTY = new Definition(List.of(), Map.of(), ProtoPlan.EMPTY, false);
    }

    private TypeSchema(
            Kind kind,
            String name,
            @Nullable TypeSchema element,
            ListType listType,
            List<String> mapKeys,
            boolean atomic,
            boolean wrapped,
            String union) {
        this.union = union;
        this.kind = kind;
        this.name = name;
        this.element = element;
        this.listType = listType;
        this.mapKeys = List.copyOf(mapKeys);
        this.atomic = atomic;
        this.wrapped = wrapped;
        this.definition = kind == Kind.OBJECT ? null : Definition.EMPTY;
    }

    static TypeSchema scalar(Kind kind) {
        return new TypeSchema(kind, "", null, ListType.ATOMIC, List.of(), false, false, "");
    }

    /** Anything; the only type that says nothing. */
    public static TypeSchema any() {
        return ANY;
    }

    /** One of the unions of a CRD's schema, over the type of schemas. */
    static TypeSchema union(Kind kind, TypeSchema element) {
        return new TypeSchema(kind, "", element, ListType.ATOMIC, List.of(), false, false, "");
    }

    /** Bytes whose schema says that they are an atomic list, as one of upstream's does. */
    static TypeSchema atomicBytes() {
        return new TypeSchema(Kind.BYTES, "", null, ListType.ATOMIC, List.of(), true, false, "");
    }

    /** An object whose fields are defined later. */
    static TypeSchema object(String name, boolean atomic, String union) {
        return new TypeSchema(Kind.OBJECT, name, null, ListType.ATOMIC, List.of(), atomic, false, union);
    }

    static TypeSchema map(TypeSchema element, boolean atomic) {
        return new TypeSchema(Kind.MAP, "", element, ListType.ATOMIC, List.of(), atomic, false, "");
    }

    static TypeSchema list(TypeSchema element, ListType type, List<String> keys, boolean wrapped) {
        return list(element, type, keys, wrapped, false);
    }

    /** A list that may be declared atomic, which it is without a word too. */
    static TypeSchema list(
            TypeSchema element, ListType type, List<String> keys, boolean wrapped, boolean declaredAtomic) {
        return new TypeSchema(Kind.LIST, "", element, type, keys, declaredAtomic, wrapped, "");
    }

    /** Gives an object its fields; once, before it is published. */
    void define(List<FieldSchema> defined, boolean preserves) {
        Map<String, FieldSchema> names = HashMap.newHashMap(defined.size());
        defined.forEach(f -> names.put(f.name(), f));
        definition = new Definition(List.copyOf(defined), names, ProtoPlan.of(defined), preserves);
    }

    /** Says where the fields come from when they are first asked for; called by one thread at a time. */
    void defineLater(Supplier<List<FieldSchema>> fields) {
        later = fields;
    }

    private Definition definition() {
        Definition known = definition;
        return known != null ? known : defineNow();
    }

    private synchronized Definition defineNow() {
        if (definition == null && later != null) {
            define(later.get(), false);
            later = null;
        }
        Definition known = definition;
        return known != null ? known : Definition.EMPTY;
    }

    public Kind kind() {
        return kind;
    }

    /** The full name of a named object, such as {@code io.k8s.api.core.v1.Pod}; empty for others. */
    public String name() {
        return name;
    }

    /** The name's last part. */
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** An object's fields, in the order in which they are written. */
    public List<FieldSchema> fields() {
        return definition().fields();
    }

    public @Nullable FieldSchema field(String fieldName) {
        return definition().byName().get(fieldName);
    }

    /** The type of a list's or map's elements; of a CRD schema's union the schema. Fails on others. */
    public TypeSchema element() {
        if (element == null) {
            throw new IllegalStateException(kind + " has no elements");
        }
        return element;
    }

    public ListType listType() {
        return listType;
    }

    /** The fields that identify an element of a list of type map. */
    public List<String> mapKeys() {
        return mapKeys;
    }

    /** Whether apply treats an object or a map as one value. */
    public boolean isAtomic() {
        return atomic && kind != Kind.LIST;
    }

    /** Whether a list's or bytes' schema says that it is atomic; one that says nothing is so too. */
    boolean isDeclaredAtomic() {
        return atomic;
    }

    /** For an object of which one field of several is set: {@code DISCRIMINATOR:FIELD,FIELD}, where the former may be empty; else empty. */
    String union() {
        return union;
    }

    /** Whether fields that are not declared are kept. */
    public boolean preservesUnknown() {
        return definition().preservesUnknown();
    }

    /** Whether a list is a protobuf message of its own, with field 1 repeated. */
    public boolean isWrapped() {
        return wrapped;
    }

    /** An object's fields as protobuf orders them. */
    public ProtoPlan plan() {
        return definition().plan();
    }

    /** Whether this is a top-level kind: it says its own apiVersion and kind. */
    public boolean isKind() {
        FieldSchema field = field("kind");
        return field != null && field.number() == 0 && field("apiVersion") != null;
    }

    /**
     * Puts an object together as Go writes it: in the order of the fields, empty values left out or written by the rules of each.
     *
     * @param values by {@link FieldSchema#index()}; null where there is none
     */
    public ObjectNode assemble(@Nullable JsonNode[] values) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        List<FieldSchema> fields = fields();
        for (int i = 0; i < values.length; i++) {
            FieldSchema field = fields.get(i);
            JsonNode value = field.written(values[i]);
            if (value != null) {
                node.set(field.name(), value);
            }
        }
        return node;
    }

    /** A new object with no more than what Go always writes. */
    public ObjectNode emptyObject() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (FieldSchema field : fields()) {
            JsonNode value = field.absentValue();
            if (value != null) {
                node.set(field.name(), value);
            }
        }
        return node;
    }

    /** The Go type's name in messages. */
    public String goName() {
        return switch (kind) {
            case OBJECT -> "v1." + shortName();
            case MAP -> "map[string]" + element().goName();
            case LIST -> "[]" + element().goName();
            default -> kind.goName();
        };
    }

    @Override
    public String toString() {
        return name.isEmpty() ? goName() : name;
    }
}
