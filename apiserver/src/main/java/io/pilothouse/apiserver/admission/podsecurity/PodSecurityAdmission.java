package io.pilothouse.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PodSecurity: pods keep to the level that their namespace enforces; what pods and templates of pods would break of the other levels is told
 * to the client and to the audit log.
 */
public final class PodSecurityAdmission implements AdmissionPlugin {
    private static final GroupResource NAMESPACES = new GroupResource("", "namespaces");
    /** Where the template stands in a resource that has one. */
    private static final Map<String, String> TEMPLATES = Map.of(
            "replicationcontrollers", "/spec/template",
            "podtemplates", "/template",
            "replicasets.apps", "/spec/template",
            "deployments.apps", "/spec/template",
            "statefulsets.apps", "/spec/template",
            "daemonsets.apps", "/spec/template",
            "jobs.batch", "/spec/template",
            "cronjobs.batch", "/spec/jobTemplate/spec/template");

    private static final Set<String> IGNORED_SUBRESOURCES =
            Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");

    private final ClusterView cluster;
    private final PodSecurityConfiguration configuration;
    private final NamespaceLabels namespaces;

    /** @param configuration a PodSecurityConfiguration, or missing */
    public PodSecurityAdmission(ClusterView cluster, JsonNode configuration) {
        this.cluster = cluster;
        this.configuration = PodSecurityConfiguration.read(configuration);
        this.namespaces = new NamespaceLabels(cluster, this.configuration);
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var object = request.object();
        if (object == null || !(request.creates() || request.updates())) {
            return;
        }
        String template = TEMPLATES.get(request.groupResource().toString());
        if (request.isWhole("", "namespaces")) {
            namespaces.check(request, object);
        } else if (request.is("", "pods")) {
            if (!IGNORED_SUBRESOURCES.contains(request.subresource())) {
                pod(request, object);
            }
        } else if (template != null && request.subresource().isEmpty()) {
            template(request, object.at(template));
        }
    }

    private boolean isExempt(AdmissionRequest request) {
        if (configuration.namespaces().contains(request.namespace())) {
            annotate(request, "exempt", "namespace");
            return true;
        }
        if (configuration.users().contains(request.user().name())) {
            annotate(request, "exempt", "user");
            return true;
        }
        return false;
    }

    private static void annotate(AdmissionRequest request, String key, String value) {
        request.notes().annotate(Policy.PREFIX + key, value);
    }

    private Optional<Policy.Read> policy(AdmissionRequest request) {
        return cluster.look(NAMESPACES, "", request.namespace())
                .or(() -> cluster.findNow(NAMESPACES, "", request.namespace()))
                .map(n -> Policy.read(ObjectMeta.labels(n), configuration.defaults()));
    }

    private void pod(AdmissionRequest request, ObjectNode pod) {
        if (isExempt(request)) {
            return;
        }
        var read = policy(request)
                .orElseThrow(() -> StatusException.internalError(
                        "failed to lookup namespace " + GoText.quote(request.namespace())));
        if (read.errors().isEmpty() && read.policy().isFullyPrivileged()) {
            annotate(request, "enforce-policy", "privileged:latest");
            return;
        }
        var old = request.old();
        if (!request.updates() || old == null || isSignificant(pod.path("spec"), old.path("spec"))) {
            evaluate(request, read, new PodView(pod), true);
        }
    }

    /** Whether an update can matter: other containers, or other images. */
    private static boolean isSignificant(JsonNode spec, JsonNode old) {
        for (String list : List.of("containers", "initContainers")) {
            var now = spec.path(list);
            if (now.size() != old.path(list).size()) {
                return true;
            }
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).path("image").equals(old.path(list).get(i).path("image"))) {
                    return true;
                }
            }
        }
        for (var container : spec.path("ephemeralContainers")) {
            boolean same = false;
            for (var before : old.path("ephemeralContainers")) {
                same |= before.path("name").equals(container.path("name"))
                        && before.path("image").equals(container.path("image"));
            }
            if (!same) {
                return true;
            }
        }
        return false;
    }

    private void template(AdmissionRequest request, JsonNode template) {
        if (isExempt(request)) {
            return;
        }
        var read = policy(request);
        if (read.isEmpty()) {
            annotate(
                    request,
                    "error",
                    "failed to lookup namespace " + GoText.quote(request.namespace()) + ": namespaces "
                            + GoText.quote(request.namespace()) + " not found");
            return;
        }
        var policy = read.get().policy();
        boolean silent = read.get().errors().isEmpty()
                && policy.warn().isPrivileged()
                && policy.audit().isPrivileged();
        if (!silent && template.isObject()) {
            evaluate(request, read.get(), new PodView(template), false);
        }
    }

    private void evaluate(AdmissionRequest request, Policy.Read read, PodView pod, boolean enforced) {
        if (configuration
                .runtimeClasses()
                .contains(pod.spec().path("runtimeClassName").asText(""))) {
            annotate(request, "exempt", "runtimeClass");
            return;
        }
        if (!read.errors().isEmpty()) {
            annotate(request, "error", "Failed to parse policy: " + FieldError.aggregate(read.errors()));
        }
        var policy = read.policy();
        if (enforced) {
            annotate(request, "enforce-policy", policy.enforce().toString());
        }
        var audited = Standards.check(policy.audit(), pod);
        if (!audited.isEmpty()) {
            annotate(request, "audit-violations", wouldViolate(policy.audit(), audited));
        }
        if (enforced) {
            var found = Standards.check(policy.enforce(), pod);
            if (!found.isEmpty()) {
                throw StatusException.forbidden(
                        request.groupResource(),
                        request.name(),
                        "violates PodSecurity " + GoText.quote(policy.enforce().toString()) + ": "
                                + Finding.details(found));
            }
        }
        var warned = Standards.check(policy.warn(), pod);
        if (!warned.isEmpty()) {
            request.notes().warn(wouldViolate(policy.warn(), warned));
        }
    }

    private static String wouldViolate(LevelVersion level, List<Finding> findings) {
        return "would violate PodSecurity " + GoText.quote(level.toString()) + ": " + Finding.details(findings);
    }
}
