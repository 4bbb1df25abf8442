package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.aggregation.Aggregation;
import io.pilothouse.apiserver.bootstrap.AtOnce;
import io.pilothouse.apiserver.bootstrap.FlowControlObjects;
import io.pilothouse.apiserver.bootstrap.LocalAPIServices;
import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.scheduling.PriorityClasses;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import java.util.ArrayList;
import java.util.List;

/** The objects that a server makes of its own accord and keeps as they should be. */
record OwnObjects(
        OwnWrites writes, FlowControlObjects flowControl, LocalAPIServices apiServices, Aggregation aggregation) {
    /** @param builtIn what is served without custom resources */
    static OwnObjects of(OwnWrites writes, Schemas schemas, ResourceIndex builtIn, Aggregation aggregation) {
        return new OwnObjects(
                writes, new FlowControlObjects(writes, schemas), new LocalAPIServices(writes, builtIn), aggregation);
    }

    /** Makes sure of them, before the server listens. */
    void create(StartHooks hooks) {
        AtOnce.each(PriorityClasses.systemClasses(), one -> writes.create(PriorityClasses.RESOURCE, one));
        hooks.done("scheduling/bootstrap-system-priority-classes");
        flowControl.ensure();
        hooks.done("priority-and-fairness-config-producer");
        apiServices.register();
    }

    /** Keeps them from now on. */
    List<AutoCloseable> start(ObjectCache cache, QueueMetrics queues, StartHooks hooks) {
        var tasks = new ArrayList<>(flowControl.start(cache, queues));
        tasks.add(apiServices.start(cache, queues));
        hooks.done(StartHooks.BEFORE_COMPLETION);
        tasks.addAll(aggregation.start(cache, queues));
        // What other servers serve is told by discovery and OpenAPI as soon as it is known, by no task of their own.
        hooks.done(
                "apiservice-status-local-available-controller",
                "apiservice-status-remote-available-controller",
                "apiservice-registration-controller",
                "apiservice-wait-for-first-sync",
                "apiservice-discovery-controller",
                "apiservice-openapi-controller",
                "apiservice-openapiv3-controller");
        return tasks;
    }
}
