package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.ResourceNameRules;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** What must hold for a node. */
final class NodeValidation {
    private static final Pattern FEATURE = Pattern.compile("[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*");
    private static final int LONGEST_FEATURE = 253;

    private NodeValidation() {}

    static List<FieldError> validate(ObjectNode node) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(node, errors);
        taints(all);
        amounts(all);
        swap(all);
        features(all.child("status", "declaredFeatures"));
        ranges(all.child("spec", "podCIDRs"));
        return errors;
    }

    /** Upstream tells mistakes of taints at a place in the metadata. */
    private static void taints(Field all) {
        var taints = all.child("spec", "taints")
                .placedAt(all.child("metadata", "taints").path());
        var seen = new HashSet<String>();
        taints.each(taint -> {
            taint.child("key").matches(LabelFormat::key);
            var problems = LabelFormat.value(taint.child("value").text());
            if (!problems.isEmpty()) {
                taint.child("value").invalid(taint.child("value").text(), String.join(";", problems));
            }
            taint.child("effect").requiredOneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
            if (!seen.add(
                    taint.child("effect").text() + "/" + taint.child("key").text())) {
                taint.add(new FieldError(
                        FieldError.Type.DUPLICATE,
                        taint.path().toString(),
                        shown(taint.value()),
                        "taints must be unique by key and effect pair"));
            }
        });
    }

    /** What upstream shows of a taint: its Go struct. */
    private static ObjectNode shown(JsonNode taint) {
        var out = JsonNodeFactory.instance.objectNode();
        out.put("Key", taint.path("key").asText(""))
                .put("Value", taint.path("value").asText(""))
                .put("Effect", taint.path("effect").asText(""));
        out.set("TimeAdded", taint.has("timeAdded") ? taint.get("timeAdded") : out.nullNode());
        return out;
    }

    private static void amounts(Field all) {
        for (String list : new String[] {"capacity", "allocatable"}) {
            var amounts = all.child("status", list);
            // Upstream's path names the resource as if it were a field.
            amounts.entries((name, amount) ->
                    ResourceNameRules.amount(amount.placedAt(amounts.path().child(name)), name));
        }
    }

    private static void swap(Field all) {
        all.child("status", "nodeInfo")
                .child("swap", "capacity")
                .placedAt(all.child("metadata", "nodeSwapStatus").path().child("capacity"))
                .ifPresent(Field::positive);
    }

    private static void features(Field features) {
        var items = features.items();
        for (int i = 0; i < items.size(); i++) {
            feature(items.get(i));
            if (i + 1 < items.size()) {
                int order = items.get(i).text().compareTo(items.get(i + 1).text());
                if (order == 0) {
                    items.get(i + 1).duplicate();
                } else if (order > 0) {
                    items.get(i + 1).invalid("list must be sorted alphabetically");
                }
            }
        }
    }

    private static void feature(Field feature) {
        String start = "invalid feature name " + GoText.quote(feature.text()) + ": must ";
        if (feature.text().length() > LONGEST_FEATURE) {
            feature.invalid(start + "be no more than " + LONGEST_FEATURE + " characters");
        } else if (!FEATURE.matcher(feature.text()).matches()) {
            feature.invalid(start
                    + "start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or"
                    + " MyFeature/mySubFeature), and contain only alphanumeric characters and slashes");
        }
    }

    private static void ranges(Field ranges) {
        ranges.each(range -> LegacyAddresses.cidr(range, List.of()));
        var families = Trees.strings(ranges.value()).stream()
                .map(r -> Cidr.parse(r).map(Cidr::family).orElse(""))
                .toList();
        if (families.size() > 1 && (families.size() > 2 || new HashSet<>(families).size() < 2)) {
            ranges.invalid("may specify no more than one CIDR for each IP family");
        }
    }

    /** What must hold for a change, of the node or of its status. */
    static List<FieldError> validateUpdate(ObjectNode node, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(node, errors);
        amounts(all);
        features(all.child("status", "declaredFeatures"));
        var addresses = new HashSet<JsonNode>();
        all.child("status", "addresses").each(address -> {
            if (!addresses.add(address.value())) {
                address.duplicate(JsonNodeFactory.instance
                        .objectNode()
                        .put("Type", address.child("type").text())
                        .put("Address", address.child("address").text()));
            }
        });
        var ranges = all.child("spec", "podCIDRs");
        var before = Trees.strings(old.path("spec").path("podCIDRs"));
        if (!before.isEmpty()) {
            changedRanges(before, ranges);
        }
        String provider = old.path("spec").path("providerID").asText("");
        var providerId = all.child("spec", "providerID");
        if (!provider.isEmpty() && !providerId.is(provider)) {
            providerId.forbidden("node updates may not change providerID except from \"\" to valid");
        }
        taints(all);
        var external = all.child("spec", "externalID");
        if (!external.is(old.path("spec").path("externalID").asText(""))) {
            external.forbidden("may not be updated");
        }
        return errors;
    }

    private static void changedRanges(List<String> before, Field ranges) {
        String detail = "node updates may not change podCIDR except from \"\" to valid";
        var now = Trees.strings(ranges.value());
        if (now.size() != before.size()) {
            ranges.forbidden(detail);
            return;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).equals(before.get(i))) {
                ranges.forbidden(detail);
            }
        }
    }
}
