package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.pods.PodStates;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pods' samples count.
 *
 * @param ready how many do
 * @param unready those that have not begun to work, whose samples mean nothing
 * @param missing those without a sample
 * @param ignored those that have ended or are about to
 */
record PodGroups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {
    /**
     * How long pods that start are treated with care.
     *
     * @param initialization for so long after its start a pod's use of the processor may be that of its start
     * @param readinessDelay for so long after its start a pod may become unready and still never have been ready
     */
    record Periods(Duration initialization, Duration readinessDelay) {}

    static PodGroups of(List<Pod> pods, Map<String, Sample> samples, boolean cpu, Periods periods, Instant now) {
        int ready = 0;
        Set<String> unready = new HashSet<>();
        Set<String> missing = new HashSet<>();
        Set<String> ignored = new HashSet<>();
        for (Pod pod : pods) {
            String name = pod.getMetadata().getName();
            Sample sample = samples.get(name);
            if (Owners.isDeleting(pod) || PodStates.phase(pod).equals("Failed")) {
                ignored.add(name);
            } else if (PodStates.phase(pod).equals("Pending")) {
                unready.add(name);
            } else if (sample == null) {
                missing.add(name);
            } else if (cpu && isStarting(pod, sample, periods, now)) {
                unready.add(name);
            } else {
                ready++;
            }
        }
        return new PodGroups(ready, unready, missing, ignored);
    }

    private static boolean isStarting(Pod pod, Sample sample, Periods periods, Instant now) {
        PodCondition ready = PodStates.condition(pod, "Ready").orElse(null);
        if (ready == null || pod.getStatus().getStartTime() == null) {
            return true;
        }
        Instant started = Instant.parse(pod.getStatus().getStartTime());
        boolean isUnready = "False".equals(ready.getStatus());
        Instant changed = time(ready.getLastTransitionTime());
        if (started.plus(periods.initialization).isAfter(now)) {
            return isUnready || sample.at().isBefore(changed.plus(sample.window()));
        }
        return isUnready && started.plus(periods.readinessDelay).isAfter(changed);
    }

    private static Instant time(@Nullable String text) {
        return text == null ? Instant.EPOCH : Instant.parse(text);
    }
}
