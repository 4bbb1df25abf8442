package io.pilothouse.bench;

/** A pod as a busy cluster has it: two containers with probes, environment and mounts; about 7.1 KB as it is served. */
public final class SamplePod {
    private static final int VARIABLES = 3;

    private SamplePod() {}

    /** What is posted: the server gives the name. */
    public static String json() {
        return """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"generateName": "web-", "labels": {"app": "web", "tier": "front", "pod-template-hash": "7d4b9c6f5"},
                  "annotations": {"example.com/config-hash": "%s", "example.com/owner": "team-bench"}},
                 "spec": {"containers": [%s, %s],
                  "volumes": [{"name": "config", "configMap": {"name": "web-config"}}, {"name": "cache", "emptyDir": {"sizeLimit": "1Gi"}},
                   {"name": "credentials", "secret": {"secretName": "web-credentials"}}],
                  "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm":
                   {"topologyKey": "topology.kubernetes.io/zone", "labelSelector": {"matchLabels": {"app": "web"}}}}]}},
                  "nodeSelector": {"kubernetes.io/os": "linux"}, "serviceAccountName": "web", "automountServiceAccountToken": false}}
                """.formatted("0123456789abcdef".repeat(4), container("web", 8080), container("sidecar", 9090));
    }

    /** One of the smallest that people run: a container and nothing else. */
    static String small() {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "job-", "labels": {"app": "job"}},
                 "spec": {"automountServiceAccountToken": false, "containers": [{"name": "job", "image": "registry.example.com/job:1.2.3",
                  "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}}}]}}
                """;
    }

    private static String container(String name, int port) {
        var variables = new StringBuilder();
        for (int i = 0; i < VARIABLES; i++) {
            variables
                    .append(i == 0 ? "" : ",")
                    .append("{\"name\": \"SETTING_")
                    .append(i)
                    .append("\", \"value\": \"a value of setting number ")
                    .append(i)
                    .append("\"}");
        }
        return """
                {"name": "%1$s", "image": "registry.example.com/%1$s:1.2.3", "ports": [{"name": "http", "containerPort": %2$d}],
                 "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
                 "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
                 "livenessProbe": {"httpGet": {"path": "/live", "port": "http"}, "initialDelaySeconds": 10},
                 "volumeMounts": [{"name": "config", "mountPath": "/etc/%1$s"}, {"name": "cache", "mountPath": "/var/cache/%1$s"},
                  {"name": "credentials", "mountPath": "/var/run/credentials", "readOnly": true}],
                 "env": [%3$s]}""".formatted(name, port, variables);
    }
}
