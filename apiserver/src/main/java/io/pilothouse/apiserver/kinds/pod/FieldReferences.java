package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a pod may be told of itself: fields of its object and resources of its containers (core/v1 ObjectFieldSelector, ResourceFieldSelector). */
final class FieldReferences {
    private static final List<String> OF_ENVIRONMENT = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final List<String> OF_VOLUME =
            List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");
    /** All that upstream can find in a pod by its label, whether or not it may be used here. */
    private static final Set<String> KNOWN = Set.of(
            "metadata.annotations",
            "metadata.labels",
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.host",
            "spec.restartPolicy",
            "spec.serviceAccountName",
            "spec.schedulerName",
            "status.phase",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");

    private static final List<String> RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final Set<String> CPU_DIVISORS = Set.of("1m", "1");
    private static final String BYTES = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
    private static final Set<String> BYTE_DIVISORS = Set.of(BYTES.split(", ", -1));

    private FieldReferences() {}

    static void ofEnvironment(Field reference) {
        field(reference, OF_ENVIRONMENT);
    }

    static void ofVolume(Field reference) {
        field(reference, OF_VOLUME);
    }

    private static void field(Field reference, List<String> allowed) {
        if (!reference.child("apiVersion").mustExist()
                || !reference.child("fieldPath").mustExist()) {
            return;
        }
        var fieldPath = reference.child("fieldPath");
        String text = fieldPath.text();
        int bracket = text.indexOf("['");
        boolean subscripted = text.endsWith("']") && bracket > 0;
        String path = subscripted ? text.substring(0, bracket) : text;
        String problem = unknown(reference.child("apiVersion").text(), text, path, subscripted);
        if (!problem.isEmpty()) {
            fieldPath.invalid("error converting fieldPath: " + problem);
            return;
        }
        if (subscripted) {
            String key = text.substring(bracket + 2, text.length() - 2);
            String checked = path.equals("metadata.annotations") ? key.toLowerCase(Locale.ROOT) : key;
            LabelFormat.key(checked).forEach(p -> reference.invalid(checked, p));
            return;
        }
        String internal = path.equals("spec.host") ? "spec.nodeName" : path;
        if (!allowed.contains(internal)) {
            fieldPath.notSupported(allowed);
        }
    }

    private static String unknown(String version, String text, String path, boolean subscripted) {
        if (!version.equals("v1")) {
            return "unsupported pod version: " + version;
        }
        if (subscripted) {
            return path.equals("metadata.annotations") || path.equals("metadata.labels")
                    ? ""
                    : "field label does not support subscript: " + text;
        }
        return KNOWN.contains(path) ? "" : "field label not supported: " + text;
    }

    /** @param ofVolume whether the container must be named, as it is not clear from the place */
    static void resource(Field reference, boolean ofVolume) {
        var resource = reference.child("resource");
        String name = resource.text();
        if (ofVolume && reference.child("containerName").isEmpty()) {
            reference.child("containerName").required("");
        } else if (resource.mustExist() && !RESOURCES.contains(name) && !isHugePages(name)) {
            resource.notSupported(RESOURCES);
        }
        divisor(reference.child("divisor"), name);
    }

    private static boolean isHugePages(String name) {
        return name.startsWith("limits.hugepages-") || name.startsWith("requests.hugepages-");
    }

    private static void divisor(Field divisor, String resource) {
        if (!divisor.present() || Quantity.parse(divisor.text()).isZero()) {
            return;
        }
        String unit = divisor.text();
        switch (resource) {
            case "limits.cpu", "requests.cpu" -> {
                if (!CPU_DIVISORS.contains(unit)) {
                    divisor.invalid(resource, "only divisor's values 1m and 1 are supported with the cpu resource");
                }
            }
            case "limits.memory", "requests.memory" -> bytes(divisor, resource, "memory");
            case "limits.ephemeral-storage", "requests.ephemeral-storage" ->
                bytes(divisor, resource, "local ephemeral storage");
            default -> {
                if (isHugePages(resource)) {
                    bytes(divisor, resource, "hugepages");
                }
            }
        }
    }

    private static void bytes(Field divisor, String resource, String words) {
        if (!BYTE_DIVISORS.contains(divisor.text())) {
            divisor.invalid(
                    resource, "only divisor's values " + BYTES + " are supported with the " + words + " resource");
        }
    }
}
