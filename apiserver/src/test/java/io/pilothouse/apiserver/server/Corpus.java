package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was recorded of upstream, in a folder {@code shared} beside the checkout, where there is one. */
final class Corpus {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Corpus() {}

    /** A request of a recorded case that made an object. */
    record Creation(String name, String path, String body) {}

    /** A part of the folder; says so where it is not there. */
    static Optional<Path> find(String part) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared").resolve(part);
            if (Files.exists(candidate)) {
                return Optional.of(candidate);
            }
        }
        System.out.println("skipped: no shared/" + part + " beside this checkout");
        return Optional.empty();
    }

    /** Every POST of the cases that upstream answered with 201, each with names of its own. */
    static List<Creation> creations(Path cases, String namespace) throws IOException {
        var creations = new ArrayList<Creation>();
        try (var files = Files.walk(cases)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (JsonNode test : JSON.readTree(file.toFile())) {
                    add(test, namespace, creations);
                }
            }
        }
        return creations;
    }

    private static void add(JsonNode test, String namespace, List<Creation> creations) {
        for (JsonNode step : test.path("steps")) {
            var request = step.path("request");
            if (!request.path("method").asText().equals("POST")
                    || step.path("expect").path("status").asInt() != 201
                    || request.path("headers").has("Content-Type")
                    || request.path("path").asText().contains("dryRun")) {
                continue;
            }
            String unique = "t" + Integer.toString(creations.size(), Character.MAX_RADIX);
            creations.add(new Creation(
                    test.path("name").asText(),
                    fill(request.path("path").asText(), namespace, unique),
                    fill(request.path("body").toString(), namespace, unique)));
        }
    }

    private static String fill(String text, String namespace, String unique) {
        return text.replace("{ns}", namespace).replace("{id}", unique).replaceAll("\\{pad:\\d+}", "x");
    }
}
