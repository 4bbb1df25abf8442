package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionChain;
import io.pilothouse.apiserver.admission.AdmissionNotes;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.Reinvocation;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Forbidden;
import io.pilothouse.apiserver.authz.SelectorTerms;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.GroupVersionResource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What creating, updating, patching and deleting have in common: the context of a write and its way through admission.
 *
 * @param knownKinds the built-in kinds
 */
record Writes(
        AdmissionChain admission, ClusterView cluster, Authorizer authorizer, Predicate<GroupVersionKind> knownKinds) {

    /** Who may change objects may not for that make new ones. @throws io.pilothouse.machinery.status.StatusException 403 */
    void requireCreate(ApiRequest request) {
        var info = request.info();
        var attributes = new Attributes(
                request.user(),
                "create",
                true,
                info.namespace(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.name(),
                info.path(),
                SelectorTerms.NONE,
                SelectorTerms.NONE);
        var decision = authorizer.authorize(attributes);
        if (!decision.allowed()) {
            throw Forbidden.of(attributes, decision);
        }
    }

    WriteContext context(ApiRequest request, boolean dryRun) {
        return new WriteContext(
                request.user(),
                request.info().namespace(),
                request.info().subresource(),
                dryRun,
                request.received(),
                cluster,
                new GroupVersion(request.info().group(), request.info().version()).toString());
    }

    private static AdmissionNotes notes(ApiRequest request) {
        return new AdmissionNotes() {
            @Override
            public void warn(String text) {
                request.warn(text);
            }

            @Override
            public void annotate(String key, String value) {
                request.context().annotate(key, value);
            }

            @Override
            public void spentElsewhere(long nanos) {
                request.context().spentElsewhere(nanos);
            }
        };
    }

    AdmissionRequest admissionRequest(
            ApiRequest request,
            ObjectForm form,
            String operation,
            @Nullable ObjectNode object,
            @Nullable ObjectNode old,
            boolean dryRun,
            String optionsKind) {
        var info = request.info();
        var options =
                JsonNodeFactory.instance.objectNode().put("kind", optionsKind).put("apiVersion", "meta.k8s.io/v1");
        if (dryRun) {
            options.putArray("dryRun").add("All");
        }
        if (!optionsKind.equals("DeleteOptions")) {
            for (String option : List.of("fieldManager", "fieldValidation")) {
                if (!request.query().first(option).isEmpty()) {
                    options.put(option, request.query().first(option));
                }
            }
        }
        return new AdmissionRequest(
                operation,
                form.definition(),
                form.version().kind(),
                new GroupVersionResource(info.group(), info.version(), info.resource()),
                info.subresource(),
                info.namespace(),
                info.name(),
                object,
                old,
                options,
                request.user(),
                dryRun,
                notes(request),
                request.context().limit(),
                new Reinvocation());
    }
}
