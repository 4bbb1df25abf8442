package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The token subresource of service accounts (authentication.k8s.io/v1 TokenRequest). */
final class TokenRequests {
    static final GroupVersionKind KIND = new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");
    private static final long DEFAULT_SECONDS = 3600;
    private static final long SHORTEST_SECONDS = 600;
    private static final long LONGEST_SECONDS = 1L << 32;
    private static final FieldPath SPEC = FieldPath.of("spec");

    private final ServiceAccountTokens tokens;
    private final ClusterView cluster;
    private final TypeSchema schema;

    TokenRequests(ServiceAccountTokens tokens, ClusterView cluster, TypeSchema schema) {
        this.tokens = tokens;
        this.cluster = cluster;
        this.schema = schema;
    }

    void handle(ApiRequest request) throws IOException {
        var asked = ActionSupport.read(request, KIND, schema);
        var info = request.info();
        var account = cluster.findNow(new GroupResource("", "serviceaccounts"), info.namespace(), info.name())
                .orElseThrow(() -> StatusException.notFound(new GroupResource("", "serviceaccounts"), info.name()));
        var spec = asked.withObjectProperty("spec");
        long wanted = spec.hasNonNull("expirationSeconds")
                ? spec.get("expirationSeconds").asLong()
                : DEFAULT_SECONDS;
        check(wanted, spec, asked);
        long seconds = tokens.lifetimeSeconds(wanted);
        var audiences = new ArrayList<String>();
        spec.path("audiences").forEach(a -> audiences.add(a.asText()));
        if (audiences.isEmpty()) {
            audiences.addAll(tokens.defaultAudiences());
        }
        var bound = bound(spec.path("boundObjectRef"), info.namespace());
        var expires = request.received().plusSeconds(seconds);
        String token =
                tokens.issue(account, audiences, expires, bound.map(Binding::object), bound.flatMap(Binding::node));
        answer(asked, account, audiences, seconds);
        asked.putObject("status").put("token", token).put("expirationTimestamp", ObjectMeta.format(expires));
        ActionSupport.respond(request, 201, asked, schema);
    }

    private static void answer(ObjectNode asked, ObjectNode account, List<String> audiences, long seconds) {
        var metadata = asked.putObject("metadata");
        metadata.put("name", ObjectMeta.name(account)).put("namespace", ObjectMeta.namespace(account));
        metadata.put("creationTimestamp", ObjectMeta.format(Instant.now()));
        var spec = asked.withObjectProperty("spec");
        var array = spec.putArray("audiences");
        audiences.forEach(array::add);
        spec.put("expirationSeconds", seconds);
        if (!spec.has("boundObjectRef")) {
            spec.putNull("boundObjectRef");
        }
    }

    private static void check(long seconds, ObjectNode spec, ObjectNode asked) {
        var errors = new ArrayList<FieldError>();
        if (seconds < SHORTEST_SECONDS) {
            errors.add(FieldError.invalid(
                    SPEC.child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes"));
        }
        if (seconds > LONGEST_SECONDS) {
            errors.add(FieldError.invalid(
                    SPEC.child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds"));
        }
        if (!errors.isEmpty()) {
            throw StatusException.invalid(new GroupKind(KIND.group(), KIND.kind()), ObjectMeta.name(asked), errors);
        }
        spec.put("expirationSeconds", seconds);
    }

    private record Binding(ServiceAccountTokens.Bound object, Optional<ServiceAccountTokens.Bound> node) {}

    private Optional<Binding> bound(JsonNode reference, String namespace) {
        if (!reference.isObject()) {
            return Optional.empty();
        }
        String kind = reference.path("kind").asText();
        String name = reference.path("name").asText();
        String resource = switch (kind) {
            case "Pod" -> "pods";
            case "Secret" -> "secrets";
            case "Node" -> "nodes";
            default ->
                throw StatusException.badRequest("cannot bind token for serviceaccount to object of type \""
                        + reference.path("apiVersion").asText() + ", Kind=" + kind + "\"");
        };
        var groupResource = new GroupResource("", resource);
        var object = cluster.findNow(groupResource, kind.equals("Node") ? "" : namespace, name)
                .orElseThrow(() -> StatusException.notFound(groupResource, name));
        String uid = reference.path("uid").asText("");
        if (!uid.isEmpty() && !uid.equals(ObjectMeta.uid(object))) {
            throw StatusException.conflict(
                    groupResource,
                    name,
                    "the UID in the bound object reference (" + uid
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        var node = Optional.of(object.path("spec").path("nodeName").asText(""))
                .filter(n -> kind.equals("Pod") && !n.isEmpty())
                .map(n -> new ServiceAccountTokens.Bound(
                        "Node",
                        n,
                        cluster.find(new GroupResource("", "nodes"), "", n)
                                .map(ObjectMeta::uid)
                                .orElse("")));
        return Optional.of(new Binding(new ServiceAccountTokens.Bound(kind, name, ObjectMeta.uid(object)), node));
    }
}
