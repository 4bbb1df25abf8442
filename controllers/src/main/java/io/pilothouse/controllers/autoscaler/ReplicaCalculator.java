package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;
import io.pilothouse.controllers.pods.PodStates;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How many replicas bring a metric to its target.
 *
 * @param pods those that the scale's selector selects
 * @param now when it is asked
 */
record ReplicaCalculator(List<Pod> pods, PodGroups.Periods periods, Tolerances tolerances, Instant now) {
    private static final int PERCENT = 100;

    /**
     * A number of replicas and what it was calculated from.
     *
     * @param utilization the usage as a percentage of what is requested; 0 where that is not known
     * @param usage the average of the pods, or the metric's value, in thousandths
     */
    record Calculated(int replicas, int utilization, long usage) {}

    private record Ratio(double ratio, int utilization, long usage) {}

    @FunctionalInterface
    private interface Measure {
        Ratio of(Map<String, Sample> samples) throws MetricException;
    }

    /** For a percentage of what pods request. */
    Calculated utilization(int current, int target, boolean cpu, Map<String, Sample> given, Requested requested)
            throws MetricException {
        Map<String, Sample> samples = new HashMap<>(given);
        var groups = group(samples, cpu);
        var requests = requested.get();
        return calculate(
                current,
                samples,
                groups,
                counted -> ratio(counted, requests, target),
                pod -> requests.getOrDefault(pod, 0L) * Math.max(PERCENT, target) / PERCENT);
    }

    /** Finds what pods request, once that matters. */
    @FunctionalInterface
    interface Requested {
        Map<String, Long> get() throws MetricException;
    }

    /** For an average over the pods. */
    Calculated average(int current, long target, boolean cpu, Map<String, Sample> given) throws MetricException {
        Map<String, Sample> samples = new HashMap<>(given);
        return calculate(
                current,
                samples,
                group(samples, cpu),
                counted -> {
                    long mean = total(counted) / counted.size();
                    return new Ratio((double) mean / target, 0, mean);
                },
                pod -> target);
    }

    /** For one value, whatever the number of replicas. */
    Calculated value(int current, long target, long usage) throws MetricException {
        double ratio = (double) usage / target;
        if (current == 0) {
            return new Calculated(ceil(ratio), 0, usage);
        }
        if (tolerances.allow(ratio)) {
            return new Calculated(current, 0, usage);
        }
        try {
            requirePods();
        } catch (MetricException e) {
            throw e.at("unable to calculate ready pods");
        }
        long ready = pods.stream()
                .filter(pod -> PodStates.phase(pod).equals("Running") && PodStates.isReady(pod))
                .count();
        return new Calculated(ceil(ratio * ready), 0, usage);
    }

    /** For one value that replicas share. */
    Calculated share(int current, long target, long usage) {
        double ratio = usage / ((double) target * current);
        int replicas = tolerances.allow(ratio) ? current : ceil((double) usage / target);
        long each = usage == Long.MAX_VALUE ? usage : (long) Math.ceil((double) usage / current);
        return new Calculated(replicas, 0, each);
    }

    private void requirePods() throws MetricException {
        if (pods.isEmpty()) {
            throw new MetricException("no pods returned by selector while calculating replica count");
        }
    }

    private PodGroups group(Map<String, Sample> samples, boolean cpu) throws MetricException {
        requirePods();
        var groups = PodGroups.of(pods, samples, cpu, periods, now);
        samples.keySet().removeAll(groups.ignored());
        samples.keySet().removeAll(groups.unready());
        if (samples.isEmpty()) {
            throw new MetricException("did not receive metrics for targeted pods (pods might be unready)");
        }
        return groups;
    }

    private Calculated calculate(
            int current,
            Map<String, Sample> samples,
            PodGroups groups,
            Measure measure,
            ToLongFunction<String> whenMissing)
            throws MetricException {
        var first = measure.of(samples);
        var unchanged = new Calculated(current, first.utilization, first.usage);
        boolean upWithUnready = !groups.unready().isEmpty() && first.ratio > 1.0;
        if (!upWithUnready && groups.missing().isEmpty()) {
            return tolerances.allow(first.ratio)
                    ? unchanged
                    : new Calculated(ceil(first.ratio * groups.ready()), first.utilization, first.usage);
        }
        // What is not known counts against the change.
        for (String pod : groups.missing()) {
            if (first.ratio != 1.0) {
                samples.put(pod, Sample.assumed(first.ratio < 1.0 ? whenMissing.applyAsLong(pod) : 0));
            }
        }
        if (upWithUnready) {
            groups.unready().forEach(pod -> samples.put(pod, Sample.assumed(0)));
        }
        double second = measure.of(samples).ratio;
        int replicas = ceil(second * samples.size());
        boolean turned = (first.ratio < 1.0 && second > 1.0) || (first.ratio > 1.0 && second < 1.0);
        boolean opposite = (second < 1.0 && replicas > current) || (second > 1.0 && replicas < current);
        return tolerances.allow(second) || turned || opposite
                ? unchanged
                : new Calculated(replicas, first.utilization, first.usage);
    }

    private static Ratio ratio(Map<String, Sample> samples, Map<String, Long> requests, int target)
            throws MetricException {
        long used = 0;
        long requested = 0;
        int counted = 0;
        for (var sample : samples.entrySet()) {
            Long request = requests.get(sample.getKey());
            if (request != null) {
                used += sample.getValue().milli();
                requested += request;
                counted++;
            }
        }
        if (requested == 0) {
            throw new MetricException("no metrics returned matched known pods");
        }
        int utilization = (int) (used * PERCENT / requested);
        return new Ratio((double) utilization / target, utilization, used / counted);
    }

    private static long total(Map<String, Sample> samples) {
        return samples.values().stream().mapToLong(Sample::milli).sum();
    }

    /** Rounded up, and no more than a number of replicas can be. */
    private static int ceil(double replicas) {
        return (int) Math.ceil(replicas);
    }
}
