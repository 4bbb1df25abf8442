package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerSpec;
import io.pilothouse.worker.cri.SandboxSpec;
import io.pilothouse.worker.cri.SimulatedRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a pod's specification into what the runtime is told. */
final class PodPlan {
    private final NodeSettings settings;
    private final Path logs;

    PodPlan(NodeSettings settings, Path logs) {
        this.settings = settings;
        this.logs = logs;
    }

    Path logDirectory(JsonNode pod) {
        return logs.resolve(Pods.namespace(pod) + "_" + Pods.name(pod) + "_" + Pods.uid(pod));
    }

    /** Removes the logs of a pod that is gone. */
    void removeLogs(String uid) throws java.io.IOException {
        if (Files.isDirectory(logs)) {
            try (java.util.stream.Stream<Path> all = Files.list(logs)) {
                for (Path folder : all.filter(p -> p.getFileName().toString().endsWith("_" + uid))
                        .toList()) {
                    io.pilothouse.worker.cri.Shell.run(Map.of(), "rm", "-rf", folder.toString());
                }
            }
        }
    }

    SandboxSpec sandbox(JsonNode pod, int attempt) {
        JsonNode spec = pod.path("spec");
        boolean privileged = false;
        List<SandboxSpec.Port> ports = new ArrayList<>();
        for (JsonNode container : spec.path("containers")) {
            privileged |= container.path("securityContext").path("privileged").asBoolean(false);
            for (JsonNode port : container.path("ports")) {
                if (port.path("hostPort").asInt(0) > 0) {
                    ports.add(new SandboxSpec.Port(
                            port.path("protocol").asText("TCP"),
                            port.path("containerPort").asInt(),
                            port.path("hostPort").asInt(),
                            port.path("hostIP").asText("")));
                }
            }
        }
        boolean hostNetwork = spec.path("hostNetwork").asBoolean(false);
        Map<String, String> sysctls = new HashMap<>();
        spec.path("securityContext")
                .path("sysctls")
                .forEach(s ->
                        sysctls.put(s.path("name").asText(), s.path("value").asText()));
        Dns dns = dns(pod, hostNetwork);
        return new SandboxSpec(
                Pods.name(pod),
                Pods.namespace(pod),
                Pods.uid(pod),
                attempt,
                hostname(pod),
                logDirectory(pod).toString(),
                dns.servers(),
                dns.searches(),
                dns.options(),
                hostNetwork ? List.of() : ports,
                labels(pod),
                Map.of(),
                sysctls,
                new SandboxSpec.Shared(
                        hostNetwork,
                        spec.path("hostPID").asBoolean(false),
                        spec.path("hostIPC").asBoolean(false),
                        spec.path("shareProcessNamespace").asBoolean(false),
                        privileged),
                settings.cgroup() + "/pod" + Pods.uid(pod));
    }

    private static Map<String, String> labels(JsonNode pod) {
        return Map.of(
                ContainerRuntime.POD_UID,
                Pods.uid(pod),
                "io.kubernetes.pod.name",
                Pods.name(pod),
                "io.kubernetes.pod.namespace",
                Pods.namespace(pod));
    }

    /** The name that the pod's processes see: short, or with its domain where that is asked for. */
    static String hostname(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        String name = spec.path("hostname").asText(Pods.name(pod));
        if (spec.path("setHostnameAsFQDN").asBoolean(false)
                && !spec.path("subdomain").asText("").isEmpty()) {
            return name + "." + spec.path("subdomain").asText() + "." + Pods.namespace(pod) + ".svc."
                    + NodeSettings.CLUSTER_DOMAIN;
        }
        return name.length() > 63 ? name.substring(0, 63).replaceAll("[-.]+$", "") : name;
    }

    private record Dns(List<String> servers, List<String> searches, List<String> options) {}

    private Dns dns(JsonNode pod, boolean hostNetwork) {
        JsonNode spec = pod.path("spec");
        String policy = spec.path("dnsPolicy").asText("ClusterFirst");
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        List<String> options = new ArrayList<>();
        boolean cluster = !settings.clusterDns().isEmpty()
                && (policy.equals("ClusterFirstWithHostNet") || (policy.equals("ClusterFirst") && !hostNetwork));
        if (cluster) {
            servers.add(settings.clusterDns());
            String domain = NodeSettings.CLUSTER_DOMAIN;
            searches.addAll(List.of(Pods.namespace(pod) + ".svc." + domain, "svc." + domain, domain));
            options.add("ndots:5");
        } else if (!policy.equals("None")) {
            hostDns(servers, searches);
        }
        JsonNode more = spec.path("dnsConfig");
        servers.addAll(Pods.texts(more.path("nameservers")));
        searches.addAll(Pods.texts(more.path("searches")));
        more.path("options")
                .forEach(o -> options.add(o.path("name").asText()
                        + (o.hasNonNull("value") ? ":" + o.path("value").asText() : "")));
        return new Dns(servers, searches, options);
    }

    private static void hostDns(List<String> servers, List<String> searches) {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/resolv.conf"))) {
                String[] words = line.strip().split("\\s+");
                if (words[0].equals("nameserver") && words.length > 1) {
                    servers.add(words[1]);
                } else if (words[0].equals("search")) {
                    searches.addAll(List.of(words).subList(1, words.length));
                }
            }
        } catch (java.io.IOException e) {
            // No resolver configuration: pods get none either.
        }
    }

    /**
     * One run of a container.
     *
     * @param volumes places by volume name
     * @param home the pod's directory
     * @param target the container whose processes it shall see; empty for none
     */
    record Run(
            int attempt,
            ContainerRuntime.Image image,
            Map<String, String> environment,
            Map<String, Path> volumes,
            Path home,
            String target) {}

    ContainerSpec container(JsonNode pod, JsonNode container, Run run) throws java.io.IOException {
        String name = container.path("name").asText();
        Map<String, String> annotations = new HashMap<>();
        annotations.put(ContainerRuntime.WANTED_IMAGE, container.path("image").asText());
        if (!Pods.restartPolicy(pod).equals("Always") || (isInit(pod, name) && !PodStatus.sidecar(container))) {
            annotations.put(SimulatedRuntime.ENDS, "true");
        }
        Map<String, String> labels = new HashMap<>(labels(pod));
        labels.put("io.kubernetes.container.name", name);
        Files.createDirectories(logDirectory(pod).resolve(name));
        return new ContainerSpec(
                name,
                run.attempt(),
                run.image().id(),
                Pods.texts(container.path("command")).stream()
                        .map(t -> Expansion.expand(t, run.environment()))
                        .toList(),
                Pods.texts(container.path("args")).stream()
                        .map(t -> Expansion.expand(t, run.environment()))
                        .toList(),
                container.path("workingDir").asText(""),
                run.environment(),
                mounts(pod, container, run),
                labels,
                annotations,
                name + "/" + run.attempt() + ".log",
                new ContainerSpec.Terminal(
                        container.path("stdin").asBoolean(false),
                        container.path("stdinOnce").asBoolean(false),
                        container.path("tty").asBoolean(false)),
                ContainerBounds.of(pod, container),
                security(pod, container, run.image()),
                run.target());
    }

    private static boolean isInit(JsonNode pod, String name) {
        return Pods.list(pod.path("spec").path("initContainers")).stream()
                .anyMatch(c -> c.path("name").asText().equals(name));
    }

    private List<ContainerSpec.Mount> mounts(JsonNode pod, JsonNode container, Run run) throws java.io.IOException {
        List<ContainerSpec.Mount> all = new ArrayList<>();
        for (JsonNode mount : container.path("volumeMounts")) {
            Path place = run.volumes().get(mount.path("name").asText());
            if (place == null) {
                throw new ConfigException(
                        "CreateContainerConfigError",
                        "no volume " + mount.path("name").asText());
            }
            String below = mount.hasNonNull("subPathExpr")
                    ? Expansion.expand(mount.path("subPathExpr").asText(), run.environment())
                    : mount.path("subPath").asText("");
            if (!below.isEmpty()) {
                Path target = place.resolve(below).normalize();
                if (!target.startsWith(place)) {
                    throw new ConfigException("CreateContainerConfigError", "subPath " + below + " leaves its volume");
                }
                if (!Files.exists(target)) {
                    Files.createDirectories(target);
                }
                if (!target.toRealPath().startsWith(place.toRealPath())) {
                    throw new ConfigException("CreateContainerConfigError", "subPath " + below + " leaves its volume");
                }
                place = target.toRealPath();
            }
            all.add(new ContainerSpec.Mount(
                    mount.path("mountPath").asText(),
                    place.toString(),
                    mount.path("readOnly").asBoolean(false),
                    mount.path("mountPropagation").asText("")));
        }
        boolean hostNetwork = pod.path("spec").path("hostNetwork").asBoolean(false);
        if (!hostNetwork && all.stream().noneMatch(m -> m.containerPath().equals("/etc/hosts"))) {
            all.add(new ContainerSpec.Mount(
                    "/etc/hosts", run.home().resolve("etc-hosts").toString(), false, ""));
        }
        String message = container.path("terminationMessagePath").asText("/dev/termination-log");
        Files.createDirectories(run.home().resolve("messages"));
        Path file = ContainerLogs.messageFile(run.home(), container.path("name").asText(), run.attempt());
        Files.writeString(file, "");
        Files.setPosixFilePermissions(file, ProjectedFiles.permissions(0666));
        all.add(new ContainerSpec.Mount(message, file.toString(), false, ""));
        return all;
    }

    private static ContainerSpec.Security security(JsonNode pod, JsonNode container, ContainerRuntime.Image image)
            throws ConfigException {
        JsonNode own = container.path("securityContext");
        JsonNode common = pod.path("spec").path("securityContext");
        Optional<Long> user = number(own, common, "runAsUser");
        if (own.path("runAsNonRoot").asBoolean(common.path("runAsNonRoot").asBoolean(false))) {
            nonRoot(user, image);
        }
        List<Long> groups = new ArrayList<>();
        common.path("supplementalGroups").forEach(g -> groups.add(g.asLong()));
        if (common.hasNonNull("fsGroup")) {
            groups.add(common.path("fsGroup").asLong());
        }
        String seccomp = own.path("seccompProfile")
                .path("type")
                .asText(common.path("seccompProfile").path("type").asText(""));
        return new ContainerSpec.Security(
                user,
                number(own, common, "runAsGroup"),
                groups,
                own.path("privileged").asBoolean(false),
                own.path("readOnlyRootFilesystem").asBoolean(false),
                !own.path("allowPrivilegeEscalation").asBoolean(true),
                Pods.texts(own.path("capabilities").path("add")),
                Pods.texts(own.path("capabilities").path("drop")),
                seccomp);
    }

    private static void nonRoot(Optional<Long> user, ContainerRuntime.Image image) throws ConfigException {
        if (user.isPresent()
                ? user.get() == 0
                : image.user().isEmpty() && image.uid().orElse(0) == 0) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    user.isPresent()
                            ? "container's runAsUser breaks non-root policy"
                            : "container has runAsNonRoot and image will run as root");
        }
        if (user.isEmpty() && !image.user().isEmpty()) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image has non-numeric user (" + image.user()
                            + "), cannot verify user is non-root");
        }
    }

    private static Optional<Long> number(JsonNode own, JsonNode common, String field) {
        JsonNode value = own.hasNonNull(field) ? own.path(field) : common.path(field);
        return value.isNumber() ? Optional.of(value.asLong()) : Optional.empty();
    }

    /** The pod's /etc/hosts. */
    static String hosts(JsonNode pod, List<String> addresses) {
        StringBuilder text = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        String subdomain = pod.path("spec").path("subdomain").asText("");
        String name = pod.path("spec").path("hostname").asText(Pods.name(pod));
        String full = subdomain.isEmpty()
                ? ""
                : name + "." + subdomain + "." + Pods.namespace(pod) + ".svc." + NodeSettings.CLUSTER_DOMAIN + "\t";
        addresses.forEach(
                a -> text.append(a).append('\t').append(full).append(name).append('\n'));
        for (JsonNode alias : pod.path("spec").path("hostAliases")) {
            text.append(alias.path("ip").asText())
                    .append('\t')
                    .append(String.join("\t", Pods.texts(alias.path("hostnames"))))
                    .append('\n');
        }
        return text.toString();
    }
}
