package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.NodeLabels;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What clients are warned of in pods and templates: what is right, but of no use or not what it seems. */
public final class PodWarnings {
    private static final Map<String, String> OLD_ANNOTATIONS = annotations();
    private static final String NO_SELECTOR = ": a null labelSelector results in matching no pod";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    /** Where the pod or template stands; the root for a pod. */
    private final FieldPath path;

    private final FieldPath specPath;
    private final JsonNode spec;
    private final JsonNode metadata;
    private final List<String> warnings = new ArrayList<>();

    private PodWarnings(FieldPath path, JsonNode object) {
        this.path = path;
        this.specPath = path.child("spec");
        this.spec = object.path("spec");
        this.metadata = object.path("metadata");
    }

    private static Map<String, String> annotations() {
        var all = new LinkedHashMap<String, String>();
        String sysctls = "non-functional in v1.11+; use the \"sysctls\" field instead";
        all.put(
                "scheduler.alpha.kubernetes.io/critical-pod",
                "non-functional in v1.16+; use the \"priorityClassName\" field instead");
        all.put("security.alpha.kubernetes.io/sysctls", sysctls);
        all.put("security.alpha.kubernetes.io/unsafe-sysctls", sysctls);
        return all;
    }

    /** Those of a new pod. */
    public static List<String> ofPod(ObjectNode pod) {
        var all = new ArrayList<>(AppArmorAnnotations.warnings(pod));
        all.addAll(ofName(ObjectMeta.name(pod), "this is used in the Pod's hostname"));
        all.addAll(new PodWarnings(FieldPath.ROOT, pod).all());
        return all;
    }

    /** Those of a name that pods' names are made of. */
    public static List<String> ofWorkloadName(ObjectNode workload) {
        return ofName(ObjectMeta.name(workload), "this is used in Pod names and hostnames");
    }

    private static List<String> ofName(String name, String use) {
        var problems = LabelFormat.label(name);
        return problems.isEmpty()
                ? List.of()
                : List.of("metadata.name: " + use
                        + ", which can result in surprising behavior; a DNS label is recommended: ["
                        + String.join(" ", problems) + "]");
    }

    public static List<String> ofTemplate(FieldPath path, JsonNode template) {
        return new PodWarnings(path, template).all();
    }

    private List<String> all() {
        nodes();
        spread();
        oldAnnotations();
        VolumeWarnings.of(spec.path("volumes"), specPath.child("volumes"), warnings);
        hostAliases();
        pullSecrets();
        fraction(
                spec.path("overhead").path("memory"), specPath.child("overhead").key("memory"));
        fraction(
                spec.path("overhead").path("ephemeral-storage"),
                specPath.child("overhead").key("ephemeral-storage"));
        profiles();
        PortWarnings.of(spec, specPath, warnings);
        if (spec.path("terminationGracePeriodSeconds").asLong() < 0) {
            warnings.add(specPath.child("terminationGracePeriodSeconds")
                    + ": must be >= 0; negative values are invalid and will be treated as 1");
        }
        podAffinity();
        addresses();
        return warnings;
    }

    private void nodes() {
        for (String label : sortedNames(spec.path("nodeSelector"))) {
            NodeLabels.deprecation(label)
                    .ifPresent(
                            text -> warnings.add(specPath.child("nodeSelector").key(label) + ": " + text));
        }
        var affinity = spec.path("affinity").path("nodeAffinity");
        var at = specPath.child("affinity", "nodeAffinity");
        var terms = at.child(REQUIRED, "nodeSelectorTerms");
        int index = 0;
        for (var term : affinity.path(REQUIRED).path("nodeSelectorTerms")) {
            warnings.addAll(NodeLabels.ofTerm(term, false, terms.index(index++)));
        }
        index = 0;
        for (var term : affinity.path(PREFERRED)) {
            warnings.addAll(NodeLabels.ofTerm(
                    term.path("preference"),
                    true,
                    at.child(PREFERRED).index(index++).child("preference")));
        }
    }

    private static Set<String> sortedNames(JsonNode map) {
        var names = new TreeSet<String>();
        map.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void spread() {
        int index = 0;
        for (var constraint : spec.path("topologySpreadConstraints")) {
            var at = specPath.child("topologySpreadConstraints").index(index++);
            String key = constraint.path("topologyKey").asText("");
            NodeLabels.deprecation(key)
                    .ifPresent(text -> warnings.add(at.child("topologyKey") + ": " + key + " is " + text));
            if (!constraint.hasNonNull("labelSelector")) {
                warnings.add(at.child("labelSelector") + NO_SELECTOR);
            }
        }
    }

    private FieldPath annotation(String key) {
        return path.child("metadata", "annotations").key(key);
    }

    private boolean hasAnnotation(String key) {
        return metadata.path("annotations").has(key);
    }

    private void oldAnnotations() {
        OLD_ANNOTATIONS.forEach((key, text) -> {
            if (hasAnnotation(key)) {
                warnings.add(annotation(key) + ": " + text);
            }
        });
    }

    private void hostAliases() {
        duplicates("hostAliases", "ip", ": duplicate ip ");
    }

    private void pullSecrets() {
        duplicates("imagePullSecrets", "name", ": duplicate name ");
        int index = 0;
        for (var secret : spec.path("imagePullSecrets")) {
            var at = specPath.child("imagePullSecrets").index(index++).child("name");
            if (secret.path("name").asText("").isEmpty()) {
                warnings.add(at + ": invalid empty name \"\"");
            }
        }
    }

    private void duplicates(String list, String field, String text) {
        var seen = new HashSet<String>();
        int index = 0;
        for (var entry : spec.path(list)) {
            String value = entry.path(field).asText("");
            var at = specPath.child(list).index(index++).child(field);
            if (!seen.add(value)) {
                warnings.add(at + text + GoText.quote(value));
            }
        }
    }

    private void fraction(JsonNode amount, FieldPath at) {
        fraction(amount, at, warnings);
    }

    /** Warns of bytes that are no whole number. */
    public static void fraction(JsonNode amount, FieldPath at, List<String> warnings) {
        if (!amount.isMissingNode() && Quantity.parse(amount.asText()).toMilli() % 1000 != 0) {
            warnings.add(at + ": fractional byte value " + GoText.quote(amount.asText())
                    + " is invalid, must be an integer");
        }
    }

    private void profiles() {
        String use = ": non-functional in v1.27+; use the \"seccompProfile\" field instead";
        var context = spec.path("securityContext");
        if (!context.has("seccompProfile") && hasAnnotation(ProfileRules.SECCOMP_POD)) {
            warnings.add(annotation(ProfileRules.SECCOMP_POD) + use);
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            int index = 0;
            for (var container : spec.path(list)) {
                String key =
                        ProfileRules.SECCOMP_CONTAINER + container.path("name").asText("");
                if (!container.path("securityContext").has("seccompProfile") && hasAnnotation(key)) {
                    warnings.add(annotation(key) + use);
                }
                appArmor(container, context.path("appArmorProfile"));
                container(container, specPath.child(list).index(index++));
            }
        }
    }

    /** In templates; makers of pods are told when the annotation is copied. */
    private void appArmor(JsonNode container, JsonNode ofPod) {
        String key = AppArmorAnnotations.key(container);
        if (path.isRoot() || container.path("securityContext").has("appArmorProfile") || !hasAnnotation(key)) {
            return;
        }
        var meant = AppArmorAnnotations.profile(
                metadata.path("annotations").path(key).asText(""));
        if (ofPod.isMissingNode() || meant.isEmpty() || !ofPod.equals(meant.get())) {
            warnings.add(annotation(key) + ": deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
    }

    private void container(JsonNode container, FieldPath at) {
        for (String resource : List.of("memory", "ephemeral-storage")) {
            for (String list : List.of("limits", "requests")) {
                fraction(
                        container.path("resources").path(list).path(resource),
                        at.child("resources", list).key(resource));
            }
        }
        var seen = new HashSet<String>();
        int index = 0;
        for (var variable : container.path("env")) {
            String name = variable.path("name").asText("");
            var place = at.child("env").index(index++);
            String reference = "$(" + name + ")";
            String value = variable.path("value").asText("");
            boolean extended = !variable.has("valueFrom") && !value.equals(reference) && value.contains(reference);
            if (!seen.add(name) && !extended) {
                warnings.add(place + ": hides previous definition of " + GoText.quote(name)
                        + ", which may be dropped when using apply");
            }
        }
    }

    private void podAffinity() {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            var affinity = spec.path("affinity").path(kind);
            var at = specPath.child("affinity", kind);
            int index = 0;
            for (var term : affinity.path(REQUIRED)) {
                noSelector(term, at.child(REQUIRED).index(index++));
            }
            index = 0;
            for (var term : affinity.path(PREFERRED)) {
                noSelector(
                        term.path("podAffinityTerm"),
                        at.child(PREFERRED).index(index++).child("podAffinityTerm"));
            }
        }
    }

    private void noSelector(JsonNode term, FieldPath at) {
        if (!term.hasNonNull("labelSelector")) {
            warnings.add(at.child("labelSelector") + NO_SELECTOR);
        }
    }

    private void addresses() {
        int index = 0;
        for (var server : spec.path("dnsConfig").path("nameservers")) {
            warnings.addAll(IpFormat.ipWarnings(
                    specPath.child("dnsConfig", "nameservers").index(index++), server.asText("")));
        }
        index = 0;
        for (var alias : spec.path("hostAliases")) {
            warnings.addAll(IpFormat.ipWarnings(
                    specPath.child("hostAliases").index(index++).child("ip"),
                    alias.path("ip").asText("")));
        }
    }
}
