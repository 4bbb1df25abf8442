package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Digests;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.meta.GroupVersion;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** Serves the discovery documents: /api, /apis and what is below them but for the resources. */
public final class DiscoveryEndpoint {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final ResourceIndex resources;
    private final DiscoveryDocuments documents;
    private final Supplier<String> address;

    /** @param address where this server can be reached, host and port */
    public DiscoveryEndpoint(ResourceIndex resources, Supplier<String> address) {
        this.resources = resources;
        this.documents = new DiscoveryDocuments(resources);
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
        if (!resources.servesGroup(parts.get(1))) {
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

    private static void requireGet(ApiRequest request) {
        if (!request.method().equals("GET")) {
            throw Refusals.methodNotAllowed();
        }
    }

    private void root(ApiRequest request, boolean core) throws IOException {
        if (wantsAggregated(request)) {
            aggregated(request, core);
            return;
        }
        if (core) {
            requireGet(request);
        }
        write(request, core ? documents.coreVersions(address.get()) : documents.groups(), Offer.ROOT_DOCUMENT);
    }

    private static boolean wantsAggregated(ApiRequest request) {
        for (String range :
                String.join(",", request.exchange().headers().all("accept")).split(",", -1)) {
            String compact = range.replace(" ", "");
            if (compact.startsWith("application/json")
                    || compact.startsWith("application/*")
                    || compact.startsWith("*/*")) {
                boolean aggregated =
                        compact.contains("as=APIGroupDiscoveryList") && compact.contains("g=apidiscovery.k8s.io");
                if (!aggregated) {
                    return false;
                }
                if (compact.contains("v=v2;") || compact.endsWith("v=v2")) {
                    return true;
                }
            }
        }
        return false;
    }

    private void aggregated(ApiRequest request, boolean core) throws IOException {
        byte[] body = Json.write(documents.aggregated(core));
        String etag = "\"" + HexFormat.of().withUpperCase().formatHex(Digests.sha256(body)) + "\"";
        var headers = request.answerHeaders(AGGREGATED)
                .set("etag", etag)
                .set("vary", "Accept")
                .set("cache-control", "public");
        if (request.exchange().headers().all("if-none-match").contains(etag)) {
            headers.remove("content-type");
            request.exchange().respond(304, headers);
            return;
        }
        request.exchange().respond(200, headers, body);
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
