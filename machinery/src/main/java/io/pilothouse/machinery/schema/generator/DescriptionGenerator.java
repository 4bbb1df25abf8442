package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects the descriptions of types and fields from the Javadoc of fabric8's model classes, whose sources jars stand on the class
 * path, into one file. That Javadoc repeats the class's own description at fields that are objects; those are left without one.
 */
public final class DescriptionGenerator {
    private static final String MODEL = "/api/model/";
    private static final String CORE = "io.k8s.api.";
    private static final Pattern CLASS = Pattern.compile("/\\*\\*([^/]*(?:/(?<!\\*/)[^/]*)*?)\\*/\\s*@JsonDeserialize");
    private static final Pattern GETTER = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*@JsonProperty\\(\"([^\"]+)\"\\)\\s*(?:@[^\\n]*\\n\\s*)*public [^(\\n]+ (?:get|is)\\w*\\(\\)",
            Pattern.DOTALL);

    private DescriptionGenerator() {}

    /** Takes the file to write; leaves one alone that is newer than this class. */
    public static void main(String[] args) throws IOException {
        Path out = Path.of(args[0]);
        if (isCurrent(out)) {
            return;
        }
        Map<String, String> sources = sources();
        StringBuilder text = new StringBuilder();
        List<TypeSchema> types = BuiltInTypes.load().all().stream()
                .sorted(Comparator.comparing(TypeSchema::name))
                .toList();
        int found = 0;
        for (TypeSchema type : types) {
            String source =
                    sources.getOrDefault(key(type.name(), true), sources.getOrDefault(key(type.name(), false), ""));
            if (!source.isEmpty()) {
                append(text, type, source);
                found++;
            }
        }
        if (found < types.size() / 2) {
            throw new IllegalStateException(
                    "descriptions of " + found + " types only: are the sources jars on the class path?");
        }
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, text, StandardCharsets.UTF_8);
    }

    /** Whether the file is there and newer than this class; then nothing that it depends on has changed. */
    private static boolean isCurrent(Path out) throws IOException {
        URL self = DescriptionGenerator.class.getResource("DescriptionGenerator.class");
        return Files.exists(out)
                && self != null
                && self.getProtocol().equals("file")
                && Files.getLastModifiedTime(out)
                                .compareTo(Files.getLastModifiedTime(Path.of(java.net.URI.create(self.toString()))))
                        > 0;
    }

    private static void append(StringBuilder text, TypeSchema type, String source) {
        Matcher head = CLASS.matcher(source);
        String own = head.find() ? clean(head.group(1)) : "";
        text.append(type.name()).append('\t').append(own).append('\n');
        Map<String, String> fields = new HashMap<>();
        Matcher getter = GETTER.matcher(source);
        while (getter.find()) {
            fields.put(getter.group(2), clean(getter.group(1)));
        }
        for (FieldSchema field : type.fields()) {
            String description = fields.getOrDefault(field.name(), "");
            if (!description.isEmpty() && !description.equals(own)) {
                text.append(' ')
                        .append(field.name())
                        .append('\t')
                        .append(description)
                        .append('\n');
            }
        }
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

    private static Map<String, String> sources() throws IOException {
        Map<String, String> out = new HashMap<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        for (URL url : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
            String jar = url.getPath();
            if (jar.contains("kubernetes-model-") && jar.contains("-sources.jar!")) {
                try (JarFile file = new JarFile(Path.of(java.net.URI.create(jar.substring(0, jar.indexOf('!'))))
                        .toFile())) {
                    collect(file, out);
                }
            }
        }
        return out;
    }

    private static void collect(JarFile file, Map<String, String> out) throws IOException {
        for (JarEntry entry : Collections.list(file.entries())) {
            String name = entry.getName();
            int model = name.indexOf(MODEL);
            if (model >= 0
                    && name.endsWith(".java")
                    && !name.endsWith("Builder.java")
                    && !name.endsWith("Fluent.java")) {
                out.put(
                        name.substring(model + MODEL.length()),
                        new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    /** The text behind the Javadoc, on one line: a new line of the original, which is a paragraph there, is a backslashed n. */
    private static String clean(String javadoc) {
        String text = javadoc.replaceAll("\\n\\s*\\* ?", "\n")
                .strip()
                .replaceAll("\\s*<br>\\s*<p> ?", "\u0001")
                .replace("<br>", "")
                .replaceAll("[ \\t]*\\n[ \\t]*", " ")
                .strip();
        text = text.replace("\u0001", "\\n").replaceAll("^(\\\\n)+", "");
        return text.replace("&#47;", "/")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
