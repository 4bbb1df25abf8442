package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.GroupVersionResource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request with its objects in the version of a match. Objects are made when they are asked for first. For one thread. */
public final class VersionedRequest {
    private final AdmissionRequest request;
    private final Match match;
    private @Nullable ObjectNode object;
    private @Nullable ObjectNode old;

    public VersionedRequest(AdmissionRequest request, Match match) {
        this.request = request;
        this.match = match;
    }

    public AdmissionRequest request() {
        return request;
    }

    public Match match() {
        return match;
    }

    /** The object in the version of the match; not to be changed. */
    public @Nullable ObjectNode object() {
        if (object == null) {
            object = shown(request.object());
        }
        return object;
    }

    /** The present object in the version of the match; not to be changed. */
    public @Nullable ObjectNode old() {
        if (old == null) {
            old = shown(request.old());
        }
        return old;
    }

    private @Nullable ObjectNode shown(@Nullable ObjectNode stored) {
        if (stored == null) {
            return null;
        }
        var copy = stored.deepCopy();
        var served = version().map(v -> v.fromStorage().apply(copy)).orElse(copy);
        served.put("kind", match.kind().kind())
                .put("apiVersion", match.kind().groupVersion().apiVersion());
        return served;
    }

    /** The version of the resource that is matched; empty where what is sent is no object of the resource. */
    public Optional<ServedVersion> version() {
        return request.holdsOwnKind()
                ? request.definition().versions().stream()
                        .filter(v -> v.kind().equals(match.kind()))
                        .findFirst()
                : Optional.empty();
    }

    /**
     * Reads a changed object and puts it, with what it leaves out by default, in the place of the request's.
     *
     * @return whether it is another one than before
     * @throws io.pilothouse.machinery.codec.DecodeException if it is no object of the kind
     * @throws io.pilothouse.machinery.codec.StrictDecodingException if unknown fields are refused and there are some
     */
    public boolean replace(ObjectNode changed, FieldValidation validation) {
        var target = request.object();
        if (target == null) {
            throw new IllegalStateException("there is no object to change");
        }
        ObjectNode after = version().map(v -> stored(v, changed, validation)).orElseGet(changed::deepCopy);
        boolean differs = !after.equals(target);
        target.removeAll();
        target.setAll(after);
        object = null;
        return differs;
    }

    private ObjectNode stored(ServedVersion version, ObjectNode changed, FieldValidation validation) {
        var read = version.reader().read(new Document(changed.deepCopy(), List.of()), validation, warning -> {});
        var definition = request.definition();
        var out = toStorage(definition, version, read);
        definition.strategy().defaults(out);
        return out;
    }

    private static ObjectNode toStorage(ResourceDefinition definition, ServedVersion version, ObjectNode read) {
        read.put("kind", version.kind().kind())
                .put("apiVersion", version.kind().groupVersion().apiVersion());
        var out = version.toStorage().apply(read);
        var kind = definition.storageVersion().kind();
        out.put("kind", kind.kind()).put("apiVersion", kind.groupVersion().apiVersion());
        return out;
    }

    /** The request as expressions and webhooks see it, without the objects: an AdmissionRequest of admission.k8s.io. */
    public ObjectNode describe() {
        var out = JsonNodeFactory.instance.objectNode();
        out.set("kind", kind(match.kind()));
        out.set("resource", resource(match.resource()));
        putUnlessEmpty(out, "subResource", request.subresource());
        out.set("requestKind", kind(request.kind()));
        out.set("requestResource", resource(request.resource()));
        putUnlessEmpty(out, "requestSubResource", request.subresource());
        putUnlessEmpty(out, "name", request.name());
        putUnlessEmpty(out, "namespace", request.namespace());
        out.put("operation", request.operation());
        out.set("userInfo", user());
        return out;
    }

    /** What {@link #describe} leaves for the end: upstream writes it after the objects. */
    public void describeOptions(ObjectNode out) {
        out.put("dryRun", request.dryRun());
        out.set("options", request.operation().equals("CONNECT") ? null : request.options());
    }

    private ObjectNode user() {
        var user = request.user();
        var out = JsonNodeFactory.instance.objectNode();
        putUnlessEmpty(out, "username", user.name());
        putUnlessEmpty(out, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(out.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = out.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        }
        return out;
    }

    private static void putUnlessEmpty(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    private static JsonNode kind(GroupVersionKind kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", kind.kind());
    }

    private static JsonNode resource(GroupVersionResource resource) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", resource.group())
                .put("version", resource.version())
                .put("resource", resource.resource());
    }
}
