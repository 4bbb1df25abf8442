package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.NodeSelectorRules;
import io.pilothouse.machinery.field.ConditionRules;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What must hold for the status of a claim. */
final class ClaimStatusValidation {
    private static final int MOST_CONSUMERS = 256;
    private static final int MOST = 32;
    private static final int MOST_CONDITIONS = 8;
    private static final int LONGEST_DATA = 10 * 1024;
    private static final int LONGEST_INTERFACE = 256;
    private static final int LONGEST_HARDWARE = 128;
    private static final int MOST_ADDRESSES = 16;

    private ClaimStatusValidation() {}

    static List<FieldError> check(ObjectNode claim, ObjectNode old) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(claim, errors);
        var status = root.child("status");
        var reserved = status.child("reservedFor");
        DeviceRules.set(
                reserved,
                MOST_CONSUMERS,
                consumer -> {
                    consumer.child("resource").mustExist();
                    consumer.child("name").mustExist();
                    consumer.child("uid").mustExist();
                },
                consumer -> consumer.child("uid").text());
        var allocation = status.child("allocation");
        var allocated = new HashSet<String>();
        allocation.child("devices", "results").each(result -> allocated.add(AllocatedDevices.key(result.value())));
        DeviceRules.set(
                status.child("devices"),
                -1,
                device -> {
                    device(device);
                    if (!allocated.contains(AllocatedDevices.key(device.value()))) {
                        device.invalid(
                                AllocatedDevices.key(device.value()), "must be an allocated device in the claim");
                    }
                    conditions(device);
                },
                device -> AllocatedDevices.key(device.value()));
        if (!reserved.isEmpty()) {
            if (!allocation.present()) {
                reserved.forbidden("may not be specified when `allocated` is not set");
            } else if (ObjectMeta.isTerminating(claim) && hasNew(claim, old)) {
                reserved.forbidden(
                        "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
            }
        }
        var before = old.path("status").path("allocation");
        if (allocation.present() && !before.isMissingNode()) {
            InternalForm.immutable("AllocationResult", allocation, before);
        } else if (allocation.present()) {
            allocation(allocation.child("devices"), ClaimValidation.of(root.child("spec")));
            allocation.child("nodeSelector").ifPresent(selector -> NodeSelectorRules.check(selector, false));
        }
        return errors;
    }

    private static boolean hasNew(ObjectNode claim, ObjectNode old) {
        var before = new HashSet<>();
        old.path("status").path("reservedFor").forEach(before::add);
        return claim.path("status").path("reservedFor").valueStream().anyMatch(c -> !before.contains(c));
    }

    private static void device(Field device) {
        DeviceRules.driver(device.child("driver"));
        DeviceRules.pool(device.child("pool"));
        device.child("device").matches(LabelFormat::label);
        device.child("shareID").ifPresent(DeviceRules::uid);
    }

    private static void conditions(Field device) {
        var conditions = device.child("conditions");
        if (conditions.size() > MOST_CONDITIONS) {
            conditions.add(FieldError.tooMany(conditions.path(), conditions.size(), MOST_CONDITIONS));
        }
        ConditionRules.check(conditions);
        device.child("data").ifPresent(data -> DeviceRules.raw(data, LONGEST_DATA));
        var network = device.child("networkData");
        longest(network.child("interfaceName"), LONGEST_INTERFACE);
        longest(network.child("hardwareAddress"), LONGEST_HARDWARE);
        DeviceRules.set(
                network.child("ips"),
                MOST_ADDRESSES,
                address -> address.matches(IpFormat::interfaceAddress),
                Field::text);
    }

    private static void longest(Field field, int max) {
        if (field.text().length() > max) {
            field.add(FieldError.tooLong(field.path(), max));
        }
    }

    private static void allocation(Field devices, ClaimValidation rules) {
        DeviceRules.list(devices.child("results"), MOST, result -> {
            rules.reference(result.child("request"));
            device(result);
            DeviceRules.bindings(result);
        });
        DeviceRules.list(devices.child("config"), 2 * MOST, config -> {
            config.child("source").requiredOneOf("FromClaim", "FromClass");
            rules.references(config.child("requests"));
            ClaimValidation.configuration(config);
        });
    }
}
