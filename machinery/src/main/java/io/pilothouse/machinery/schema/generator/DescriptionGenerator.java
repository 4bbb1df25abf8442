package io.pilothouse.machinery.schema.generator;

import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.OpenApi;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects the descriptions of types and fields into one file, from what packages of Kubernetes clients tell: the first source that has one
 * is taken.
 */
public final class DescriptionGenerator {
    private static final Pattern STAGE = Pattern.compile("\\.v1(?:alpha|beta)\\d+\\.");

    private final List<DescriptionSource> sources;

    private DescriptionGenerator(List<DescriptionSource> sources) {
        this.sources = sources;
    }

    /** Takes the file to write and the folder of the npm package, which may be absent; leaves a file alone that is newer than both. */
    public static void main(String[] args) throws IOException {
        Path out = Path.of(args[0]);
        Path npm = Path.of(args[1]);
        if (isCurrent(out, npm)) {
            return;
        }
        var generator = new DescriptionGenerator(
                List.of(new TypeScriptSource(npm), new Fabric8Source(), new JavaClientSource()));
        String text = generator.text();
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, text, StandardCharsets.UTF_8);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        BuiltInTypes builtIn = BuiltInTypes.load();
        List<TypeSchema> types = new ArrayList<>(builtIn.all());
        types.addAll(OpenApi.specialTypes());
        types.sort(Comparator.comparing(TypeSchema::name));
        Map<String, TypeSchema> byName = new HashMap<>();
        types.forEach(t -> byName.put(t.name(), t));
        int found = 0;
        for (TypeSchema type : types) {
            TypeSchema stable = byName.getOrDefault(STAGE.matcher(type.name()).replaceFirst(".v1."), type);
            String own = first(s -> s.type(type));
            found += own.isEmpty() ? 0 : 1;
            line(text, type.name(), own);
            for (FieldSchema field : type.fields()) {
                // An earlier version of a kind mostly says of a field what the stable one says.
                String description = Stream.of(type, stable)
                        .map(t -> first(s -> s.field(t, field.name())))
                        .filter(d -> !d.isEmpty())
                        .findFirst()
                        .orElse("");
                List<String> values = sources.stream()
                        .flatMap(s -> s.values(type, field.name()).stream())
                        .toList();
                if (!description.isEmpty()) {
                    line(
                            text,
                            " " + field.name() + (values.isEmpty() ? "" : "=" + String.join(",", values)),
                            description);
                }
            }
        }
        if (found < types.size() / 2) {
            throw new IllegalStateException(
                    "descriptions of " + found + " types only: are the sources jars on the class path?");
        }
        return text.toString();
    }

    private String first(java.util.function.Function<DescriptionSource, String> question) {
        return sources.stream()
                .map(question)
                .filter(t -> !t.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static void line(StringBuilder text, String name, String description) {
        text.append(name).append('\t').append(description.replace("\n", "\\n")).append('\n');
    }

    /** Whether the file is there and newer than this class and the npm package; then nothing that it depends on has changed. */
    private static boolean isCurrent(Path out, Path npm) throws IOException {
        URL self = DescriptionGenerator.class.getResource("DescriptionGenerator.class");
        if (!Files.exists(out) || self == null || !self.getProtocol().equals("file")) {
            return false;
        }
        FileTime written = Files.getLastModifiedTime(out);
        return written.compareTo(Files.getLastModifiedTime(Path.of(URI.create(self.toString())))) > 0
                && (!Files.exists(npm) || written.compareTo(Files.getLastModifiedTime(npm)) > 0);
    }
}
