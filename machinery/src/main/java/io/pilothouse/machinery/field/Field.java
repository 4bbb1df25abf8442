package io.pilothouse.machinery.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/**
 * A value under validation: what it is, where it stands, and the list that its mistakes go to. Walking to a child that is not there
 * is fine: it is absent, empty, and reads as "" or 0, as a Go struct's field would. Checks answer whether the value passed, so that
 * what only makes sense for a good value can follow. Not for use by several threads.
 */
public final class Field {
    private final JsonNode value;
    private final FieldPath path;
    private final List<FieldError> errors;

    private Field(JsonNode value, FieldPath path, List<FieldError> errors) {
        this.value = value;
        this.path = path;
        this.errors = errors;
    }

    /** The root of an object; its children's paths begin with their own names. */
    public static Field of(JsonNode object, List<FieldError> errors) {
        return new Field(object, FieldPath.ROOT, errors);
    }

    public static Field at(JsonNode value, FieldPath path, List<FieldError> errors) {
        return new Field(value, path, errors);
    }

    /** The value at a field of this one. */
    public Field child(String name) {
        return new Field(value.path(name), path.child(name), errors);
    }

    public Field child(String name, String second) {
        return child(name).child(second);
    }

    /** The same value, its mistakes told at another place. */
    public Field placedAt(FieldPath other) {
        return new Field(value, other, errors);
    }

    /** The elements of the list here. */
    public List<Field> items() {
        var items = new ArrayList<Field>(value.size());
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                items.add(new Field(value.get(i), path.index(i), errors));
            }
        }
        return items;
    }

    public void each(Consumer<Field> visitor) {
        items().forEach(visitor);
    }

    /** The entries of the map here, sorted by key; upstream's order is random where it walks a map. */
    public void entries(BiConsumer<String, Field> visitor) {
        var keys = new TreeSet<String>();
        value.fieldNames().forEachRemaining(keys::add);
        keys.forEach(key -> visitor.accept(key, new Field(value.path(key), path.key(key), errors)));
    }

    /** Visits the value if it is there. */
    public void ifPresent(Consumer<Field> visitor) {
        if (present()) {
            visitor.accept(this);
        }
    }

    public JsonNode value() {
        return value;
    }

    public FieldPath path() {
        return path;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** Whether the value is there and not null; it may be empty. */
    public boolean present() {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Whether the value is absent, null, "", 0, false, [] or {}: what Go calls a zero value or one of length 0. */
    public boolean isEmpty() {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue().isEmpty();
            case ARRAY, OBJECT -> value.isEmpty();
            case NUMBER -> value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            default -> true;
        };
    }

    public String text() {
        return value.asText("");
    }

    public long number() {
        return value.asLong(0);
    }

    public boolean isTrue() {
        return value.asBoolean(false);
    }

    public int size() {
        return value.size();
    }

    public boolean is(String text) {
        return text().equals(text);
    }

    // What can be wrong. Each adds one mistake and answers false, to be returned by a check.

    public boolean add(FieldError error) {
        errors.add(error);
        return false;
    }

    public boolean required(String detail) {
        return add(FieldError.required(path, detail));
    }

    public boolean invalid(String detail) {
        return add(FieldError.invalid(path, shown(), detail));
    }

    public boolean invalid(Object shown, String detail) {
        return add(FieldError.invalid(path, shown, detail));
    }

    public boolean forbidden(String detail) {
        return add(FieldError.forbidden(path, detail));
    }

    public boolean duplicate() {
        return add(FieldError.duplicate(path, shown()));
    }

    public boolean duplicate(Object shown) {
        return add(FieldError.duplicate(path, shown));
    }

    public boolean notFound() {
        return add(FieldError.notFound(path, shown()));
    }

    /** @param supported as upstream prints them: mostly sorted */
    public boolean notSupported(Collection<String> supported) {
        return add(FieldError.notSupported(path, shown(), supported));
    }

    private Object shown() {
        return present() ? value : "";
    }

    // Checks that many kinds share.

    /** The value must be there and not empty. */
    public boolean mustExist() {
        return isEmpty() ? required("") : true;
    }

    /** One of these texts; "" is one only if it is among them. */
    public boolean oneOf(String... supported) {
        var all = List.of(supported);
        return all.contains(text()) || notSupported(all);
    }

    /** Nothing, or one of these texts. */
    public boolean emptyOrOneOf(String... supported) {
        return isEmpty() || oneOf(supported);
    }

    /** One of these texts, which must be given. */
    public boolean requiredOneOf(String... supported) {
        return isEmpty() ? required("") : oneOf(supported);
    }

    /** A text with none of a format's problems; each one is told. */
    public boolean matches(Function<String, List<String>> format) {
        var problems = format.apply(text());
        problems.forEach(this::invalid);
        return problems.isEmpty();
    }

    /** A number with none of a rule's problems. */
    public boolean hasNumber(LongFunction<List<String>> rule) {
        var problems = rule.apply(number());
        problems.forEach(problem -> invalid(number(), problem));
        return problems.isEmpty();
    }

    public boolean notNegative() {
        return number() >= 0 || invalid(number(), "must be greater than or equal to 0");
    }

    public boolean positive() {
        return number() > 0 || invalid(number(), "must be greater than 0");
    }

    /** A quantity of at least nothing; one that cannot be read was refused before. */
    public boolean quantityNotNegative() {
        return Quantity.parse(text()).compareTo(Quantity.ZERO) >= 0 || invalid("must be greater than or equal to 0");
    }

    /** The same value as in the old object, where absence and emptiness are the same. */
    public boolean immutable(JsonNode old) {
        return immutable(old, "field is immutable");
    }

    public boolean immutable(JsonNode old, String detail) {
        return immutable(old, detail, value -> value);
    }

    /** @param form how upstream shows a value that is there */
    public boolean immutable(JsonNode old, String detail, UnaryOperator<JsonNode> form) {
        return same(value, old) || invalid(present() ? form.apply(value) : nullShown(old), detail);
    }

    /** Upstream prints a pointer, map or list that is not there as null, and a text as "". */
    private static Object nullShown(JsonNode old) {
        return old.isTextual() ? "" : MissingNode.getInstance();
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return Objects.equals(a, b) || (isNothing(a) && isNothing(b));
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isContainerNode() && node.isEmpty())
                || (node.isTextual() && node.textValue().isEmpty());
    }

    /** Label keys and values of the map here. */
    public void labels() {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            LabelFormat.key(entry.getKey()).forEach(p -> invalid(entry.getKey(), p));
            LabelFormat.value(entry.getValue().asText("")).forEach(p -> invalid(entry.getValue(), p));
        }
    }
}
