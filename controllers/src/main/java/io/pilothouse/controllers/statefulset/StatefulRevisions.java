package io.pilothouse.controllers.statefulset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Hashes;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The templates that a stateful set has had, as ControllerRevisions. Upstream's form: a patch that replaces spec.template. */
final class StatefulRevisions {
    private static final String HASH = "controller.kubernetes.io/hash";
    private static final int CONFLICT = 409;

    private final ControllerContext context;
    private final Cache<ControllerRevision> cache;
    private final Hashes hashes = new Hashes();
    private final JsonMapper json = new JsonMapper();

    /** Of which revision pods are now and of which they shall be. */
    record Pair(ControllerRevision current, ControllerRevision update, int collisions) {
        String currentName() {
            return current.getMetadata().getName();
        }

        String updateName() {
            return update.getMetadata().getName();
        }
    }

    StatefulRevisions(ControllerContext context) {
        this.context = context;
        this.cache = context.cache(ControllerRevision.class);
    }

    /** The revisions of a set; makes the one of its template if it is missing. */
    Pair resolve(StatefulSet set) {
        List<ControllerRevision> all = all(set);
        int collisions = set.getStatus() == null
                ? 0
                : Objects.requireNonNullElse(set.getStatus().getCollisionCount(), 0);
        JsonNode data = data(set.getSpec().getTemplate());
        long last = all.isEmpty() ? 0 : all.getLast().getRevision();
        ControllerRevision update = all.reversed().stream()
                .filter(revision -> tree(revision).equals(data))
                .findFirst()
                .orElse(null);
        if (update == null) {
            for (; update == null; collisions++) {
                update = create(set, data, last + 1, collisions);
            }
            collisions--;
        } else if (update.getRevision() < last) {
            // Back to an earlier template.
            update = context.client()
                    .resource(new ControllerRevisionBuilder(update)
                            .withRevision(last + 1)
                            .build())
                    .update();
        }
        String current = set.getStatus() == null ? null : set.getStatus().getCurrentRevision();
        ControllerRevision found = all.stream()
                .filter(revision -> revision.getMetadata().getName().equals(current))
                .findFirst()
                .orElse(update);
        return new Pair(found, update, collisions);
    }

    private List<ControllerRevision> all(StatefulSet set) {
        return cache.ownedBy(set.getMetadata().getUid()).stream()
                .sorted(Comparator.comparingLong(ControllerRevision::getRevision))
                .toList();
    }

    /** Null when another content has the name. */
    private @org.jspecify.annotations.Nullable ControllerRevision create(
            StatefulSet set, JsonNode data, long number, int collisions) {
        String hash = hashes.of(set.getSpec().getTemplate(), collisions);
        Map<String, String> labels = new HashMap<>(Objects.requireNonNullElse(
                set.getSpec().getTemplate().getMetadata().getLabels(), Map.of()));
        labels.put(HASH, hash);
        var wanted = new ControllerRevisionBuilder()
                .withNewMetadata()
                .withNamespace(set.getMetadata().getNamespace())
                .withName(set.getMetadata().getName() + "-" + hash)
                .withLabels(labels)
                .withOwnerReferences(Owners.controller(set))
                .endMetadata()
                .withRevision(number)
                .withData(json.convertValue(data, new TypeReference<Map<String, Object>>() {}))
                .build();
        try {
            return context.client().resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            ControllerRevision there = context.client().resource(wanted).get();
            return there != null && Owners.controls(set, there) && tree(there).equals(data) ? there : null;
        }
    }

    /** The template in a revision. */
    PodTemplateSpec template(ControllerRevision revision) {
        ObjectNode template =
                (ObjectNode) tree(revision).path("spec").path("template").deepCopy();
        template.remove("$patch");
        return context.client().getKubernetesSerialization().unmarshal(template.toString(), PodTemplateSpec.class);
    }

    /** Removes the oldest of those that no pod is of, beyond the set's limit. */
    void prune(StatefulSet set, Set<String> inUse) {
        var unused = all(set).stream()
                .filter(revision -> !inUse.contains(revision.getMetadata().getName()))
                .toList();
        int limit = Objects.requireNonNullElse(set.getSpec().getRevisionHistoryLimit(), 10);
        unused.subList(0, Math.max(0, unused.size() - limit))
                .forEach(revision -> context.client().resource(revision).delete());
    }

    private JsonNode data(PodTemplateSpec template) {
        ObjectNode tree =
                (ObjectNode) parse(context.client().getKubernetesSerialization().asJson(template));
        tree.put("$patch", "replace");
        ObjectNode data = json.createObjectNode();
        data.putObject("spec").set("template", tree);
        return data;
    }

    private JsonNode tree(ControllerRevision revision) {
        return parse(context.client().getKubernetesSerialization().asJson(revision.getData()));
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON can be read", e);
        }
    }
}
