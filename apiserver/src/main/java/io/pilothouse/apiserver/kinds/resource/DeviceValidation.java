package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.pod.NodeSelectorRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/** What must hold for a device of a slice. */
final class DeviceValidation {
    private static final int MOST_PROPERTIES = 32;
    private static final int MOST_TAINTS = 16;
    private static final int MOST_CONSUMED_SETS = 2;
    private static final int LONGEST_VALUE = 64;
    private static final String NUMBER = "(0|[1-9]\\d*)";
    private static final String PRE = "(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern VERSION = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(-" + PRE
            + "(\\." + PRE + ")*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private DeviceValidation() {}

    /**
     * @param old the device of the same name before; missing if there was none
     * @param perDevice whether each device says which nodes can use it
     */
    static void check(Field device, JsonNode old, boolean perDevice) {
        device.child("name").matches(LabelFormat::label);
        var attributes = device.child("attributes");
        var capacity = device.child("capacity");
        int properties = attributes.size() + capacity.size();
        if (properties > MOST_PROPERTIES) {
            device.invalid(
                    properties, "the total number of attributes and capacities must not exceed " + MOST_PROPERTIES);
        }
        attributes.entries((name, attribute) -> {
            DeviceRules.qualified(attributes, name);
            attribute(attribute);
        });
        boolean shared = device.child("allowMultipleAllocations").isTrue();
        capacity.entries((name, amount) -> {
            DeviceRules.qualified(capacity, name);
            amount.child("requestPolicy").ifPresent(policy -> {
                if (shared) {
                    RequestPolicies.check(policy, amount.child("value").text());
                } else {
                    policy.forbidden("allowMultipleAllocations must be true");
                }
            });
        });
        var taints = device.child("taints");
        if (!taints.value().equals(old.path("taints"))) {
            DeviceRules.list(taints, MOST_TAINTS, DeviceValidation::taint);
        }
        DeviceRules.set(
                device.child("consumesCounters"),
                MOST_CONSUMED_SETS,
                consumed -> {
                    var set = consumed.child("counterSet");
                    if (set.mustExist()) {
                        set.matches(LabelFormat::label);
                    }
                    SliceValidation.counters(consumed.child("counters"));
                },
                consumed -> consumed.child("counterSet").text());
        placement(device, perDevice);
        DeviceRules.bindings(device);
    }

    private static void attribute(Field attribute) {
        var values = new LinkedHashMap<String, Object>();
        int given = 0;
        for (String type : new String[] {"int", "bool", "string", "version"}) {
            var value = attribute.child(type);
            values.put(
                    type.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + type.substring(1) + "Value",
                    value.present() ? value.value() : null);
            given += value.present() ? 1 : 0;
        }
        attribute.child("string").ifPresent(DeviceValidation::length);
        attribute.child("version").ifPresent(version -> {
            if (!VERSION.matcher(version.text()).matches()) {
                version.invalid("must be a string compatible with semver.org spec 2.0.0");
            }
            length(version);
        });
        if (given == 0) {
            attribute.invalid("", "exactly one value must be specified");
        } else if (given > 1) {
            // As Go prints the whole attribute.
            for (String type : new String[] {"IntValues", "BoolValues", "StringValues", "VersionValues"}) {
                values.put(type, null);
            }
            attribute.invalid(values, "exactly one value must be specified");
        }
    }

    private static void length(Field text) {
        if (text.text().length() > LONGEST_VALUE) {
            text.add(FieldError.tooLong(text.path(), LONGEST_VALUE));
        }
    }

    private static void taint(Field taint) {
        taint.child("key").matches(LabelFormat::key);
        var value = taint.child("value");
        if (!value.isEmpty()) {
            value.matches(LabelFormat::value);
        }
        taint.child("effect").requiredOneOf("NoExecute", "NoSchedule", "None");
    }

    private static void placement(Field device, boolean perDevice) {
        var node = device.child("nodeName");
        var selector = device.child("nodeSelector");
        var all = device.child("allNodes");
        if (!perDevice) {
            if (node.present() || selector.present() || all.present()) {
                device.add(FieldError.invalid(
                        device.path(),
                        null,
                        "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the"
                                + " ResourceSlice spec"));
            }
            return;
        }
        var set = new ArrayList<String>();
        if (node.present()) {
            if (node.isEmpty()) {
                node.invalid("must not be empty");
            } else {
                set.add("`nodeName`");
                node.matches(LabelFormat::subdomain);
            }
        }
        if (selector.present()) {
            set.add("`nodeSelector`");
            NodeSelectorRules.check(selector, false);
        }
        if (all.isTrue()) {
            set.add("`allNodes`");
        } else if (all.present()) {
            all.invalid("must be either unset or set to true");
        }
        String one =
                "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to"
                        + " true in the ResourceSlice spec";
        if (set.isEmpty()) {
            device.required(one);
        } else if (set.size() > 1) {
            device.invalid("{" + String.join(", ", set) + "}", one);
        }
    }
}
