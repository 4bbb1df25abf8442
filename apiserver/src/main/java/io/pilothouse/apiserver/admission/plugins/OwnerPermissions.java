package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.authz.SelectorTerms;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OwnerReferencesPermissionEnforcement: an owner is set only by those who may delete the object, and one whose deletion waits for it only by
 * those who may set the owner's finalizers.
 */
public final class OwnerPermissions implements AdmissionPlugin {
    private final Authorizer authorizer;
    private final ResourceIndex resources;

    public OwnerPermissions(Authorizer authorizer, ResourceIndex resources) {
        this.authorizer = authorizer;
        this.resources = resources;
    }

    @Override
    public String name() {
        return "OwnerReferencesPermissionEnforcement";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        if (object == null
                || !(request.creates() || request.updates())
                || (request.is("", "pods") && request.subresource().equals("status"))) {
            return;
        }
        var old = request.old();
        List<ObjectNode> before = old == null ? List.of() : ObjectMeta.ownerReferences(old);
        if (ObjectMeta.ownerReferences(object).equals(before)) {
            return;
        }
        if (!request.creates()) {
            requireDelete(request);
        }
        var blocking = newlyBlocking(object, before);
        if (blocking.isEmpty() || authorizer.authorize(anyFinalizers(request)).allowed()) {
            return;
        }
        blocking.forEach(reference -> requireFinalizers(request, reference));
    }

    private void requireDelete(AdmissionRequest request) {
        var resource = request.resource();
        var decision = authorizer.authorize(Attributes.resource(
                        request.user(),
                        "delete",
                        resource.group(),
                        resource.resource(),
                        request.subresource(),
                        request.namespace(),
                        request.name())
                .selecting(resource.version(), SelectorTerms.NONE, SelectorTerms.NONE));
        if (!decision.allowed()) {
            throw request.forbidden("cannot set an ownerRef on a resource you can't delete: " + reason(decision));
        }
    }

    private static String reason(Decision decision) {
        return decision.reason() + ", <nil>";
    }

    private static Attributes anyFinalizers(AdmissionRequest request) {
        return Attributes.resource(request.user(), "update", "*", "*", "finalizers", "", "*");
    }

    private static List<ObjectNode> newlyBlocking(ObjectNode object, List<ObjectNode> before) {
        return ObjectMeta.ownerReferences(object).stream()
                .filter(OwnerPermissions::blocks)
                .filter(r -> before.stream().noneMatch(b -> b.path("uid").equals(r.path("uid")) && blocks(b)))
                .toList();
    }

    private static boolean blocks(ObjectNode reference) {
        return reference.path("blockOwnerDeletion").asBoolean();
    }

    private void requireFinalizers(AdmissionRequest request, ObjectNode reference) {
        String apiVersion = reference.path("apiVersion").asText("");
        String kind = reference.path("kind").asText("");
        var owner = definition(apiVersion, kind);
        if (owner == null) {
            throw request.forbidden(
                    "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion "
                            + apiVersion + " Kind " + kind + ": no matches for kind " + GoText.quote(kind)
                            + " in version "
                            + GoText.quote(apiVersion));
        }
        var decision = authorizer.authorize(Attributes.resource(
                        request.user(),
                        "update",
                        owner.groupResource().group(),
                        owner.plural(),
                        "finalizers",
                        owner.namespaced() ? request.namespace() : "",
                        reference.path("name").asText(""))
                .selecting(apiVersion.substring(apiVersion.indexOf('/') + 1), SelectorTerms.NONE, SelectorTerms.NONE));
        if (!decision.allowed()) {
            throw request.forbidden(
                    "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: "
                            + reason(decision));
        }
    }

    private @Nullable ResourceDefinition definition(String apiVersion, String kind) {
        Optional<ResourceDefinition> found = resources.definitions().stream()
                .filter(d -> d.versions().stream()
                        .anyMatch(v -> v.kind().kind().equals(kind)
                                && v.kind().groupVersion().apiVersion().equals(apiVersion)))
                .findFirst();
        return found.orElse(null);
    }
}
