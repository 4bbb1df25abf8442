package io.pilothouse.iam.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The EKS access policies, by the last part of their ARN. */
final class PolicyCatalogue {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> WRITE = Set.of("create", "delete", "deletecollection", "patch", "update");
    private static final Set<String> CORE = Set.of("");
    private static final Set<String> ALL = Set.of("*");
    private static final Set<String> APPS = Set.of(
            "controllerrevisions",
            "daemonsets",
            "daemonsets/status",
            "deployments",
            "deployments/scale",
            "deployments/status",
            "replicasets",
            "replicasets/scale",
            "replicasets/status",
            "statefulsets",
            "statefulsets/scale",
            "statefulsets/status");
    private static final Set<String> WORKLOADS = Set.of(
            "daemonsets",
            "deployments",
            "deployments/rollback",
            "deployments/scale",
            "replicasets",
            "replicasets/scale",
            "statefulsets",
            "statefulsets/scale");
    private static final Set<String> HPA = Set.of("horizontalpodautoscalers", "horizontalpodautoscalers/status");
    private static final Set<String> BATCH = Set.of("cronjobs", "cronjobs/status", "jobs", "jobs/status");
    private static final Set<String> NETWORKING = Set.of("ingresses", "ingresses/status", "networkpolicies");
    private static final Set<String> PDB = Set.of("poddisruptionbudgets", "poddisruptionbudgets/status");
    private static final Set<String> CORE_READ = Set.of(
            "bindings",
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "namespaces",
            "namespaces/status",
            "persistentvolumeclaims",
            "persistentvolumeclaims/status",
            "pods",
            "pods/log",
            "pods/status",
            "replicationcontrollers",
            "replicationcontrollers/scale",
            "replicationcontrollers/status",
            "resourcequotas",
            "resourcequotas/status",
            "serviceaccounts",
            "services",
            "services/status");
    private static final Set<String> SENSITIVE_READ =
            Set.of("secrets", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy");
    private static final Set<String> CORE_WRITE = Set.of(
            "configmaps",
            "events",
            "persistentvolumeclaims",
            "pods",
            "pods/attach",
            "pods/exec",
            "pods/portforward",
            "pods/proxy",
            "replicationcontrollers",
            "replicationcontrollers/scale",
            "secrets",
            "serviceaccounts",
            "services",
            "services/proxy");

    private static final List<PolicyRule> VIEW = List.of(
            new PolicyRule(READ, CORE, CORE_READ),
            new PolicyRule(READ, Set.of("apps"), APPS),
            new PolicyRule(READ, Set.of("autoscaling"), HPA),
            new PolicyRule(READ, Set.of("batch"), BATCH),
            new PolicyRule(READ, Set.of("discovery.k8s.io"), Set.of("endpointslices")),
            new PolicyRule(READ, Set.of("networking.k8s.io"), NETWORKING),
            new PolicyRule(READ, Set.of("policy"), PDB));
    private static final List<PolicyRule> EDIT = plus(
            VIEW,
            new PolicyRule(READ, CORE, SENSITIVE_READ),
            new PolicyRule(WRITE, CORE, CORE_WRITE),
            new PolicyRule(Set.of("impersonate"), CORE, Set.of("serviceaccounts")),
            new PolicyRule(WRITE, Set.of("apps"), WORKLOADS),
            new PolicyRule(WRITE, Set.of("autoscaling"), Set.of("horizontalpodautoscalers")),
            new PolicyRule(WRITE, Set.of("batch"), Set.of("cronjobs", "jobs")),
            new PolicyRule(WRITE, Set.of("networking.k8s.io"), Set.of("ingresses", "networkpolicies")),
            new PolicyRule(WRITE, Set.of("policy"), Set.of("poddisruptionbudgets")));
    private static final Set<String> READ_WRITE = union(READ, WRITE);
    private static final List<PolicyRule> ADMIN = plus(
            EDIT,
            new PolicyRule(READ_WRITE, Set.of("rbac.authorization.k8s.io"), Set.of("roles", "rolebindings")),
            new PolicyRule(Set.of("create"), Set.of("authorization.k8s.io"), Set.of("localsubjectaccessreviews")));

    /** The rules of each policy. */
    static final Map<String, List<PolicyRule>> RULES = Map.of(
            "AmazonEKSClusterAdminPolicy",
            List.of(new PolicyRule(ALL, ALL, ALL)),
            "AmazonEKSAdminViewPolicy",
            List.of(new PolicyRule(READ, ALL, ALL)),
            "AmazonEKSAdminPolicy",
            ADMIN,
            "AmazonEKSEditPolicy",
            EDIT,
            "AmazonEKSViewPolicy",
            VIEW,
            "AmazonEKSHybridPolicy",
            List.of(new PolicyRule(Set.of("list"), CORE, Set.of("nodes"))));

    private PolicyCatalogue() {}

    private static List<PolicyRule> plus(List<PolicyRule> base, PolicyRule... more) {
        List<PolicyRule> all = new ArrayList<>(base);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        TreeSet<String> all = new TreeSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }
}
