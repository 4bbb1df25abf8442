package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The type declarations of the npm package kubernetes-models, which alone describes fields that are objects and says which values some fields
 * of strings have. The folder need not be there: then nothing is told.
 */
final class TypeScriptSource implements DescriptionSource {
    private static final Pattern ALIAS = Pattern.compile("\\bas I(IoK8s\\w+)");
    private static final Pattern OWN = Pattern.compile("/\\*\\*([^*]*+(?:\\*(?!/)[^*]*+)*+)\\*/\\s*export interface ");
    private static final Pattern PROPERTY =
            Pattern.compile("/\\*\\*([^*]*+(?:\\*(?!/)[^*]*+)*+)\\*/\\s*\"([^\"]+)\"\\??: ([^;]*);");
    private static final Pattern VALUES = Pattern.compile("(?:Array<)?(\"[^\"]*\"(?: \\| \"[^\"]*\")*)>?");

    private final Map<String, String> sources = new HashMap<>();
    private final Map<String, Map<String, Property>> fields = new HashMap<>();

    /** @param values the only ones that the property may have; empty for any */
    private record Property(String description, List<String> values) {
        static final Property NONE = new Property("", List.of());
    }

    TypeScriptSource(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(p -> p.toString().endsWith(".d.ts")).toList();
        }
        for (Path file : files) {
            String source = Files.readString(file);
            Matcher alias = ALIAS.matcher(source);
            if (alias.find()) {
                sources.put(alias.group(1), source);
            }
        }
    }

    @Override
    public String type(TypeSchema type) {
        Matcher own = OWN.matcher(source(type));
        return own.find() ? clean(own.group(1)) : "";
    }

    @Override
    public String field(TypeSchema type, String field) {
        return property(type, field).description();
    }

    @Override
    public List<String> values(TypeSchema type, String field) {
        return type.isKind() && (field.equals("kind") || field.equals("apiVersion"))
                ? List.of()
                : property(type, field).values();
    }

    private Property property(TypeSchema type, String field) {
        return fields.computeIfAbsent(type.name(), n -> propertiesOf(source(type)))
                .getOrDefault(field, Property.NONE);
    }

    private static Map<String, Property> propertiesOf(String source) {
        Map<String, Property> out = new HashMap<>();
        Matcher property = PROPERTY.matcher(source);
        while (property.find()) {
            Matcher values = VALUES.matcher(property.group(3));
            List<String> words = values.matches()
                    ? Stream.of(values.group(1).split(" \\| ", -1))
                            .map(v -> v.substring(1, v.length() - 1))
                            .toList()
                    : List.of();
            out.putIfAbsent(property.group(2), new Property(clean(property.group(1)), words));
        }
        return out;
    }

    /** The package names a type by all words of its full name. */
    private String source(TypeSchema type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.name().split("[.-]", -1)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return sources.getOrDefault(name.toString(), "");
    }

    private static String clean(String comment) {
        return comment.replaceAll("\\n\\s*\\* ?", "\n")
                .replaceAll("\n@deprecated\\s*$", "")
                .strip()
                .replace("\\*", "*")
                .replace("*\\/", "*/");
    }
}
