package io.pilothouse.controllers.disruption;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Requests;
import io.pilothouse.controllers.objects.SelectorText;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.scale.Scales;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Says of each disruption budget how many of its pods may be evicted now. Where that cannot be known none may. An evicted pod counts as gone until
 * it is, for two minutes at the most.
 */
public final class DisruptionController {
    private static final int CONFLICT = 409;
    private static final Duration UNTIL_KNOWN = Duration.ofMillis(200);

    private final ControllerContext context;
    private final Cache<PodDisruptionBudget> budgets;
    private final Cache<Pod> pods;
    private final Scales scales;
    private final ExpectedPods expected;
    private final WorkQueue<Key> queue;

    /** Joins a context. */
    public DisruptionController(ControllerContext context) {
        this.context = context;
        this.budgets = context.cache(PodDisruptionBudget.class);
        this.pods = context.cache(Pod.class);
        this.scales = new Scales(context.client(), context.kinds());
        this.expected = new ExpectedPods(context, scales);
        this.queue = context.queue("disruption", 1, this::reconcile);
        budgets.onAny(budget -> queue.add(Key.of(budget)));
        pods.onAny(this::look);
        new StaleDisruptions(context);
    }

    private void look(Pod pod) {
        var matching = budgets.inNamespace(pod.getMetadata().getNamespace()).stream()
                .filter(budget -> matches(budget, pod))
                .sorted(Comparator.comparing(budget -> budget.getMetadata().getName()))
                .toList();
        if (matching.size() > 1) {
            context.events()
                    .warning(
                            pod,
                            "MultiplePodDisruptionBudgets",
                            "Pod \"" + pod.getMetadata().getNamespace() + "\"/\""
                                    + pod.getMetadata().getName()
                                    + "\" matches multiple PodDisruptionBudgets.  Chose \""
                                    + matching.getFirst().getMetadata().getName() + "\" arbitrarily.");
        }
        matching.forEach(budget -> queue.add(Key.of(budget)));
    }

    private static boolean matches(PodDisruptionBudget budget, Pod pod) {
        return Selectors.matches(
                budget.getSpec().getSelector(), pod.getMetadata().getLabels());
    }

    private Outcome reconcile(Key key) {
        var budget = budgets.find(key);
        if (budget.isEmpty()) {
            return Outcome.done();
        }
        if (!scales.areKnown()) {
            return Outcome.after(UNTIL_KNOWN);
        }
        try {
            return sync(budget.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return Outcome.retry();
            }
            return fail(budget.get(), Requests.words(e));
        } catch (Calculation.Failure e) {
            return fail(budget.get(), String.valueOf(e.getMessage()));
        }
    }

    private Outcome sync(PodDisruptionBudget budget) {
        var selected = pods.inNamespace(budget.getMetadata().getNamespace()).stream()
                .filter(pod -> matches(budget, pod))
                .toList();
        if (selected.isEmpty()) {
            context.events().normal(budget, "NoPods", "No matching pods found");
        }
        var calculation = calculate(budget, selected);
        Instant now = context.clock().instant();
        var status = new BudgetStatus(budget, now);
        for (Pod pod : status.overdue(selected)) {
            String namespace = budget.getMetadata().getNamespace();
            // The budget's namespace stands twice in upstream's text, too.
            context.events()
                    .warning(
                            pod,
                            "NotDeleted",
                            "Pod was expected by PDB " + namespace + "/" + namespace + " to be deleted but it wasn't");
        }
        var disrupted = status.disrupted(selected);
        var wanted = status.of(selected, calculation, disrupted);
        if (!status.isCurrent(wanted)) {
            write(budget, wanted);
        }
        return next(disrupted, now);
    }

    private static Outcome next(Map<String, Instant> disrupted, Instant now) {
        return disrupted.values().stream()
                .min(Instant::compareTo)
                .map(since -> Outcome.after(Duration.between(now, since.plus(BudgetStatus.DELETION_TIMEOUT))))
                .orElse(Outcome.done());
    }

    private Calculation calculate(PodDisruptionBudget budget, List<Pod> selected) {
        Calculation calculation;
        try {
            calculation = expected.calculate(budget, selected);
        } catch (KubernetesClientException | Calculation.Failure e) {
            String words = e instanceof KubernetesClientException refused
                    ? Requests.words(refused)
                    : String.valueOf(e.getMessage());
            context.events()
                    .warning(
                            budget,
                            "CalculateExpectedPodCountFailed",
                            "Failed to calculate the number of expected pods: " + words);
            throw e;
        }
        if (!calculation.unmanaged().isEmpty()) {
            context.events()
                    .warning(
                            budget,
                            "UnmanagedPods",
                            "Pods selected by this PodDisruptionBudget (selector: "
                                    + SelectorText.of(budget.getSpec().getSelector())
                                    + ") were found to be unmanaged. As a result, the status of the PDB cannot be calculated"
                                    + " correctly, which may result in undefined behavior. To account for these pods please"
                                    + " set \".spec.minAvailable\" field of the PDB to an integer value.");
        }
        return calculation;
    }

    private Outcome fail(PodDisruptionBudget budget, String why) {
        write(budget, new BudgetStatus(budget, context.clock().instant()).failed(why));
        return Outcome.done();
    }

    private void write(PodDisruptionBudget budget, PodDisruptionBudgetStatus status) {
        context.client()
                .resource(new PodDisruptionBudgetBuilder(budget)
                        .withStatus(status)
                        .build())
                .updateStatus();
    }
}
