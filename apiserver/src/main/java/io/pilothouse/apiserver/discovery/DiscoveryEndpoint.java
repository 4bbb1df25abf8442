package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Digests;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.codec.ProtobufCodec;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Serves the discovery documents: /api, /apis and what is below them but for the resources. */
public final class DiscoveryEndpoint {
    private static final String AGGREGATED = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final ResourceIndex resources;
    private final DiscoveryDocuments documents;
    private final TypeSchema listType;
    private final Supplier<String> address;

    /** @param address where this server can be reached, host and port */
    public DiscoveryEndpoint(ResourceIndex resources, RemoteApis remote, BuiltInTypes types, Supplier<String> address) {
        this.listType = types.named("io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList");
        this.resources = resources;
        this.documents = new DiscoveryDocuments(resources, remote);
        this.address = address;
    }

    /** False if the path is no discovery document. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (!path.equals("/api") && !path.equals("/apis") && !path.startsWith("/api/") && !path.startsWith("/apis/")) {
            return false;
        }
        var parts = List.of((path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .substring(1)
                .split("/", -1));
        boolean core = parts.getFirst().equals("api");
        if (parts.size() == 1) {
            root(request, core);
            return true;
        }
        if (core) {
            if (parts.size() != 2 || !parts.get(1).equals("v1")) {
                throw Refusals.noSuchResource();
            }
            requireGet(request);
            write(request, documents.resources(new GroupVersion("", "v1")), Offer.DOCUMENT);
            return true;
        }
        if (!documents.knowsGroup(parts.get(1))) {
            return false;
        }
        requireGet(request);
        if (parts.size() == 2) {
            write(request, documents.group(parts.get(1)), Offer.DOCUMENT);
            return true;
        }
        var version = new GroupVersion(parts.get(1), parts.get(2));
        if (resources.isCustom(version.group()) && !resources.serves(version)) {
            return false;
        }
        if (parts.size() != 3 || !resources.serves(version)) {
            throw Refusals.noSuchResource();
        }
        write(
                request,
                documents.resources(version),
                resources.isCustom(version.group()) ? Offer.ROOT_DOCUMENT : Offer.DOCUMENT);
        return true;
    }

    /** The paths of all discovery documents. */
    public List<String> paths() {
        var out = new ArrayList<>(List.of("/api", "/api/v1", "/apis", "/apis/"));
        documents.versionsByGroup().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                out.add("/apis/" + group);
                versions.forEach(version -> out.add("/apis/" + group + "/" + version));
            }
        });
        return out;
    }

    private static void requireGet(ApiRequest request) {
        if (!request.method().equals("GET")) {
            throw Refusals.methodNotAllowed();
        }
    }

    private void root(ApiRequest request, boolean core) throws IOException {
        var form = aggregatedForm(request);
        if (form.isPresent()) {
            aggregated(request, core, form.get());
            return;
        }
        if (core) {
            requireGet(request);
        }
        write(request, core ? documents.coreVersions(address.get()) : documents.groups(), Offer.ROOT_DOCUMENT);
    }

    /** The form in which the client wants the aggregated document; empty if it prefers the other one. */
    private static Optional<Format> aggregatedForm(ApiRequest request) {
        for (String range :
                String.join(",", request.exchange().headers().all("accept")).split(",", -1)) {
            String compact = range.replace(" ", "");
            boolean protobuf = compact.startsWith(Format.PROTOBUF.mediaType());
            if (protobuf
                    || compact.startsWith("application/json")
                    || compact.startsWith("application/*")
                    || compact.startsWith("*/*")) {
                boolean aggregated =
                        compact.contains("as=APIGroupDiscoveryList") && compact.contains("g=apidiscovery.k8s.io");
                if (!aggregated) {
                    return Optional.empty();
                }
                if (compact.contains("v=v2;") || compact.endsWith("v=v2")) {
                    return Optional.of(protobuf ? Format.PROTOBUF : Format.JSON);
                }
            }
        }
        return Optional.empty();
    }

    private void aggregated(ApiRequest request, boolean core, Format form) throws IOException {
        var document = documents.aggregated(core);
        byte[] json = Json.write(document);
        String etag = "\"" + HexFormat.of().withUpperCase().formatHex(Digests.sha256(json)) + "\"";
        var headers = request.answerHeaders(form.mediaType() + AGGREGATED)
                .set("etag", etag)
                .set("vary", "Accept")
                .set("cache-control", "public");
        if (request.exchange().headers().all("if-none-match").contains(etag)) {
            headers.remove("content-type");
            request.exchange().respond(304, headers);
            return;
        }
        request.exchange()
                .respond(200, headers, form == Format.PROTOBUF ? ProtobufCodec.encode(document, listType) : json);
    }

    private static void write(ApiRequest request, ObjectNode document, Offer offer) throws IOException {
        var output = request.negotiate(offer);
        byte[] body = switch (output.format()) {
            case YAML -> Yaml.write(document);
            default -> output.pretty() ? JsonIndent.of(Json.write(document)) : Json.write(document);
        };
        var headers = request.answerHeaders(output.format().mediaType());
        headers.set("vary", "Accept");
        request.respond(200, headers, body);
    }
}
