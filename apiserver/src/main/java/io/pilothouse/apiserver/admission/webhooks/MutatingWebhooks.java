package io.pilothouse.apiserver.admission.webhooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionMetrics;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.status.StatusException;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MutatingAdmissionWebhook: asks webhooks one after the other, each of which sees what those before it changed. */
public final class MutatingWebhooks implements AdmissionPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(MutatingWebhooks.class);
    private static final String NAME = "MutatingAdmissionWebhook";

    private static final String TYPE = "admit";

    private final Hooks hooks;
    private final AdmissionMetrics metrics;

    public MutatingWebhooks(AdmissionParts parts) {
        this.metrics = parts.metrics();
        this.hooks = new Hooks(parts, "mutatingwebhookconfigurations");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var all = hooks.all();
        if (all.isEmpty() || Hook.isExempt(request)) {
            return;
        }
        var reinvocation = request.reinvocation();
        reinvocation.enter(NAME, request.object());
        try {
            for (int i = 0; i < all.size(); i++) {
                var hook = all.get(i);
                var versioned = hooks.relevant(hook, request);
                if (versioned.isPresent() && reinvocation.isDue(NAME, hook.id())) {
                    invoke(hook, i, versioned.get());
                }
            }
        } finally {
            reinvocation.leave(NAME, request.object());
        }
    }

    private void invoke(Hook hook, int index, VersionedRequest versioned) {
        var request = versioned.request();
        String place =
                "webhook.admission.k8s.io/round_" + (request.reinvocation().isSecond() ? 1 : 0) + "_index_" + index;
        boolean changed = false;
        long start = System.nanoTime();
        try {
            changed = ask(hook, versioned);
            metrics.hook(hook.name(), TYPE, request.operation(), 200, false, start);
        } catch (StatusException refusal) {
            HookCounts.refused(metrics, hook, TYPE, request, refusal, start);
            throw refusal;
        } catch (HookFailure failure) {
            HookCounts.failed(metrics, hook, TYPE, request, start);
            if (!hook.lenient()) {
                throw StatusException.internalError(String.valueOf(failure.getMessage()));
            }
            LOG.atWarn()
                    .addKeyValue("webhook", hook.name())
                    .addKeyValue("reason", failure.getMessage())
                    .log("a webhook could not be asked; the request goes on");
            request.notes().annotate("failed-open.mutation." + place, hook.name());
        } finally {
            note(hook, place, request, changed);
        }
        if (changed) {
            request.reinvocation().changed(NAME);
        }
        if (hook.again()) {
            request.reinvocation().addCandidate(NAME, hook.id());
        }
    }

    private static void note(Hook hook, String place, AdmissionRequest request, boolean changed) {
        var value = JsonNodeFactory.instance
                .objectNode()
                .put("configuration", hook.configuration())
                .put("webhook", hook.name())
                .put("mutated", changed);
        request.notes().annotate("mutation." + place, Json.text(value));
    }

    private static boolean ask(Hook hook, VersionedRequest versioned) throws HookFailure {
        long start = System.nanoTime();
        HookAnswer answer;
        try {
            answer = HookReview.ask(hook, versioned, true);
        } finally {
            versioned.request().notes().spentElsewhere(System.nanoTime() - start);
        }
        answer.note(versioned.request().notes());
        if (!answer.allowed()) {
            throw answer.refusal();
        }
        if (answer.patch().isEmpty()) {
            return false;
        }
        var patch = patch(hook, answer);
        var object = versioned.object();
        if (object == null) {
            throw StatusException.internalError("admission webhook \"" + hook.name()
                    + "\" attempted to modify the object, which is not supported for this operation");
        }
        if (!answer.patchType().equals("JSONPatch")) {
            throw new HookFailure(hook.name(), "unsupported patch type \"" + answer.patchType() + "\"");
        }
        try {
            if (patch.apply(object) instanceof ObjectNode patched) {
                return versioned.replace(patched, FieldValidation.IGNORE);
            }
            throw StatusException.internalError("the patched object is none");
        } catch (DecodeException e) {
            throw StatusException.internalError(String.valueOf(e.getMessage()));
        } catch (StatusException e) {
            throw e.code() == 500 ? e : StatusException.internalError(String.valueOf(e.getMessage()));
        }
    }

    private static JsonPatch patch(Hook hook, HookAnswer answer) throws HookFailure {
        try {
            return JsonPatch.parse(Base64.getDecoder().decode(answer.patch()));
        } catch (IllegalArgumentException | StatusException e) {
            throw new HookFailure(hook.name(), "received undecodable patch in webhook response: " + e.getMessage());
        }
    }
}
