package io.pilothouse.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Aged;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Makes meta.k8s.io Tables: a definition a column, a row an object. */
public final class TableWriter {
    private static final String NAME_TEXT =
            "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to"
                    + " request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and"
                    + " configuration definition. Cannot be updated. More info:"
                    + " https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
    private static final List<Column> DEFAULT = List.of(name(), created());
    /** What a table without rows ends with. */
    private static final byte[] END = {']', '}'};

    private static final byte[] COMMA = {','};

    /** What upstream says of a creation time, in the columns of its built-in kinds. */
    public static final String AGE_TEXT =
            "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in"
                    + " happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is"
                    + " in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    /** What of an object a row carries besides its cells. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private TableWriter() {}

    /** The column that every table begins with. */
    public static Column name() {
        return Column.text("Name", NAME_TEXT, ObjectMeta::name).format("name");
    }

    /** The same where more than the name is shown. */
    public static Column name(Function<ObjectNode, String> cell) {
        return Column.text("Name", NAME_TEXT, cell).format("name");
    }

    /** The column of how long an object has been there. */
    public static Column age() {
        return Column.aging(
                "Age",
                AGE_TEXT,
                object -> ObjectMeta.creationTimestamp(object).map(Aged::since).orElse(Aged.never("<unknown>")));
    }

    /** What stands for the age in tables of kinds that have no columns of their own. */
    private static Column created() {
        return new Column(
                "Created At",
                "date",
                "",
                AGE_TEXT,
                0,
                (object, now) -> JsonNodeFactory.instance.textNode(
                        object.path("metadata").path("creationTimestamp").asText("")));
    }

    public static List<Column> columns(ResourceDefinition definition) {
        return definition.columns().isEmpty() ? DEFAULT : definition.columns();
    }

    /** An empty table with its column definitions. */
    public static ObjectNode header(List<Column> columns, String version) {
        var table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
        table.putObject("metadata");
        var definitions = table.putArray("columnDefinitions");
        for (var column : columns) {
            if (column.name().isEmpty()) {
                continue;
            }
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", column.format())
                    .put("description", column.description().get())
                    .put("priority", column.priority());
        }
        table.putArray("rows");
        return table;
    }

    /**
     * Adds the row of an object.
     *
     * @param stored the object in its storage version, of which the cells are told
     * @param served the same in the version of the request, which the row carries if it carries the whole object
     */
    public static void addRow(
            ArrayNode rows,
            ResourceDefinition definition,
            ObjectNode stored,
            ObjectNode served,
            Include include,
            String version,
            Instant now) {
        var row = addRow(rows, columns(definition), stored, include, version, now);
        if (include == Include.OBJECT) {
            row.set("object", served);
        }
        var conditions = definition.rowConditions().apply(stored);
        if (!conditions.isEmpty()) {
            row.set("conditions", conditions);
        }
    }

    /**
     * A table as JSON, of rows that are read from their objects once.
     *
     * @param header as {@link #header} makes it, with what it is to say
     * @param include not the whole object
     * @return the pieces of it, in their order
     */
    public static byte[][] json(
            ObjectNode header,
            ResourceDefinition definition,
            List<StoredObject> objects,
            Include include,
            String version,
            Instant now) {
        var columns = columns(definition);
        var out = new ArrayList<byte[]>(objects.size() * 10 + 2);
        byte[] empty = Json.write(header);
        out.add(Arrays.copyOf(empty, empty.length - END.length));
        byte[] metadataHead = include == Include.METADATA ? Row.metadataHead(version) : null;
        boolean first = true;
        for (var object : objects) {
            if (!first) {
                out.add(COMMA);
            }
            first = false;
            var row = (Row) object.readBy(columns, o -> row(definition, columns, o));
            row.add(out, metadataHead, now);
        }
        out.add(END);
        return out.toArray(byte[][]::new);
    }

    private static Row row(ResourceDefinition definition, List<Column> columns, StoredObject stored) {
        var object = stored.open(definition);
        var conditions = definition.rowConditions().apply(object);
        return Row.of(columns, object, conditions.isEmpty() ? new byte[0] : Json.write(conditions));
    }

    /** Adds the row of an object of no kind that is stored. */
    public static ObjectNode addRow(
            ArrayNode rows, List<Column> columns, ObjectNode object, Include include, String version, Instant now) {
        var row = rows.addObject();
        var cells = row.putArray("cells");
        for (var column : columns) {
            cells.add(column.cell().of(object, now));
        }
        switch (include) {
            case NONE -> row.putNull("object");
            case OBJECT -> row.set("object", object);
            case METADATA -> {
                var partial = row.putObject("object");
                partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
                partial.set("metadata", object.path("metadata"));
            }
        }
        return row;
    }
}
