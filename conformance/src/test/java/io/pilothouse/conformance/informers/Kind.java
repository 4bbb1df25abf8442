package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is written and followed. */
enum Kind {
    CONFIG_MAPS("v1", "ConfigMap", "configmaps", "configmaps"),
    PODS("v1", "Pod", "pods", "pods"),
    LEASES("coordination.k8s.io/v1", "Lease", "leases", "leases"),
    WIDGETS("churn.pilothouse.io/v1", "Widget", "widgets", "churn.pilothouse.io/widgets");

    /** Names its {@link #WIDGETS}. */
    static final String WIDGET_DEFINITION = """
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.churn.pilothouse.io"},
             "spec": {"group": "churn.pilothouse.io", "scope": "Namespaced", "names": {"kind": "Widget", "plural": "widgets"},
              "versions": [{"name": "v1", "served": true, "storage": true,
               "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "properties": {"text": {"type": "string"}}}}}}}]}}
            """;

    private final String apiVersion;
    private final String kind;
    private final String plural;
    private final String stored;

    Kind(String apiVersion, String kind, String plural, String stored) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
        this.stored = stored;
    }

    /** Where the objects of a namespace are served; of all with an empty one. */
    String path(String namespace) {
        String version = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
        return version + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
    }

    String apiVersion() {
        return apiVersion;
    }

    String kindName() {
        return kind;
    }

    /** The prefix of its keys in etcd. */
    String etcdPrefix() {
        return "/registry/" + stored + "/";
    }

    /** A new object with a text in it. */
    ObjectNode object(String namespace, String name, String text) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("namespace", namespace).put("name", name);
        switch (this) {
            case CONFIG_MAPS -> object.putObject("data").put("text", text);
            case LEASES -> object.putObject("spec").put("holderIdentity", text);
            case WIDGETS -> object.putObject("spec").put("text", text);
            case PODS -> {
                var spec = object.putObject("spec").put("nodeName", "node-" + Math.floorMod(name.hashCode(), 3));
                spec.putArray("containers").addObject().put("name", "c").put("image", "i");
            }
        }
        return object;
    }
}
