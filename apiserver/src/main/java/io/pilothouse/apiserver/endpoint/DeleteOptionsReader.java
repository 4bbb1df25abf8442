package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads meta/v1 DeleteOptions of a body or, where there is none, of the query. */
final class DeleteOptionsReader {
    private final TypeSchema schema;

    /** @param schema of meta/v1 DeleteOptions, for bodies in protobuf */
    DeleteOptionsReader(TypeSchema schema) {
        this.schema = schema;
    }

    DeleteOptions read(ApiRequest request) throws IOException {
        byte[] body = BodyReader.bytes(request.exchange());
        var options = body.length == 0
                ? ofQuery(request.query())
                : ofBody(parse(body, BodyReader.contentType(request.exchange())));
        var dryRuns = body.length == 0 ? request.query().all("dryRun") : options.dryRuns();
        return check(options, dryRuns);
    }

    private record Read(
            @Nullable Long grace,
            @Nullable String propagation,
            @Nullable Boolean orphan,
            @Nullable String uid,
            @Nullable String version,
            List<String> dryRuns) {}

    private JsonNode parse(byte[] body, String type) {
        try {
            return switch (type) {
                case "application/json" -> json(body);
                case "application/yaml" -> Yaml.parse(body).root();
                case "application/vnd.kubernetes.protobuf" -> ProtobufCodec.decode(body, schema);
                default ->
                    throw StatusException.unsupportedMediaType(
                            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf"));
            };
        } catch (DecodeException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return Json.parse(body).root();
        } catch (DecodeException e) {
            throw new DecodeException("couldn't get version/kind; json parse error: " + e.getMessage(), e);
        }
    }

    private static Read ofBody(JsonNode body) {
        String kind = body.path("kind").asText("DeleteOptions");
        if (!kind.equals("DeleteOptions")) {
            throw StatusException.badRequest("no kind \"" + kind + "\" is registered for version \""
                    + body.path("apiVersion").asText()
                    + "\" in scheme \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"");
        }
        var preconditions = body.path("preconditions");
        var dryRuns = new ArrayList<String>();
        body.path("dryRun").forEach(v -> dryRuns.add(v.asText()));
        return new Read(
                body.hasNonNull("gracePeriodSeconds")
                        ? Long.valueOf(body.get("gracePeriodSeconds").asLong())
                        : null,
                text(body, "propagationPolicy"),
                body.hasNonNull("orphanDependents")
                        ? Boolean.valueOf(body.get("orphanDependents").asBoolean())
                        : null,
                text(preconditions, "uid"),
                text(preconditions, "resourceVersion"),
                dryRuns);
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    private static Read ofQuery(Query query) {
        Long grace = null;
        if (query.has("gracePeriodSeconds")) {
            try {
                grace = Long.valueOf(query.first("gracePeriodSeconds"));
            } catch (NumberFormatException e) {
                throw StatusException.badRequest(
                        "strconv.ParseInt: parsing \"" + query.first("gracePeriodSeconds") + "\": invalid syntax");
            }
        }
        Boolean orphan = query.has("orphanDependents")
                ? Boolean.valueOf(!RequestInfo.isFalse(query.first("orphanDependents")))
                : null;
        String propagation = query.has("propagationPolicy") ? query.first("propagationPolicy") : null;
        return new Read(grace, propagation, orphan, null, null, query.all("dryRun"));
    }

    private static DeleteOptions check(Read read, List<String> dryRuns) {
        var errors = new ArrayList<FieldError>();
        var path = FieldPath.of("propagationPolicy");
        if (read.propagation() != null && read.orphan() != null) {
            errors.add(FieldError.invalid(
                    path, read.propagation(), "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (read.propagation() != null
                && !List.of("Foreground", "Background", "Orphan").contains(read.propagation())) {
            errors.add(FieldError.notSupported(
                    path, read.propagation(), List.of("Foreground", "Background", "Orphan", "nil")));
        }
        errors.addAll(WriteOptions.dryRunErrors(dryRuns));
        if (!errors.isEmpty()) {
            throw StatusException.invalid(new GroupKind("meta.k8s.io", "DeleteOptions"), "", errors);
        }
        return new DeleteOptions(
                read.grace(), read.propagation(), read.orphan(), read.uid(), read.version(), !dryRuns.isEmpty());
    }
}
