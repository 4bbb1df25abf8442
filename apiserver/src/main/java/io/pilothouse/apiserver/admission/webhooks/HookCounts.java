package io.pilothouse.apiserver.admission.webhooks;

import io.pilothouse.apiserver.admission.AdmissionMetrics;
import io.pilothouse.apiserver.admission.AdmissionMetrics.Refusal;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.status.StatusException;

/** Counts what came of asking webhooks. */
final class HookCounts {
    private static final int UNAVAILABLE = 503;

    private HookCounts() {}

    /** A webhook said no, or the server had to in its name. */
    static void refused(
            AdmissionMetrics metrics,
            Hook hook,
            String type,
            AdmissionRequest request,
            StatusException refusal,
            long startNanos) {
        int code = refusal.code();
        metrics.hook(hook.name(), type, request.operation(), code, true, startNanos);
        metrics.hookRejected(hook.name(), type, request.operation(), Refusal.ANSWER, code);
    }

    /** A webhook could not be asked, or gave no answer that can be used. */
    static void failed(AdmissionMetrics metrics, Hook hook, String type, AdmissionRequest request, long startNanos) {
        metrics.hook(hook.name(), type, request.operation(), UNAVAILABLE, !hook.lenient(), startNanos);
        if (hook.lenient()) {
            metrics.hookPassedOver(hook.name(), type);
        } else {
            metrics.hookRejected(hook.name(), type, request.operation(), Refusal.CALL, UNAVAILABLE);
        }
    }
}
