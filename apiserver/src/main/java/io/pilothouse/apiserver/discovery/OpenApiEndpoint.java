package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.apiserver.authn.Digests;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serves OpenAPI v3: the index with a hash for each group version, and the documents. They are made when they are first asked for. */
public final class OpenApiEndpoint {
    /**
     * A document that was made.
     *
     * @param of what it was made of: other definitions make another document
     */
    private record Document(List<ResourceDefinition> of, byte[] bytes, String hash) {}

    private final ResourceIndex resources;
    private final OpenApiV3 writer;
    private final Map<String, Document> documents = new ConcurrentHashMap<>();

    public OpenApiEndpoint(ResourceIndex resources, BuiltInTypes types) {
        this.resources = resources;
        this.writer = new OpenApiV3(resources, types);
    }

    /** False if the path is no OpenAPI document of ours. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (path.equals("/openapi/v3")) {
            index(request);
            return true;
        }
        if (!path.startsWith("/openapi/v3/")) {
            return false;
        }
        var version = versionOf(path.substring("/openapi/v3/".length()));
        if (!resources.serves(version)) {
            return false;
        }
        document(request, version);
        return true;
    }

    private static GroupVersion versionOf(String path) {
        var parts = path.split("/", -1);
        if (parts.length == 2 && parts[0].equals("api")) {
            return new GroupVersion("", parts[1]);
        }
        return parts.length == 3 && parts[0].equals("apis")
                ? new GroupVersion(parts[1], parts[2])
                : new GroupVersion("", "");
    }

    private static String pathOf(GroupVersion version) {
        return version.group().isEmpty() ? "api/" + version.version() : "apis/" + version.apiVersion();
    }

    private Document of(GroupVersion version) {
        var definitions =
                List.copyOf(resources.versions().getOrDefault(version, Map.of()).values());
        return documents.compute(pathOf(version), (path, known) -> {
            if (known != null && known.of().equals(definitions)) {
                return known;
            }
            byte[] bytes = Json.write(writer.document(version));
            return new Document(
                    definitions, bytes, HexFormat.of().withUpperCase().formatHex(Digests.sha256(bytes)));
        });
    }

    private void index(ApiRequest request) throws IOException {
        documents
                .keySet()
                .retainAll(resources.versions().keySet().stream()
                        .map(OpenApiEndpoint::pathOf)
                        .toList());
        var index = JsonNodeFactory.instance.objectNode();
        var paths = index.putObject("paths");
        for (var version : resources.versions().keySet()) {
            String path = pathOf(version);
            paths.putObject(path)
                    .put(
                            "serverRelativeURL",
                            "/openapi/v3/" + path + "?hash=" + of(version).hash());
        }
        request.exchange().respond(200, request.answerHeaders("text/plain; charset=utf-8"), Json.write(index));
    }

    private void document(ApiRequest request, GroupVersion version) throws IOException {
        var document = of(version);
        String given = request.query().first("hash");
        var headers = request.answerHeaders("application/json")
                .set("etag", "\"" + document.hash() + "\"")
                .set("vary", "Accept");
        if (!given.isEmpty() && !given.equals(document.hash())) {
            headers.set("location", "/openapi/v3/" + pathOf(version) + "?hash=" + document.hash());
            request.exchange().respond(301, headers);
            return;
        }
        if (!given.isEmpty()) {
            headers.set("cache-control", "public, immutable");
        }
        if (request.exchange().headers().all("if-none-match").contains("\"" + document.hash() + "\"")) {
            request.exchange().respond(304, headers);
            return;
        }
        request.exchange().respond(200, headers, document.bytes());
    }
}
