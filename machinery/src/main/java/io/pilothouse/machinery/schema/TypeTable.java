package io.pilothouse.machinery.schema;

import io.pilothouse.machinery.codec.Json;
import com.fasterxml.jackson.databind.JsonNode;
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
 * ({@code NAME [atomic]}), an indented one a field: {@code NAME NUMBERS TYPE[*][!][0] [req] [set|atomic|map=KEYS|granular]
 * [patch=STRATEGIES] [key=KEY] [default=JSON]}. NUMBERS are protobuf field numbers, the enclosing embedded messages' first,
 * 0 for a field that is only in JSON. A TYPE is prefixed {@code []} for a list, <code>{}</code> for a map with string keys, {@code wrap}
 * for a list that is a message of its own; {@code *} marks a pointer, {@code !} one without omitempty, {@code 0} omitzero.
 */
final class TypeTable {
    private static final Map<String, Kind> SCALARS = Map.ofEntries(Map.entry("str", Kind.STRING), Map.entry("bool", Kind.BOOLEAN),
            Map.entry("i32", Kind.INT32), Map.entry("i64", Kind.INT64), Map.entry("f64", Kind.DOUBLE), Map.entry("bytes", Kind.BYTES),
            Map.entry("quantity", Kind.QUANTITY), Map.entry("intstr", Kind.INT_OR_STRING), Map.entry("time", Kind.TIME),
            Map.entry("mtime", Kind.MICRO_TIME), Map.entry("raw", Kind.RAW), Map.entry("json", Kind.JSON), Map.entry("fields", Kind.FIELDS));
    private static final Map<String, Kind> UNIONS = Map.of("orarray", Kind.SCHEMA_OR_ARRAY, "orbool", Kind.SCHEMA_OR_BOOL, "orstrings",
            Kind.SCHEMA_OR_STRINGS);
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private final Map<String, TypeSchema> types = new HashMap<>();
    private final Map<String, GroupVersion> packages = new HashMap<>();
    private final Map<Kind, TypeSchema> scalars = new EnumMap<>(Kind.class);
    private final Map<String, String> names = new HashMap<>();
    private String current = "";

    TypeTable(List<String> lines) {
        SCALARS.values().forEach(kind -> scalars.put(kind, TypeSchema.scalar(kind)));
        declare(lines);
        define(lines);
    }

    Map<String, TypeSchema> types() {
        return types;
    }

    /** The group and version of each package. */
    Map<String, GroupVersion> packages() {
        return packages;
    }

    private void declare(List<String> lines) {
        for (String line : lines) {
            if (isPackage(line)) {
                String[] words = line.split(" ", -1);
                packages.put(words[1], GroupVersion.parse(words[2].startsWith("/") ? words[2].substring(1) : words[2]));
            } else if (isType(line)) {
                String[] words = line.split(" ", -1);
                types.put(current + "." + words[0], TypeSchema.object(current + "." + words[0], words.length > 1));
            }
        }
    }

    private void define(List<String> lines) {
        @Nullable TypeSchema open = null;
        List<FieldSchema> fields = new ArrayList<>();
        for (String line : lines) {
            if (isPackage(line)) {
                continue;
            }
            if (isType(line)) {
                close(open, fields);
                fields = new ArrayList<>();
                open = named("." + line.split(" ", 2)[0]);
            } else if (line.startsWith(" ")) {
                fields.add(field(line.substring(1), fields.size()));
            }
        }
        close(open, fields);
    }

    private static void close(@Nullable TypeSchema open, List<FieldSchema> fields) {
        if (open != null) {
            open.define(fields, false);
        }
    }

    private boolean isPackage(String line) {
        if (line.startsWith("package ")) {
            current = line.split(" ", -1)[1];
            return true;
        }
        return false;
    }

    private static boolean isType(String line) {
        return !line.isEmpty() && line.charAt(0) != ' ' && line.charAt(0) != '#';
    }

    private FieldSchema field(String line, int index) {
        String[] words = line.split(" ", 4);
        String rest = words.length > 3 ? " " + words[3] : "";
        @Nullable JsonNode value = null;
        int at = rest.indexOf(" default=");
        if (at >= 0) {
            value = Json.tree(rest.substring(at + 9));
            rest = rest.substring(0, at);
        }
        List<String> flags = Arrays.asList(rest.trim().split(" ", -1));
        String type = words[2];
        boolean omitZero = type.endsWith("0");
        type = omitZero ? type.substring(0, type.length() - 1) : type;
        boolean always = type.endsWith("!");
        type = always ? type.substring(0, type.length() - 1) : type;
        boolean pointer = type.endsWith("*");
        type = pointer ? type.substring(0, type.length() - 1) : type;
        List<Integer> numbers = words[1].equals("0") ? List.of() : Arrays.stream(words[1].split("/", -1)).map(Integer::valueOf).toList();
        return new FieldSchema(name(words[0]), index, numbers, type(type, flags), pointer, !always, omitZero, flags.contains("req"),
                split(value(flags, "patch=")), value(flags, "key="), flags.contains("granular"), value);
    }

    private String name(String name) {
        return names.computeIfAbsent(name, n -> n);
    }

    private TypeSchema type(String type, List<String> flags) {
        if (type.startsWith("[]")) {
            String keys = value(flags, "map=");
            ListType listType = !keys.isEmpty() ? ListType.MAP : flags.contains("set") ? ListType.SET : ListType.ATOMIC;
            return TypeSchema.list(type(type.substring(2), List.of()), listType, split(keys), false);
        }
        if (type.startsWith("{}")) {
            return TypeSchema.map(type(type.substring(2), List.of()), flags.contains("atomic"));
        }
        if (type.startsWith("wrap[]")) {
            return TypeSchema.list(type(type.substring(6), List.of()), ListType.ATOMIC, List.of(), true);
        }
        Kind scalar = SCALARS.get(type);
        if (scalar != null) {
            return java.util.Objects.requireNonNull(scalars.get(scalar));
        }
        Kind union = UNIONS.get(type);
        return union != null ? TypeSchema.union(union, named(".JSONSchemaProps")) : named(type);
    }

    private TypeSchema named(String reference) {
        String full = reference.startsWith(".") ? current + reference
                : reference.startsWith("meta.v1.") ? META + reference.substring(7)
                : reference.startsWith("io.k8s.") ? reference : "io.k8s.api." + reference;
        TypeSchema found = types.get(full);
        if (found == null) {
            throw new IllegalStateException("the table of types has no " + full);
        }
        return found;
    }

    private static String value(List<String> flags, String prefix) {
        return flags.stream().filter(f -> f.startsWith(prefix)).map(f -> f.substring(prefix.length())).findFirst().orElse("");
    }

    private static List<String> split(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }
}
