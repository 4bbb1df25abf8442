package io.pilothouse.apiserver.kinds.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** What must hold for priority levels. */
final class PriorityLevelValidation {
    private static final String EXEMPT = "exempt";
    private static final String ROUND_TRIP = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
    private static final int MAX_QUEUES = 10_000_000;
    private static final int HASH_BITS = 60;
    private static final int ALL = 100;

    private PriorityLevelValidation() {}

    static List<FieldError> check(ObjectNode level, FlowControlDefaults defaults) {
        var errors = new ArrayList<FieldError>();
        var root = Field.of(level, errors);
        var annotations = root.child("metadata", "annotations");
        if (annotations.value().has(ROUND_TRIP)) {
            annotations.forbidden("annotation '" + ROUND_TRIP + "' is forbidden");
        }
        var spec = root.child("spec");
        String name = ObjectMeta.name(level);
        spec(spec, name);
        FlowControlDefaults.fixed(defaults.levels(), name).ifPresent(fixed -> fixed(spec, name, fixed));
        FlowSchemaValidation.conditions(root.child("status", "conditions"));
        return errors;
    }

    /** Of a fixed level, only the limits of the exempt one may be changed. */
    private static void fixed(Field spec, String name, ObjectNode fixed) {
        var actual = spec.value().deepCopy();
        if (name.equals(EXEMPT) && actual instanceof ObjectNode object) {
            object.set(EXEMPT, fixed.get(EXEMPT));
        }
        if (!fixed.equals(actual)) {
            spec.invalid(
                    InternalForm.of("PriorityLevelConfigurationSpec", spec.value()),
                    "spec of '" + name + "' " + (name.equals(EXEMPT) ? "except the 'spec.exempt' field " : "")
                            + "must equal the fixed value");
        }
    }

    private static void spec(Field spec, String name) {
        var type = spec.child("type");
        if (name.equals(EXEMPT) != type.is("Exempt")) {
            type.invalid("must be 'Exempt' if and only if `name` is 'exempt'");
        }
        if (!type.oneOf("Exempt", "Limited")) {
            return;
        }
        var limited = spec.child("limited");
        var exempt = spec.child(EXEMPT);
        if (type.is("Exempt")) {
            if (limited.present()) {
                limited.forbidden("must be nil if the type is not Limited");
            }
            exempt.ifPresent(limits -> {
                shares(limits);
                lendable(limits);
            });
            return;
        }
        if (exempt.present()) {
            exempt.forbidden("must be nil if the type is Limited");
        }
        if (limited.present()) {
            limited(limited);
        } else {
            limited.required("must not be empty when type is Limited");
        }
    }

    private static void limited(Field limits) {
        shares(limits);
        response(limits.child("limitResponse"));
        lendable(limits);
        var borrowing = limits.child("borrowingLimitPercent");
        if (borrowing.number() < 0) {
            borrowing.invalid("if specified, must be a non-negative integer");
        }
    }

    private static void shares(Field limits) {
        var shares = limits.child("nominalConcurrencyShares");
        if (shares.number() < 0) {
            shares.invalid("must be a non-negative integer");
        }
    }

    private static void lendable(Field limits) {
        var lendable = limits.child("lendablePercent");
        if (lendable.number() < 0 || lendable.number() > ALL) {
            lendable.invalid("must be between 0 and 100, inclusive");
        }
    }

    private static void response(Field response) {
        var type = response.child("type");
        if (!type.oneOf("Queue", "Reject")) {
            return;
        }
        var queuing = response.child("queuing");
        if (type.is("Reject")) {
            if (queuing.present()) {
                queuing.forbidden("must be nil if limited.limitResponse.type is not Limited");
            }
        } else if (queuing.present()) {
            queuing(queuing);
        } else {
            queuing.required("must not be empty if limited.limitResponse.type is Limited");
        }
    }

    private static void queuing(Field queuing) {
        var length = queuing.child("queueLengthLimit");
        if (length.number() <= 0) {
            length.invalid("must be positive");
        }
        var queues = queuing.child("queues");
        if (queues.number() <= 0) {
            queues.invalid("must be positive");
        } else if (queues.number() > MAX_QUEUES) {
            queues.invalid("must not be greater than " + MAX_QUEUES);
        }
        var hand = queuing.child("handSize");
        if (hand.number() <= 0) {
            hand.invalid("must be positive");
        } else if (hand.number() > queues.number()) {
            hand.invalid("should not be greater than queues (" + queues.number() + ")");
        } else if (entropyBits(queues.number(), hand.number()) > HASH_BITS) {
            hand.invalid("required entropy bits of deckSize " + queues.number() + " and handSize " + hand.number()
                    + " should not be greater than " + HASH_BITS);
        }
    }

    /** How many bits of a hash it takes to deal a hand of queues. */
    private static double entropyBits(long queues, long hand) {
        return Math.ceil(Math.log((double) queues) / Math.log(2) * hand);
    }
}
