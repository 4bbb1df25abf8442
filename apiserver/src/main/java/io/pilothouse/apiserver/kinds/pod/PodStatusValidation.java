package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold for a pod's status when it is written. */
public final class PodStatusValidation {
    private static final Set<String> OWN_CONDITIONS = Set.of("PodScheduled", "Ready", "Initialized");
    private static final int MAX_ADDRESSES = 2;

    private PodStatusValidation() {}

    public static List<FieldError> check(ObjectNode pod, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var field = Field.of(pod, errors);
        var spec = field.child("spec");
        var status = field.child("status");
        PodValidation.annotations(field, old, PodRules.pod(old));
        conditions(status.child("conditions"));
        if (!spec.child("nodeName").is(old.path("spec").path("nodeName").asText(""))) {
            status.child("nodeName").forbidden("may not be changed directly");
        }
        nominatedNode(status.child("nominatedNodeName"), old);
        generation(status.child("observedGeneration"));
        var quality = status.child("qosClass");
        if (!quality.is(old.path("status").path("qosClass").asText(""))) {
            quality.invalid(quality.text(), "field is immutable");
        }
        ContainerStatusValidation.transitions(status, old);
        ClaimStatusValidation.check(status, spec);
        addresses(status.child("podIPs"), old.path("status").path("podIPs"), "PodIP");
        hostAddresses(status, old.path("status").path("hostIPs"));
        ContainerStatusValidation.contents(status, spec);
        return errors;
    }

    private static void generation(Field generation) {
        if (generation.number() < 0) {
            generation.invalid(generation.number(), "must be a non-negative integer");
        }
    }

    private static void conditions(Field conditions) {
        conditions.each(condition -> {
            generation(condition.child("observedGeneration"));
            var type = condition.child("type");
            if (!OWN_CONDITIONS.contains(type.text())) {
                // Upstream writes the field with a capital.
                type.placedAt(condition.path().child("Type")).matches(LabelFormat::key);
            }
        });
    }

    private static void nominatedNode(Field name, JsonNode old) {
        boolean changed = !name.is(old.path("status").path("nominatedNodeName").asText(""));
        if (name.isEmpty() || !changed) {
            return;
        }
        name.matches(LabelFormat::subdomain);
        if (!old.path("spec").path("nodeName").asText("").isEmpty()) {
            name.forbidden("may not be set on pods that are already bound to a node");
        }
    }

    private static void addresses(Field addresses, JsonNode old, String struct) {
        var kept = new HashSet<String>();
        old.forEach(address -> kept.add(address.path("ip").asText("")));
        var all = new ArrayList<String>();
        addresses.each(address -> {
            String ip = address.child("ip").text();
            all.add(ip);
            if (!kept.contains(ip)) {
                IpFormat.strictIp(ip).forEach(problem -> address.invalid(ip, problem));
            }
        });
        if (all.size() > 1 && (!IpFormat.isDualStack(all) || all.size() > MAX_ADDRESSES)) {
            addresses.invalid(shown(addresses, struct), "may specify no more than one IP for each IP family");
        }
    }

    private static ArrayNode shown(Field addresses, String struct) {
        var out = JsonNodeFactory.instance.arrayNode();
        addresses.value().forEach(address -> out.add(InternalForm.of(struct, address)));
        return out;
    }

    private static void hostAddresses(Field status, JsonNode old) {
        var addresses = status.child("hostIPs");
        if (addresses.isEmpty()) {
            return;
        }
        var first = addresses.items().getFirst().child("ip");
        if (!first.is(status.child("hostIP").text())) {
            first.invalid(first.text(), "must be equal to `hostIP`");
        }
        addresses(addresses, old, "HostIP");
    }
}
