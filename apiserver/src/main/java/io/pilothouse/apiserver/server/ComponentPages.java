package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.PageForm;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.codec.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** {@code /flagz} and {@code /statusz}: what the server was started with and what it is, as text for people or as an object. */
final class ComponentPages {
    private static final String NAME = "apiserver";
    private static final String GROUP = "config.k8s.io";
    private static final String OLD_VERSION = "v1alpha1";
    private static final Set<String> NOT_FOR_DEBUGGING = Set.of("/apis", "/api", "/openid", "/openapi", "/.well-known");
    /** Upstream takes one by chance, so that nobody comes to rely on the form. */
    private static final List<String> SEPARATORS = List.of(":", ": ", "=", " ");

    private static final DateTimeFormatter UNIX_DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss zzz uuuu", Locale.ROOT);
    private static final int SECONDS_PER_HOUR = 3600;
    private static final int SECONDS_PER_MINUTE = 60;

    private final Supplier<Map<String, String>> flags;
    private final Supplier<List<String>> paths;
    private final Instant started =
            Instant.ofEpochMilli((long) (ProcessMetrics.startSeconds().getAsDouble() * 1000));
    private final RandomGenerator random;
    private final Clock clock;

    /** @param paths all that is served */
    ComponentPages(
            Supplier<Map<String, String>> flags, Supplier<List<String>> paths, RandomGenerator random, Clock clock) {
        this.flags = flags;
        this.paths = paths;
        this.random = random;
        this.clock = clock;
    }

    /** False if the path is none of these. */
    boolean handle(ApiRequest request) throws IOException {
        switch (request.info().path()) {
            case "/flagz" -> answer(request, "Flagz", this::flagText, flagObject());
            case "/statusz" -> answer(request, "Statusz", this::statusText, statusObject());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void answer(ApiRequest request, String kind, Supplier<String> text, ObjectNode more) throws IOException {
        var form = PageForm.negotiate(
                request.exchange().headers().first("accept").orElse(""), GROUP, kind, List.of("v1beta1", OLD_VERSION));
        if (form.format().isEmpty()) {
            respond(request, "text/plain; charset=utf-8", text.get().getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (form.version().equals(OLD_VERSION)) {
            request.warn("This version of the " + kind.toLowerCase(Locale.ROOT)
                    + " endpoint is deprecated. Please use a newer version.");
        }
        var object =
                JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", GROUP + "/" + form.version());
        object.putObject("metadata").put("name", NAME);
        object.setAll(more);
        var format = form.format().get();
        respond(request, format.mediaType(), format == Format.YAML ? Yaml.write(object) : json(request, object));
    }

    private static byte[] json(ApiRequest request, ObjectNode object) {
        if (request.readByPerson()) {
            return JsonIndent.of(Json.write(object));
        }
        return (Json.text(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void respond(ApiRequest request, String type, byte[] body) throws IOException {
        request.exchange().respond(200, request.answerHeaders(type), body);
    }

    private static String head(String page) {
        return "\n" + NAME + " " + page
                + "\nWarning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for"
                + " debugging purposes only.\n";
    }

    private String separator() {
        return SEPARATORS.get(random.nextInt(SEPARATORS.size()));
    }

    private String flagText() {
        String separator = separator();
        var text = new StringBuilder(head("flagz"));
        flags.get()
                .forEach((name, value) ->
                        text.append(name).append(separator).append(value).append('\n'));
        return text.toString();
    }

    private ObjectNode flagObject() {
        var object = JsonNodeFactory.instance.objectNode();
        flags.get().forEach(object.putObject("flags")::put);
        return object;
    }

    private String statusText() {
        String separator = separator();
        long up = uptime().toSeconds();
        String lasting = String.format(
                Locale.ROOT,
                "%d hr %02d min %02d sec",
                up / SECONDS_PER_HOUR,
                up / SECONDS_PER_MINUTE % SECONDS_PER_MINUTE,
                up % SECONDS_PER_MINUTE);
        return head("statusz") + "\nStarted" + separator + " "
                + UNIX_DATE.format(ZonedDateTime.ofInstant(started, ZoneId.systemDefault()))
                + "\nUp" + separator + " " + lasting
                + "\nGo version" + separator + " " + ServerVersion.runtime()
                + "\nBinary version" + separator + " " + ServerVersion.NUMBER
                + "\nEmulation version" + separator + " " + ServerVersion.EMULATED
                + "\nPaths" + separator + " " + String.join(" ", folders()) + "\n";
    }

    private ObjectNode statusObject() {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("startTime", DateTimeFormatter.ISO_INSTANT.format(Instant.ofEpochSecond(started.getEpochSecond())))
                .put("uptimeSeconds", uptime().toSeconds())
                .put("goVersion", ServerVersion.runtime())
                .put("binaryVersion", ServerVersion.NUMBER)
                .put("emulationVersion", ServerVersion.EMULATED);
        folders().forEach(object.putArray("paths")::add);
        return object;
    }

    private Duration uptime() {
        var up = Duration.between(started, clock.instant());
        return up.isNegative() ? Duration.ZERO : up;
    }

    /** The first parts of the paths that help to find out what is wrong. */
    private Set<String> folders() {
        var folders = new TreeSet<String>();
        for (String path : paths.get()) {
            String folder = "/" + path.split("/", -1)[1];
            if (folder.length() > 1 && !NOT_FOR_DEBUGGING.contains(folder)) {
                folders.add(folder);
            }
        }
        return folders;
    }
}
