package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Requests;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.scale.Scales;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scales what horizontal pod autoscalers point at, so that metrics come to their targets. Each is looked at once a period, whatever happens. */
public final class AutoscalerController {
    private static final Logger LOG = LoggerFactory.getLogger(AutoscalerController.class);
    private static final int CONFLICT = 409;
    private static final int ATTEMPTS = 5;

    private final ControllerContext context;
    private final Settings settings;
    private final Cache<HorizontalPodAutoscaler> autoscalers;
    private final Cache<Pod> pods;
    private final Scales scales;
    private final Metrics metrics;
    private final SelectorOwners owners = new SelectorOwners();
    private final Map<Key, History> histories = new ConcurrentHashMap<>();

    /** Joins a context. */
    public AutoscalerController(ControllerContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.autoscalers = context.cache(HorizontalPodAutoscaler.class);
        this.pods = context.cache(Pod.class);
        this.scales = new Scales(context.client(), context.kinds());
        this.metrics = new RestMetrics(context.client(), scales);
        var queue = context.queue("horizontalpodautoscaler", settings.workers(), this::reconcile);
        autoscalers.on(
                added -> queue.addAfter(Key.of(added), settings.period()),
                (before, after) -> queue.addAfter(Key.of(after), settings.period()),
                gone -> owners.forget(Key.of(gone)));
    }

    private Outcome reconcile(Key key) {
        var autoscaler = autoscalers.find(key);
        if (autoscaler.isEmpty()) {
            histories.remove(key);
            owners.forget(key);
            return Outcome.done();
        }
        if (scales.areKnown()) {
            var draft = new StatusDraft(autoscaler.get(), now());
            scale(autoscaler.get(), draft);
            write(autoscaler.get(), draft);
        }
        return Outcome.after(settings.period());
    }

    private Instant now() {
        return context.clock().instant();
    }

    private void scale(HorizontalPodAutoscaler autoscaler, StatusDraft draft) {
        var reference = autoscaler.getSpec().getScaleTargetRef();
        String version = Objects.requireNonNullElse(reference.getApiVersion(), "");
        var kind = scales.kind(version, reference.getKind());
        if (kind.isEmpty()) {
            noScale(
                    autoscaler,
                    draft,
                    "no matches for kind \"" + reference.getKind() + "\" in group \"" + Scales.group(version) + "\"");
            return;
        }
        Scale scale;
        try {
            scale = scales.get(kind.get(), autoscaler.getMetadata().getNamespace(), reference.getName());
        } catch (KubernetesClientException e) {
            noScale(autoscaler, draft, words(e));
            return;
        }
        draft.set(
                "AbleToScale",
                true,
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        decide(autoscaler, draft, kind.get(), scale);
    }

    private static String words(KubernetesClientException refused) {
        return refused.getStatus() == null && refused.getCode() == 404
                ? "the server could not find the requested resource"
                : Requests.words(refused);
    }

    private void noScale(HorizontalPodAutoscaler autoscaler, StatusDraft draft, String why) {
        context.events().warning(autoscaler, "FailedGetScale", why);
        draft.set(
                "AbleToScale",
                false,
                "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: " + why);
    }

    private void decide(HorizontalPodAutoscaler autoscaler, StatusDraft draft, ServedKind kind, Scale scale) {
        int current = Target.of(scale).specReplicas();
        int least = Objects.requireNonNullElse(autoscaler.getSpec().getMinReplicas(), 1);
        int most = autoscaler.getSpec().getMaxReplicas();
        history(autoscaler).begin(current, now());
        if (current == 0) {
            draft.set(
                    "ScalingActive",
                    false,
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
            draft.found(current, List.of());
            draft.wanted(0, false);
        } else if (current > most) {
            draft.found(current, List.of());
            rescale(autoscaler, draft, kind, scale, most, "Current number of replicas above Spec.MaxReplicas");
        } else if (current < least) {
            draft.found(current, List.of());
            rescale(autoscaler, draft, kind, scale, least, "Current number of replicas below Spec.MinReplicas");
        } else {
            measure(autoscaler, draft, kind, scale, least);
        }
    }

    private void measure(
            HorizontalPodAutoscaler autoscaler, StatusDraft draft, ServedKind kind, Scale scale, int least) {
        var target = Target.of(scale);
        int current = target.specReplicas();
        var round = new Round(autoscaler, draft, context.events());
        Proposal proposal;
        try {
            var selected = round.pods(scale, pods, owners);
            var calculator = new ReplicaCalculator(
                    selected,
                    new PodGroups.Periods(settings.initialization(), settings.readinessDelay()),
                    Tolerances.of(autoscaler, settings.tolerance()),
                    now());
            var rules = new MetricRules(metrics, context.client().getKubernetesSerialization(), calculator, target);
            proposal = round.highest(autoscaler.getSpec().getMetrics(), rules, current);
        } catch (MetricException e) {
            draft.found(current, round.statuses());
            context.events().warning(autoscaler, "FailedComputeMetricsReplicas", e.words());
            return;
        }
        draft.found(current, round.statuses());
        int recommended = Math.max(0, proposal.replicas());
        String reason = recommended > current
                ? proposal.metric() + " above target"
                : recommended < current ? "All metrics below target" : "";
        int desired = new Normalization(history(autoscaler), settings.stabilization(), now())
                .apply(autoscaler, draft, current, recommended, least);
        if (desired == current) {
            draft.wanted(current, false);
        } else {
            rescale(autoscaler, draft, kind, scale, desired, reason);
        }
    }

    private History history(HorizontalPodAutoscaler autoscaler) {
        return histories.computeIfAbsent(Key.of(autoscaler), ignored -> new History());
    }

    private void rescale(
            HorizontalPodAutoscaler autoscaler,
            StatusDraft draft,
            ServedKind kind,
            Scale scale,
            int desired,
            String reason) {
        int current = Target.of(scale).specReplicas();
        try {
            update(kind, scale, desired);
        } catch (KubernetesClientException e) {
            context.events()
                    .warning(
                            autoscaler,
                            "FailedRescale",
                            "New size: " + desired + "; reason: " + reason + "; error: " + Requests.words(e));
            draft.set(
                    "AbleToScale",
                    false,
                    "FailedUpdateScale",
                    "the HPA controller was unable to update the target scale: " + Requests.words(e));
            return;
        }
        draft.set(
                "AbleToScale",
                true,
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + desired);
        context.events().normal(autoscaler, "SuccessfulRescale", "New size: " + desired + "; reason: " + reason);
        var behavior = autoscaler.getSpec().getBehavior();
        if (behavior != null) {
            var rules = desired > current ? behavior.getScaleUp() : behavior.getScaleDown();
            history(autoscaler).scaled(current, desired, History.longest(rules), now());
        }
        draft.wanted(desired, true);
    }

    /** Writes the number over whatever else has changed meanwhile. */
    private void update(ServedKind kind, Scale scale, int desired) {
        Scale latest = scale;
        for (int attempt = 1; ; attempt++) {
            try {
                latest.getSpec().setReplicas(desired);
                scales.update(kind, latest);
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
                latest = scales.get(
                        kind,
                        scale.getMetadata().getNamespace(),
                        scale.getMetadata().getName());
            }
        }
    }

    private void write(HorizontalPodAutoscaler autoscaler, StatusDraft draft) {
        if (!draft.isChanged()) {
            return;
        }
        try {
            context.client()
                    .resource(new HorizontalPodAutoscalerBuilder(autoscaler)
                            .withStatus(draft.build())
                            .build())
                    .updateStatus();
        } catch (KubernetesClientException e) {
            context.events().warning(autoscaler, "FailedUpdateStatus", Requests.words(e));
            LOG.atDebug()
                    .addKeyValue("autoscaler", Key.of(autoscaler))
                    .log("status not written: {}", Requests.words(e));
        }
    }
}
