package io.pilothouse.apiserver.fairness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.ObjectMeta;

/**
 * A flowcontrol.apiserver.k8s.io PriorityLevelConfiguration: how much of the server's capacity its requests get.
 *
 * @param exempt whether its requests never wait
 * @param borrowingPercent of its own seats that it may borrow; -1 for no limit
 * @param queues 0 where what finds no seat is turned away
 */
record LevelSpec(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendablePercent,
        int borrowingPercent,
        int queues,
        int handSize,
        int queueLength) {
    static LevelSpec of(ObjectNode object) {
        var spec = object.path("spec");
        boolean exempt = spec.path("type").asText().equals("Exempt");
        var limits = spec.path(exempt ? "exempt" : "limited");
        var queuing = limits.path("limitResponse").path("queuing");
        return new LevelSpec(
                ObjectMeta.name(object),
                ObjectMeta.uid(object),
                exempt,
                limits.path("nominalConcurrencyShares").asInt(exempt ? 0 : 30),
                limits.path("lendablePercent").asInt(0),
                limits.path("borrowingLimitPercent").asInt(-1),
                queuing.path("queues").asInt(0),
                Math.max(1, queuing.path("handSize").asInt(1)),
                queuing.path("queueLengthLimit").asInt(0));
    }

    /** The level of those who must always be served, for a server that has no object of it. */
    static LevelSpec standingExempt() {
        return new LevelSpec("exempt", "", true, 0, 0, -1, 0, 1, 0);
    }

    /** The level of what belongs to no other, for a server that has no object of it. */
    static LevelSpec standingCatchAll() {
        return new LevelSpec("catch-all", "", false, 5, 0, -1, 0, 1, 0);
    }
}
