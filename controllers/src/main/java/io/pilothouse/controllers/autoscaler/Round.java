package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.pilothouse.controllers.events.EventRecorder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at all metrics of one autoscaler. */
final class Round {
    private final HorizontalPodAutoscaler autoscaler;
    private final StatusDraft draft;
    private final EventRecorder events;
    private final List<MetricStatus> statuses = new ArrayList<>();

    Round(HorizontalPodAutoscaler autoscaler, StatusDraft draft, EventRecorder events) {
        this.autoscaler = autoscaler;
        this.draft = draft;
        this.events = events;
    }

    /** The values that were found; an empty one for each metric that failed. */
    List<MetricStatus> statuses() {
        return statuses;
    }

    /**
     * The pods of the target.
     *
     * @throws MetricException where it cannot be said which they are, which the draft then says too
     */
    List<Pod> pods(Scale scale, Cache<Pod> cache, SelectorOwners owners) throws MetricException {
        String text = Target.of(scale).selector();
        if (text.isEmpty()) {
            throw selectorFailure(
                    "SelectorRequired",
                    "InvalidSelector",
                    "selector is required",
                    "the HPA target's scale is missing a selector");
        }
        LabelSelector selector;
        try {
            selector = LabelSelector.parse(text);
        } catch (SelectorException e) {
            String message =
                    "couldn't convert selector into a corresponding internal selector object: " + e.getMessage();
            throw selectorFailure("InvalidSelector", "InvalidSelector", message, message);
        }
        owners.put(Key.of(autoscaler), selector);
        String namespace = autoscaler.getMetadata().getNamespace();
        var pods = cache.inNamespace(namespace).stream()
                .filter(pod -> SelectorOwners.selects(selector, pod))
                .toList();
        var selecting = owners.of(namespace, pods);
        if (selecting.size() > 1) {
            String message =
                    "pods by selector " + text + " are controlled by multiple HPAs: " + SelectorOwners.text(selecting);
            throw selectorFailure("AmbiguousSelector", "AmbiguousSelector", message, message);
        }
        return pods;
    }

    private MetricException selectorFailure(String event, String reason, String message, String condition) {
        events.warning(autoscaler, event, message);
        draft.set("ScalingActive", false, reason, condition);
        return new MetricException(message);
    }

    /**
     * The most that any metric calls for.
     *
     * @throws MetricException where no metric can be had, or not all and the others call for fewer replicas than there are
     */
    Proposal highest(List<MetricSpec> specs, MetricRules rules, int specReplicas) throws MetricException {
        Proposal.@Nullable Failure first = null;
        int failures = 0;
        Optional<Proposal> highest = Optional.empty();
        for (MetricSpec spec : specs) {
            try {
                var proposal = rules.propose(spec);
                statuses.add(proposal.status());
                if (highest.isEmpty()
                        || highest.get().replicas() == 0
                        || proposal.replicas() > highest.get().replicas()) {
                    highest = Optional.of(proposal);
                }
            } catch (Proposal.Failure e) {
                events.warning(autoscaler, e.reason(), e.why());
                first = Objects.requireNonNullElse(first, e);
                failures++;
                var unknown = new MetricStatus();
                unknown.setType("");
                statuses.add(unknown);
            }
        }
        if (first != null && (highest.isEmpty() || highest.get().replicas() < specReplicas)) {
            draft.set(
                    "ScalingActive",
                    false,
                    first.reason(),
                    "the HPA was unable to compute the replica count: " + first.why());
            throw new MetricException("invalid metrics (" + failures + " invalid out of " + specs.size()
                    + "), first error is: " + first.whole());
        }
        var found = highest.orElseThrow();
        draft.set(
                "ScalingActive",
                true,
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from " + found.metric());
        return found;
    }
}
