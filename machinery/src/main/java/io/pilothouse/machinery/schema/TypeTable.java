package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table of types. A line {@code package NAME GROUP/VERSION} opens a package, an unindented line a type
 * ({@code NAME [atomic] [union=DISCRIMINATOR:FIELDS]}), an indented one a field: {@code NAME NUMBERS TYPE[*][!][0] [req] [set|atomic|map=KEYS|granular]
 * [patch=STRATEGIES] [key=KEY] [default=JSON]}. NUMBERS are protobuf field numbers, the enclosing embedded messages' first,
 * 0 for a field that is only in JSON. A TYPE is prefixed {@code []} for a list, <code>{}</code> for a map with string keys, {@code wrap}
 * for a list that is a message of its own; {@code *} marks a pointer, {@code !} one without omitempty, {@code 0} omitzero.
 */
final class TypeTable {
    private static final Map<String, Kind> SCALARS = Map.ofEntries(
            Map.entry("str", Kind.STRING),
            Map.entry("bool", Kind.BOOLEAN),
            Map.entry("i32", Kind.INT32),
            Map.entry("i64", Kind.INT64),
            Map.entry("f64", Kind.DOUBLE),
            Map.entry("bytes", Kind.BYTES),
            Map.entry("quantity", Kind.QUANTITY),
            Map.entry("intstr", Kind.INT_OR_STRING),
            Map.entry("time", Kind.TIME),
            Map.entry("mtime", Kind.MICRO_TIME),
            Map.entry("raw", Kind.RAW),
            Map.entry("json", Kind.JSON),
            Map.entry("fields", Kind.FIELDS));
    private static final Map<String, Kind> UNIONS =
            Map.of("orarray", Kind.SCHEMA_OR_ARRAY, "orbool", Kind.SCHEMA_OR_BOOL, "orstrings", Kind.SCHEMA_OR_STRINGS);
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private final Map<String, TypeSchema> types = new HashMap<>();
    private final Map<String, GroupVersion> packages = new HashMap<>();
    private final List<TypeSchema> kinds = new ArrayList<>();
    private final Map<Kind, TypeSchema> scalars = new EnumMap<>(Kind.class);

    TypeTable(List<String> lines) {
        SCALARS.values().forEach(kind -> scalars.put(kind, TypeSchema.scalar(kind)));
        String current = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("package ")) {
                String[] words = line.split(" ", -1);
                current = words[1];
                packages.put(current, GroupVersion.parse(words[2].startsWith("/") ? words[2].substring(1) : words[2]));
            } else if (isType(line)) {
                declare(line, current, lines, i + 1);
            }
        }
    }

    private void declare(String line, String inPackage, List<String> lines, int first) {
        int end = first;
        while (end < lines.size() && lines.get(end).startsWith(" ")) {
            end++;
        }
        List<String> body = lines.subList(first, end);
        List<String> words = Arrays.asList(line.split(" ", -1));
        TypeSchema type =
                TypeSchema.object(inPackage + "." + words.getFirst(), words.contains("atomic"), value(words, "union="));
        type.defineLater(() -> fields(body, inPackage));
        types.put(type.name(), type);
        if (!body.isEmpty() && body.getFirst().startsWith(" kind 0 ")) {
            kinds.add(type);
        }
    }

    Map<String, TypeSchema> types() {
        return types;
    }

    /** The types that say their own kind. */
    List<TypeSchema> kinds() {
        return kinds;
    }

    /** The group and version of each package. */
    Map<String, GroupVersion> packages() {
        return packages;
    }

    private List<FieldSchema> fields(List<String> lines, String inPackage) {
        List<FieldSchema> out = new ArrayList<>(lines.size());
        for (String line : lines) {
            out.add(field(line.substring(1), out.size(), inPackage));
        }
        return out;
    }

    private static boolean isType(String line) {
        return !line.isEmpty() && line.charAt(0) != ' ' && line.charAt(0) != '#';
    }

    private FieldSchema field(String line, int index, String inPackage) {
        String[] words = line.split(" ", 4);
        String rest = words.length > 3 ? " " + words[3] : "";
        @Nullable JsonNode value = null;
        int at = rest.indexOf(" default=");
        if (at >= 0) {
            value = Json.tree(rest.substring(at + 9));
            rest = rest.substring(0, at);
        }
        List<String> flags =
                rest.isEmpty() ? List.of() : Arrays.asList(rest.substring(1).split(" ", -1));
        String type = words[2];
        boolean omitZero = type.endsWith("0");
        type = omitZero ? type.substring(0, type.length() - 1) : type;
        boolean always = type.endsWith("!");
        type = always ? type.substring(0, type.length() - 1) : type;
        boolean pointer = type.endsWith("*");
        type = pointer ? type.substring(0, type.length() - 1) : type;
        return new FieldSchema(
                words[0],
                index,
                numbers(words[1]),
                type(type, flags, inPackage),
                pointer,
                !always,
                omitZero,
                flags.contains("req"),
                split(value(flags, "patch=")),
                value(flags, "key="),
                flags.contains("granular"),
                value);
    }

    private static List<Integer> numbers(String text) {
        if (text.equals("0")) {
            return List.of();
        }
        List<Integer> out = new ArrayList<>(1);
        for (String number : text.split("/", -1)) {
            out.add(Integer.valueOf(number));
        }
        return out;
    }

    private TypeSchema type(String type, List<String> flags, String inPackage) {
        if (type.startsWith("[]")) {
            String keys = value(flags, "map=");
            ListType listType = !keys.isEmpty() ? ListType.MAP : flags.contains("set") ? ListType.SET : ListType.ATOMIC;
            return TypeSchema.list(
                    type(type.substring(2), List.of(), inPackage),
                    listType,
                    split(keys),
                    false,
                    flags.contains("atomic"));
        }
        if (type.startsWith("{}")) {
            return TypeSchema.map(type(type.substring(2), List.of(), inPackage), flags.contains("atomic"));
        }
        if (type.startsWith("wrap[]")) {
            return TypeSchema.list(type(type.substring(6), List.of(), inPackage), ListType.ATOMIC, List.of(), true);
        }
        Kind scalar = SCALARS.get(type);
        if (scalar == Kind.BYTES && flags.contains("atomic")) {
            return TypeSchema.atomicBytes();
        }
        if (scalar != null) {
            return java.util.Objects.requireNonNull(scalars.get(scalar));
        }
        Kind union = UNIONS.get(type);
        return union != null ? TypeSchema.union(union, named(".JSONSchemaProps", inPackage)) : named(type, inPackage);
    }

    private TypeSchema named(String reference, String inPackage) {
        String full = reference.startsWith(".")
                ? inPackage + reference
                : reference.startsWith("meta.v1.")
                        ? META + reference.substring(7)
                        : reference.startsWith("io.k8s.") ? reference : "io.k8s.api." + reference;
        TypeSchema found = types.get(full);
        if (found == null) {
            throw new IllegalStateException("the table of types has no " + full);
        }
        return found;
    }

    private static String value(List<String> flags, String prefix) {
        for (String flag : flags) {
            if (flag.startsWith(prefix)) {
                return flag.substring(prefix.length());
            }
        }
        return "";
    }

    private static List<String> split(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }
}
