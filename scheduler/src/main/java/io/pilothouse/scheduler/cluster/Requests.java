package io.pilothouse.scheduler.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Amounts of resources: thousandths of a CPU, and whole units (bytes, pieces) of all else. */
public final class Requests {
    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    private static final long SCORE_CPU = 100;
    private static final long SCORE_MEMORY = 200L << 20;

    private Requests() {}

    /** What a pod asks for: its containers together, or more where an init container needs more, and its overhead. */
    public static Map<String, Long> of(Pod pod) {
        var sum = new HashMap<String, Long>();
        pod.getSpec().getContainers().forEach(container -> add(sum, requests(container)));
        var sidecars = new HashMap<String, Long>();
        var init = new HashMap<String, Long>();
        for (Container container : pod.getSpec().getInitContainers()) {
            if ("Always".equals(container.getRestartPolicy())) {
                add(sidecars, requests(container));
                most(init, sidecars);
            } else {
                var now = new HashMap<>(sidecars);
                add(now, requests(container));
                most(init, now);
            }
        }
        add(sum, sidecars);
        most(sum, init);
        ResourceRequirements whole = pod.getSpec().getResources();
        if (whole != null && whole.getRequests() != null) {
            sum.putAll(amounts(whole.getRequests()));
        }
        add(sum, amounts(pod.getSpec().getOverhead()));
        return sum;
    }

    /** As {@link #of}, with something for pods that say nothing, so that they spread too. */
    public static Map<String, Long> forScore(Map<String, Long> requests) {
        var score = new HashMap<>(requests);
        score.merge(CPU, SCORE_CPU, (asked, floor) -> asked == 0 ? floor : asked);
        score.merge(MEMORY, SCORE_MEMORY, (asked, floor) -> asked == 0 ? floor : asked);
        return score;
    }

    private static Map<String, Long> requests(Container container) {
        return container.getResources() == null
                ? Map.of()
                : amounts(container.getResources().getRequests());
    }

    /** Quantities as amounts, rounded up. */
    public static Map<String, Long> amounts(@Nullable Map<String, Quantity> quantities) {
        var amounts = new HashMap<String, Long>();
        if (quantities != null) {
            quantities.forEach((name, quantity) -> {
                BigDecimal amount = quantity.getNumericalAmount();
                amounts.put(
                        name,
                        (name.equals(CPU) ? amount.movePointRight(3) : amount)
                                .setScale(0, RoundingMode.UP)
                                .longValue());
            });
        }
        return amounts;
    }

    /** Adds to a sum. */
    public static void add(Map<String, Long> sum, Map<String, Long> more) {
        more.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
    }

    private static void most(Map<String, Long> sum, Map<String, Long> other) {
        other.forEach((name, amount) -> sum.merge(name, amount, Math::max));
    }
}
