package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Every pod runs as a service account, whose token is mounted unless somebody does not want it. */
public final class ServiceAccountAdmission implements AdmissionPlugin {
    private static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final int DEFAULT_ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 150;
    private static final int TOKEN_SECONDS = 3607;
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final ClusterView cluster;
    private final RandomGenerator random;

    public ServiceAccountAdmission(ClusterView cluster, RandomGenerator random) {
        this.cluster = cluster;
        this.random = random;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.creates() || !request.isWhole("", "pods")) {
            return;
        }
        if (ObjectMeta.annotation(pod, MIRROR).isPresent()) {
            validate(request);
            return;
        }
        var spec = pod.withObjectProperty("spec");
        if (spec.path("serviceAccountName").asText("").isEmpty()) {
            spec.put("serviceAccountName", "default").put("serviceAccount", "default");
        }
        var account = account(request, spec);
        if (wantsToken(account, spec)) {
            mountToken(spec);
        }
        if (spec.path("imagePullSecrets").isEmpty()
                && !account.path("imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets").deepCopy());
        }
        validate(request);
    }

    /** Waits a little for the default account of a namespace that has just been made. */
    private ObjectNode account(AdmissionRequest request, JsonNode spec) {
        String name = spec.path("serviceAccountName").asText();
        var found = cluster.look(ACCOUNTS, request.namespace(), name);
        int attempts = name.equals("default") ? DEFAULT_ATTEMPTS : 1;
        for (int attempt = 1; found.isEmpty() && attempt <= attempts; attempt++) {
            if (attempt > 1) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
            found = cluster.findNow(ACCOUNTS, request.namespace(), name);
        }
        return found.orElseThrow(() -> request.forbidden("error looking up service account " + request.namespace() + "/"
                + name + ": serviceaccount \"" + name + "\" not found"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        var pod = request.object();
        if (pod == null || !request.is("", "pods")) {
            return;
        }
        boolean ephemeral = request.updates() && request.subresource().equals("ephemeralcontainers");
        if (!ephemeral && !(request.creates() && request.subresource().isEmpty())) {
            return;
        }
        var spec = pod.path("spec");
        if (!ephemeral && ObjectMeta.annotation(pod, MIRROR).isPresent()) {
            refuseReferences(request, spec);
            return;
        }
        if (spec.path("serviceAccountName").asText("").isEmpty()) {
            throw request.forbidden(
                    "no service account specified for pod " + request.namespace() + "/" + ObjectMeta.name(pod));
        }
        var account = account(request, spec);
        if (!ObjectMeta.annotation(account, ENFORCE).filter(TRUE::contains).isPresent()) {
            return;
        }
        var secrets = new MountableSecrets(account);
        if (ephemeral) {
            secrets.ofEphemeral(spec).ifPresent(why -> {
                // A plain error upstream, not a refusal: a fault of the server to the client.
                throw StatusException.of(500, "", why);
            });
        } else {
            secrets.of(spec).ifPresent(why -> {
                throw request.forbidden(why);
            });
        }
    }

    /** A mirror pod is known to a node before the API knows it: nothing of the API can be in it. */
    private static void refuseReferences(AdmissionRequest request, JsonNode spec) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            throw request.forbidden("a mirror pod may not reference service accounts");
        }
        if (!PodSecrets.names(spec).isEmpty()) {
            throw request.forbidden("a mirror pod may not reference secrets");
        }
        for (var volume : spec.path("volumes")) {
            for (var source : volume.path("projected").path("sources")) {
                if (source.path("serviceAccountToken").isObject()) {
                    throw request.forbidden("a mirror pod may not use ServiceAccountToken volume projections");
                }
            }
        }
    }

    private static boolean wantsToken(ObjectNode account, ObjectNode spec) {
        if (spec.hasNonNull("automountServiceAccountToken")) {
            return spec.get("automountServiceAccountToken").asBoolean();
        }
        return account.path("automountServiceAccountToken").asBoolean(true);
    }

    private void mountToken(ObjectNode spec) {
        String volume = existingVolume(spec);
        boolean mounted = false;
        String name = volume.isEmpty() ? newName() : volume;
        for (String containers : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(containers)) {
                mounted |= mount((ObjectNode) container, name);
            }
        }
        if (mounted && volume.isEmpty()) {
            addVolume(spec, name);
        }
    }

    private static String existingVolume(ObjectNode spec) {
        for (var volume : spec.path("volumes")) {
            if (volume.path("name").asText().startsWith(VOLUME_PREFIX)) {
                return volume.path("name").asText();
            }
        }
        return "";
    }

    private String newName() {
        var name = new StringBuilder(VOLUME_PREFIX);
        for (int i = 0; i < 5; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    private static boolean mount(ObjectNode container, String volume) {
        for (var mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
                return false;
            }
        }
        container
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", volume)
                .put("readOnly", true)
                .put("mountPath", MOUNT_PATH);
        return true;
    }

    private static void addVolume(ObjectNode spec, String name) {
        var projected =
                spec.withArrayProperty("volumes").addObject().put("name", name).putObject("projected");
        var sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        var authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        var namespace = sources.addObject()
                .putObject("downwardAPI")
                .putArray("items")
                .addObject()
                .put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", 0644);
    }
}
