package io.pilothouse.apiserver.kinds.pod;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.fillZero;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.List;

/** What a pod's spec says where its author said nothing (core/v1 SetDefaults_Pod and SetDefaults_PodSpec and what they call). */
public final class PodDefaults {
    private static final int OWNER_READ_WRITE_ALL_READ = 0644;
    private static final List<String> INIT_CONTAINER_ANNOTATIONS = List.of(
            "pod.beta.kubernetes.io/init-containers",
            "pod.alpha.kubernetes.io/init-containers",
            "pod.beta.kubernetes.io/init-container-statuses",
            "pod.alpha.kubernetes.io/init-container-statuses");

    private PodDefaults() {}

    /** Defaults of the template of a workload. */
    public static void template(ObjectNode workload) {
        with(workload, "spec", spec -> with(spec, "template", PodDefaults::podTemplate));
    }

    /** Defaults of a template itself. */
    public static void podTemplate(ObjectNode template) {
        dropOldAnnotations(template);
        with(template, "spec", PodDefaults::spec);
    }

    public static void pod(ObjectNode pod) {
        dropOldAnnotations(pod);
        with(pod, "spec", spec -> {
            spec(spec);
            for (String containers : List.of("initContainers", "containers")) {
                each(spec, containers, PodDefaults::requestsFromLimits);
            }
            with(spec, "resources", resources -> podResources(spec, resources));
            fill(spec, "enableServiceLinks", true);
            if (spec.path("hostNetwork").asBoolean()) {
                hostPorts(spec);
            }
            if (spec.path("terminationGracePeriodSeconds").asLong() < 0) {
                spec.put("terminationGracePeriodSeconds", 1);
            }
        });
        with(pod, "status", PodDefaults::addresses);
    }

    /** Annotations that held init containers before there was a field for them say nothing any more. */
    private static void dropOldAnnotations(ObjectNode object) {
        with(
                object,
                "metadata",
                metadata -> with(metadata, "annotations", annotations -> {
                    annotations.remove(INIT_CONTAINER_ANNOTATIONS);
                    if (annotations.isEmpty()) {
                        metadata.remove("annotations");
                    }
                }));
    }

    /** The first of a pod's addresses stands alone, too; where both were given and differ, the one alone is believed. */
    private static void addresses(ObjectNode status) {
        String alone = status.path("podIP").asText("");
        String first = status.path("podIPs").path(0).path("ip").asText("");
        if (!alone.isEmpty() && !alone.equals(first)) {
            status.putArray("podIPs").addObject().put("ip", alone);
        } else if (alone.isEmpty() && !first.isEmpty()) {
            status.put("podIP", first);
        }
    }

    /** A pod with limits of its own requests what its containers do, and what is left of its limits. */
    private static void podResources(ObjectNode spec, ObjectNode resources) {
        var limits = resources.path("limits");
        var requests = resources.path("requests");
        if (!limits.isEmpty() || !requests.isEmpty()) {
            ResourceTotals.of(spec, "limits").forEach((name, total) -> {
                if (ResourceNames.isHugePages(name) && !requests.has(name) && !limits.has(name)) {
                    resources.withObjectProperty("limits").put(name, total.toString());
                }
            });
        }
        var all = resources.path("limits");
        if (all.isEmpty()) {
            return;
        }
        var wanted = resources.withObjectProperty("requests");
        ResourceTotals.of(spec, "requests").forEach((name, total) -> {
            if (!wanted.has(name) && ResourceTotals.isForPods(name) && ResourceNames.isOvercommitAllowed(name)) {
                wanted.put(name, total.toString());
            }
        });
        for (var limit : all.properties()) {
            if (!wanted.has(limit.getKey()) && ResourceTotals.isForPods(limit.getKey())) {
                wanted.set(limit.getKey(), limit.getValue());
            }
        }
        if (wanted.isEmpty()) {
            resources.remove("requests");
        }
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

    public static void spec(ObjectNode spec) {
        fill(spec, "dnsPolicy", "ClusterFirst");
        fill(spec, "restartPolicy", "Always");
        fill(spec, "terminationGracePeriodSeconds", 30);
        fill(spec, "schedulerName", "default-scheduler");
        if (!spec.hasNonNull("securityContext")) {
            spec.putObject("securityContext");
        }
        each(spec, "volumes", PodDefaults::volume);
        for (String containers : List.of("initContainers", "containers", "ephemeralContainers")) {
            each(spec, containers, PodDefaults::container);
        }
        roundUp(spec, "overhead");
        with(spec, "resources", PodDefaults::roundUp);
        // The older name of a service account follows the newer one.
        String account = spec.path("serviceAccountName").asText("");
        String older = spec.path("serviceAccount").asText("");
        if (account.isEmpty() && !older.isEmpty()) {
            spec.put("serviceAccountName", older);
        } else if (!account.isEmpty()) {
            spec.put("serviceAccount", account);
        }
    }

    private static void roundUp(ObjectNode resources) {
        roundUp(resources, "limits");
        roundUp(resources, "requests");
    }

    /** Amounts are kept to the thousandth. */
    public static void roundUp(ObjectNode owner, String field) {
        with(owner, field, amounts -> {
            for (var amount : amounts.properties()) {
                var given = Quantity.parse(amount.getValue().asText());
                var rounded = given.roundUp(3);
                if (!rounded.equals(given)) {
                    amount.setValue(TextNode.valueOf(rounded.toString()));
                }
            }
        });
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
        with(container, "resources", PodDefaults::roundUp);
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
    private static String pullPolicy(String image) {
        return ImageName.tag(image).equals("latest") ? "Always" : "IfNotPresent";
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
        with(
                volume,
                "image",
                image -> fill(
                        image, "pullPolicy", pullPolicy(image.path("reference").asText(""))));
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
                ephemeral ->
                        with(ephemeral, "volumeClaimTemplate", template -> with(template, "spec", PodDefaults::claim)));
    }

    /** Defaults of the spec of a claim that is made of a template. */
    public static void claim(ObjectNode claim) {
        fill(claim, "volumeMode", "Filesystem");
        with(claim, "resources", PodDefaults::roundUp);
    }

    private static void fieldRefs(ObjectNode downward) {
        each(downward, "items", item -> with(item, "fieldRef", ref -> fill(ref, "apiVersion", "v1")));
    }
}
