package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A column of a resource's table (meta.k8s.io/v1 TableColumnDefinition) and how its cell is read from an object.
 *
 * @param type string, integer, number, boolean or date
 * @param description read when a table is first made
 * @param priority 0 is always shown, more only in wide output
 */
public record Column(String name, String type, String format, Supplier<String> description, int priority, Cell cell) {
    public Column(String name, String type, String format, String description, int priority, Cell cell) {
        this(name, type, format, () -> description, priority, cell);
    }

    /** Reads one cell. */
    @FunctionalInterface
    public interface Cell {
        JsonNode of(ObjectNode object, Instant now);

        /** The cell as read once; null where it does not change with time, so that it can be told of any. */
        default @Nullable Aged aged(ObjectNode object) {
            return null;
        }
    }

    /** A cell that grows old. */
    private record Aging(Function<ObjectNode, Aged> reader) implements Cell {
        @Override
        public JsonNode of(ObjectNode object, Instant now) {
            return JsonNodeFactory.instance.textNode(reader.apply(object).at(now));
        }

        @Override
        public Aged aged(ObjectNode object) {
            return reader.apply(object);
        }
    }

    /** A text that says how long ago something was. */
    public static Column aging(String name, String description, Function<ObjectNode, Aged> cell) {
        return aging(name, () -> description, cell);
    }

    /** The same with a description that is read late. */
    public static Column aging(String name, Supplier<String> description, Function<ObjectNode, Aged> cell) {
        return new Column(name, "string", "", description, 0, new Aging(cell));
    }

    public static Column text(String name, String description, Function<ObjectNode, String> cell) {
        return text(name, () -> description, cell);
    }

    /** The same with a description that is read late. */
    public static Column text(String name, Supplier<String> description, Function<ObjectNode, String> cell) {
        return new Column(
                name,
                "string",
                "",
                description,
                0,
                (object, now) -> JsonNodeFactory.instance.textNode(cell.apply(object)));
    }

    public static Column number(String name, String description, Function<ObjectNode, Long> cell) {
        return number(name, () -> description, cell);
    }

    /** The same with a description that is read late. */
    public static Column number(String name, Supplier<String> description, Function<ObjectNode, Long> cell) {
        return new Column(
                name,
                "integer",
                "",
                description,
                0,
                (object, now) -> JsonNodeFactory.instance.numberNode(cell.apply(object)));
    }

    /** A number in a column that upstream calls a text. */
    public static Column count(String name, String description, Function<ObjectNode, Long> cell) {
        return count(name, () -> description, cell);
    }

    /** The same with a description that is read late. */
    public static Column count(String name, Supplier<String> description, Function<ObjectNode, Long> cell) {
        return new Column(
                name,
                "string",
                "",
                description,
                0,
                number(name, description, cell).cell());
    }

    public static Column flag(String name, String description, Predicate<ObjectNode> cell) {
        return flag(name, () -> description, cell);
    }

    /** The same with a description that is read late. */
    public static Column flag(String name, Supplier<String> description, Predicate<ObjectNode> cell) {
        return new Column(
                name,
                "boolean",
                "",
                description,
                0,
                (object, now) -> JsonNodeFactory.instance.booleanNode(cell.test(object)));
    }

    public Column wide() {
        return new Column(name, type, format, description, 1, cell);
    }

    /** Upstream has a cell in rows of addresses that is in no column; such a column has no name. */
    public Column unannounced() {
        return new Column("", type, format, description, priority, cell);
    }

    public Column format(String value) {
        return new Column(name, type, value, description, priority, cell);
    }
}
