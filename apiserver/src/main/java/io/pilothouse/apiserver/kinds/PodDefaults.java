package io.pilothouse.apiserver.kinds;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.fillZero;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a pod's spec says where its author said nothing (core/v1 SetDefaults_Pod and SetDefaults_PodSpec and what they call). */
public final class PodDefaults {
    private static final int OWNER_READ_WRITE_ALL_READ = 0644;

    private PodDefaults() {}

    /** Defaults of the template of a workload. */
    public static void template(ObjectNode workload) {
        with(workload, "spec", spec -> with(spec, "template", template -> with(template, "spec", PodDefaults::spec)));
    }

    public static void pod(ObjectNode pod) {
        with(pod, "spec", spec -> {
            spec(spec);
            for (String containers : List.of("initContainers", "containers")) {
                each(spec, containers, PodDefaults::requestsFromLimits);
            }
            fill(spec, "enableServiceLinks", true);
            if (spec.path("hostNetwork").asBoolean()) {
                hostPorts(spec);
            }
        });
    }

    /** A limit with no request requests as much. */
    private static void requestsFromLimits(ObjectNode container) {
        with(
                container,
                "resources",
                resources -> with(resources, "limits", limits -> {
                    var requests = resources.withObjectProperty("requests");
                    for (var limit : limits.properties()) {
                        if (!requests.has(limit.getKey())) {
                            requests.set(limit.getKey(), limit.getValue());
                        }
                    }
                }));
    }

    /** Defaults of a spec within a template. */
    public static void templateSpec(ObjectNode spec) {
        spec(spec);
    }

    static void spec(ObjectNode spec) {
        fill(spec, "dnsPolicy", "ClusterFirst");
        fill(spec, "restartPolicy", "Always");
        fill(spec, "terminationGracePeriodSeconds", 30);
        fill(spec, "schedulerName", "default-scheduler");
        if (!spec.hasNonNull("securityContext")) {
            spec.putObject("securityContext");
        }
        if (spec.path("hostNetwork").asBoolean()) {
            hostPorts(spec);
        }
        each(spec, "volumes", PodDefaults::volume);
        for (String containers : List.of("initContainers", "containers", "ephemeralContainers")) {
            each(spec, containers, PodDefaults::container);
        }
        each(spec, "topologySpreadConstraints", constraint -> {
            fill(constraint, "nodeAffinityPolicy", "Honor");
            fill(constraint, "nodeTaintsPolicy", "Ignore");
        });
        // The older name of a service account follows the newer one.
        String account = spec.path("serviceAccountName").asText("");
        String older = spec.path("serviceAccount").asText("");
        if (account.isEmpty() && !older.isEmpty()) {
            spec.put("serviceAccountName", older);
        } else if (!account.isEmpty()) {
            spec.put("serviceAccount", account);
        }
    }

    private static void hostPorts(ObjectNode spec) {
        for (String containers : List.of("initContainers", "containers")) {
            each(
                    spec,
                    containers,
                    container -> each(container, "ports", port -> {
                        int number = port.path("containerPort").asInt(0);
                        if (port.path("hostPort").asInt(0) == 0 && number != 0) {
                            port.put("hostPort", number);
                        }
                    }));
        }
    }

    private static void container(ObjectNode container) {
        fill(container, "terminationMessagePath", "/dev/termination-log");
        fill(container, "terminationMessagePolicy", "File");
        fill(container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
        each(container, "ports", port -> fill(port, "protocol", "TCP"));
        each(
                container,
                "env",
                env -> with(env, "valueFrom", from -> {
                    with(from, "fieldRef", field -> fill(field, "apiVersion", "v1"));
                    with(from, "fileKeyRef", file -> fill(file, "optional", false));
                }));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            with(container, probe, PodDefaults::probe);
        }
        with(container, "lifecycle", lifecycle -> {
            for (String hook : List.of("postStart", "preStop")) {
                with(lifecycle, hook, handler -> with(handler, "httpGet", PodDefaults::httpGet));
            }
        });
    }

    /** An image with no tag, or the tag latest, is always pulled. */
    static String pullPolicy(String image) {
        if (image.indexOf('@') >= 0) {
            return "IfNotPresent";
        }
        int slash = image.lastIndexOf('/');
        int colon = image.indexOf(':', slash + 1);
        String tag = colon < 0 ? "latest" : image.substring(colon + 1);
        return tag.equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void probe(ObjectNode probe) {
        fillZero(probe, "timeoutSeconds", 1);
        fillZero(probe, "periodSeconds", 10);
        fillZero(probe, "successThreshold", 1);
        fillZero(probe, "failureThreshold", 3);
        with(probe, "httpGet", PodDefaults::httpGet);
        with(probe, "grpc", grpc -> fill(grpc, "service", ""));
    }

    private static void httpGet(ObjectNode get) {
        fill(get, "path", "/");
        fill(get, "scheme", "HTTP");
    }

    private static void volume(ObjectNode volume) {
        boolean hasSource = volume.size() > 1;
        if (!hasSource) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            with(volume, source, s -> fill(s, "defaultMode", OWNER_READ_WRITE_ALL_READ));
        }
        with(volume, "downwardAPI", PodDefaults::fieldRefs);
        with(
                volume,
                "projected",
                projected -> each(projected, "sources", source -> {
                    with(source, "serviceAccountToken", token -> fill(token, "expirationSeconds", 3600));
                    with(source, "downwardAPI", PodDefaults::fieldRefs);
                }));
        with(volume, "hostPath", host -> {
            if (!host.has("type")) {
                host.put("type", "");
            }
        });
        with(volume, "iscsi", iscsi -> fill(iscsi, "iscsiInterface", "default"));
        with(volume, "azureDisk", disk -> {
            fill(disk, "cachingMode", "ReadWrite");
            fill(disk, "kind", "Shared");
            fill(disk, "fsType", "ext4");
            fill(disk, "readOnly", false);
        });
        with(volume, "scaleIO", io -> {
            fill(io, "storageMode", "ThinProvisioned");
            fill(io, "fsType", "xfs");
        });
        with(volume, "rbd", rbd -> {
            fill(rbd, "pool", "rbd");
            fill(rbd, "user", "admin");
            fill(rbd, "keyring", "/etc/ceph/keyring");
        });
        with(
                volume,
                "ephemeral",
                ephemeral -> with(
                        ephemeral,
                        "volumeClaimTemplate",
                        template -> with(template, "spec", claim -> fill(claim, "volumeMode", "Filesystem"))));
    }

    private static void fieldRefs(ObjectNode downward) {
        each(downward, "items", item -> with(item, "fieldRef", ref -> fill(ref, "apiVersion", "v1")));
    }
}
