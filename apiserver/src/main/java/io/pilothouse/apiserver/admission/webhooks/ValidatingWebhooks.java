package io.pilothouse.apiserver.admission.webhooks;

import io.pilothouse.apiserver.admission.AdmissionMetrics;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ValidatingAdmissionWebhook: asks all webhooks at the same time; the first by order that says no decides. */
public final class ValidatingWebhooks implements AdmissionPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(ValidatingWebhooks.class);

    private static final String TYPE = "validating";

    private final Hooks hooks;
    private final AdmissionMetrics metrics;

    public ValidatingWebhooks(AdmissionParts parts) {
        this.metrics = parts.metrics();
        this.hooks = new Hooks(parts, "validatingwebhookconfigurations");
    }

    private record Invocation(Hook hook, VersionedRequest versioned) {
        /** Converts the objects, before threads share them. */
        Invocation {
            versioned.object();
            versioned.old();
        }
    }

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (Hook.isExempt(request)) {
            return;
        }
        List<Invocation> invocations = new ArrayList<>();
        for (var hook : hooks.all()) {
            hooks.relevant(hook, request).ifPresent(versioned -> invocations.add(new Invocation(hook, versioned)));
        }
        long start = System.nanoTime();
        try {
            askAndConclude(request, invocations);
        } finally {
            request.notes().spentElsewhere(System.nanoTime() - start);
        }
    }

    private void askAndConclude(AdmissionRequest request, List<Invocation> invocations) {
        if (invocations.size() == 1) {
            conclude(request, invocations.getFirst(), 0, ask(invocations.getFirst()));
        } else if (!invocations.isEmpty()) {
            askAll(request, invocations);
        }
    }

    /** What came of asking: an answer, or what went wrong. */
    private sealed interface Outcome {
        record Answered(HookAnswer answer) implements Outcome {}

        record Failed(HookFailure failure) implements Outcome {}

        record Refused(StatusException refusal) implements Outcome {}
    }

    private Outcome ask(Invocation invocation) {
        var hook = invocation.hook();
        var request = invocation.versioned().request();
        long start = System.nanoTime();
        try {
            var answer = HookReview.ask(hook, invocation.versioned(), false);
            if (answer.allowed()) {
                metrics.hook(hook.name(), TYPE, request.operation(), 200, false, start);
            } else {
                HookCounts.refused(metrics, hook, TYPE, request, answer.refusal(), start);
            }
            return new Outcome.Answered(answer);
        } catch (HookFailure e) {
            HookCounts.failed(metrics, hook, TYPE, request, start);
            return new Outcome.Failed(e);
        } catch (StatusException e) {
            return new Outcome.Refused(e);
        }
    }

    private void askAll(AdmissionRequest request, List<Invocation> invocations) {
        List<Outcome> outcomes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> asked = new ArrayList<>();
            for (var invocation : invocations) {
                asked.add(threads.submit(() -> ask(invocation)));
            }
            try {
                for (var answer : asked) {
                    outcomes.add(answer.get());
                }
            } catch (InterruptedException e) {
                threads.shutdownNow(); // closing alone would wait for them
                Thread.currentThread().interrupt();
                throw AdmissionRequest.timeOver();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a webhook could not be asked", e);
        }
        StatusException first = null;
        for (int i = 0; i < outcomes.size(); i++) {
            try {
                conclude(request, invocations.get(i), i, outcomes.get(i));
            } catch (StatusException refused) {
                first = first == null ? refused : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void conclude(AdmissionRequest request, Invocation invocation, int index, Outcome outcome) {
        switch (outcome) {
            case Outcome.Answered(var answer) -> {
                answer.note(request.notes());
                if (!answer.allowed()) {
                    throw answer.refusal();
                }
            }
            case Outcome.Refused(var refusal) -> throw refusal;
            case Outcome.Failed(var failure) -> {
                if (!invocation.hook().lenient()) {
                    throw StatusException.internalError(String.valueOf(failure.getMessage()));
                }
                LOG.atWarn()
                        .addKeyValue("webhook", invocation.hook().name())
                        .addKeyValue("reason", failure.getMessage())
                        .log("a webhook could not be asked; the request goes on");
                request.notes()
                        .annotate(
                                "failed-open.validating.webhook.admission.k8s.io/round_0_index_" + index,
                                invocation.hook().name());
            }
        }
    }
}
