package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Javadoc of fabric8's model classes. It repeats the class's own description at fields that are objects; those are left without
 * one.
 */
final class Fabric8Source implements DescriptionSource {
    private static final String CORE = "io.k8s.api.";
    private static final Pattern CLASS = Pattern.compile("/\\*\\*([^/]*(?:/(?<!\\*/)[^/]*)*?)\\*/\\s*@JsonDeserialize");
    private static final Pattern GETTER = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*@JsonProperty\\(\"([^\"]+)\"\\)\\s*(?:@[^\\n]*\\n\\s*)*public [^(\\n]+ (?:get|is)\\w*\\(\\)",
            Pattern.DOTALL);

    private record Texts(String own, Map<String, String> fields) {}

    private final Map<String, String> sources;
    private final Map<String, Texts> parsed = new HashMap<>();

    Fabric8Source() throws IOException {
        sources = SourcesJars.read("kubernetes-model-", "/api/model/");
    }

    @Override
    public String type(TypeSchema type) {
        return texts(type.name()).own();
    }

    @Override
    public String field(TypeSchema type, String field) {
        return texts(type.name()).fields().getOrDefault(field, "");
    }

    private Texts texts(String type) {
        return parsed.computeIfAbsent(
                type, t -> parse(sources.getOrDefault(key(t, true), sources.getOrDefault(key(t, false), ""))));
    }

    private static Texts parse(String source) {
        Matcher head = CLASS.matcher(source);
        String own = head.find() ? clean(head.group(1)) : "";
        Map<String, String> fields = new HashMap<>();
        Matcher getter = GETTER.matcher(source);
        while (getter.find()) {
            String text = clean(getter.group(1));
            if (!text.equals(own)) {
                fields.put(getter.group(2), text);
            }
        }
        return new Texts(own, fields);
    }

    /** Where a type's class stands below the model package: with its version or, where there is one version only, without. */
    private static String key(String name, boolean versioned) {
        int last = name.lastIndexOf('.');
        String simple = name.substring(last + 1) + ".java";
        String group = name.substring(0, last);
        if (group.contains("apiextensions")) {
            return "apiextensions/v1/" + simple;
        }
        if (!group.startsWith(CORE) || group.startsWith(CORE + "core.")) {
            return simple;
        }
        String[] parts = group.substring(CORE.length()).split("\\.", -1);
        return versioned ? parts[0] + "/" + parts[1] + "/" + simple : parts[0] + "/" + simple;
    }

    /** The text behind the Javadoc; a paragraph there is a new line of the original. */
    private static String clean(String javadoc) {
        String text = javadoc.replaceAll("\\n\\s*\\* ?", "\n")
                .strip()
                .replaceAll("\\s*<br>\\s*<p> ?", "\u0001")
                .replace("<br>", "")
                .replaceAll("[ \\t]*\\n[ \\t]*", " ")
                .strip();
        return SourcesJars.unescape(text.replace("\u0001", "\n").replaceAll("^\\n+", ""));
    }
}
