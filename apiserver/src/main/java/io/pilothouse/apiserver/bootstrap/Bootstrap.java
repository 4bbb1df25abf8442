package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.PolicyRule;
import io.pilothouse.apiserver.authz.RuleCover;
import io.pilothouse.apiserver.services.ServiceCidrs;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts what every cluster has into etcd, where it is missing: the system namespaces, the bootstrap roles and bindings, the facts that aggregated
 * servers need. Several servers may do it at once.
 */
public final class Bootstrap {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private final OwnWrites writes;

    public Bootstrap(OwnWrites writes) {
        this.writes = writes;
    }

    public void namespaces() {
        AtOnce.each(List.of("kube-system", "kube-public", "kube-node-lease", "default"), name -> {
            var namespace = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", "Namespace")
                    .put("apiVersion", "v1");
            namespace.putObject("metadata").put("name", name);
            create(new GroupResource("", "namespaces"), namespace);
        });
    }

    /** Creates missing roles and bindings, and gives existing ones what they lack, unless they say that they are kept by hand. */
    public void policy(List<ObjectNode> more) {
        var all = new ArrayList<>(BootstrapPolicy.load());
        all.addAll(more);
        AtOnce.each(all, object -> {
            var resource = new GroupResource(RBAC, object.path("kind").asText().toLowerCase(Locale.ROOT) + "s");
            if (!create(resource, object)) {
                extend(resource, object);
            }
        });
    }

    private void extend(GroupResource resource, ObjectNode wanted) {
        var present = writes.find(resource, ObjectMeta.namespace(wanted), ObjectMeta.name(wanted));
        if (present.isEmpty()
                || "false"
                        .equals(ObjectMeta.annotations(present.get())
                                .get("rbac.authorization.kubernetes.io/autoupdate"))
                || !lacks(present.get(), wanted)) {
            return;
        }
        writes.update(resource, ObjectMeta.namespace(wanted), ObjectMeta.name(wanted), live -> {
            var missing =
                    RuleCover.missing(PolicyRule.listOf(live.path("rules")), PolicyRule.listOf(wanted.path("rules")));
            missing.forEach(rule -> live.withArrayProperty("rules").add(rule.toNode()));
            for (var subject : wanted.path("subjects")) {
                if (!contains(live, subject)) {
                    live.withArrayProperty("subjects").add(subject);
                }
            }
            return live;
        });
    }

    private static boolean lacks(ObjectNode present, ObjectNode wanted) {
        for (var subject : wanted.path("subjects")) {
            if (!contains(present, subject)) {
                return true;
            }
        }
        return !RuleCover.missing(PolicyRule.listOf(present.path("rules")), PolicyRule.listOf(wanted.path("rules")))
                .isEmpty();
    }

    private static boolean contains(ObjectNode binding, JsonNode subject) {
        for (var candidate : binding.path("subjects")) {
            if (candidate.path("kind").equals(subject.path("kind"))
                    && candidate.path("name").equals(subject.path("name"))
                    && candidate
                            .path("namespace")
                            .asText("")
                            .equals(subject.path("namespace").asText(""))) {
                return true;
            }
        }
        return false;
    }

    /**
     * kube-system/extension-apiserver-authentication: whom aggregated servers may believe.
     *
     * @param data by key
     */
    public void authenticationFacts(Map<String, String> data) {
        var map = JsonNodeFactory.instance.objectNode().put("kind", "ConfigMap").put("apiVersion", "v1");
        map.putObject("metadata")
                .put("name", "extension-apiserver-authentication")
                .put("namespace", "kube-system");
        data.forEach(map.putObject("data")::put);
        var resource = new GroupResource("", "configmaps");
        if (!create(resource, map)) {
            writes.update(resource, "kube-system", "extension-apiserver-authentication", live -> {
                data.forEach(live.withObjectProperty("data")::put);
                return live;
            });
        }
    }

    /** The ServiceCIDR of the server's own ranges. */
    public void serviceCidr(List<String> ranges) {
        create(ServiceCidrs.RESOURCE, ServiceCidrs.object(ServiceCidrs.DEFAULT_NAME, ranges));
    }

    /**
     * The service of the API itself.
     *
     * @param address the first address of the range, for example 10.96.0.1
     */
    public void kubernetesService(String address) {
        var service =
                JsonNodeFactory.instance.objectNode().put("kind", "Service").put("apiVersion", "v1");
        var metadata = service.putObject("metadata").put("name", "kubernetes").put("namespace", "default");
        metadata.putObject("labels").put("component", "apiserver").put("provider", "kubernetes");
        var spec = service.putObject("spec")
                .put("clusterIP", address)
                .put("type", "ClusterIP")
                .put("sessionAffinity", "None");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("protocol", "TCP")
                .put("port", 443)
                .put("targetPort", 443);
        create(new GroupResource("", "services"), service);
    }

    private boolean create(GroupResource resource, ObjectNode object) {
        return writes.create(resource, object);
    }
}
