package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;

/** NamespaceAutoProvision: a namespace is made when the first object is put into it. */
public final class NamespaceAutoProvision implements AdmissionPlugin {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
    private static final int CONFLICT = 409;

    private final AdmissionParts parts;

    public NamespaceAutoProvision(AdmissionParts parts) {
        this.parts = parts;
    }

    @Override
    public String name() {
        return "NamespaceAutoProvision";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        String name = request.namespace();
        if (request.creates()
                && !request.dryRun()
                && !name.isEmpty()
                && !request.is("", "namespaces")
                && parts.cluster().find(NAMESPACES, "", name).isEmpty()) {
            create(request, name);
        }
    }

    private void create(AdmissionRequest request, String name) {
        var definition = parts.resources().find(NAMESPACES).orElseThrow();
        var namespace =
                JsonNodeFactory.instance.objectNode().put("kind", "Namespace").put("apiVersion", "v1");
        namespace.putObject("metadata").put("name", name);
        definition.strategy().defaults(namespace);
        var user = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);
        var context = new WriteContext(user, "", "", false, parts.clock().instant(), parts.cluster());
        try {
            parts.cluster().create(definition, namespace, context, made -> {});
        } catch (StatusException e) {
            if (e.code() != CONFLICT) {
                throw request.forbidden(String.valueOf(e.getMessage()));
            }
        }
    }
}
