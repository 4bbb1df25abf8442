package io.pilothouse.apiserver.admission.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.Conditions;
import io.pilothouse.apiserver.admission.match.Selection;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.hooks.HookCall;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.machinery.cel.AdmissionExpressions;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One webhook of a configuration. Immutable.
 *
 * @param id unique to the webhook
 * @param quiet whether a call without side effects is possible, as a dry run needs it
 * @param again whether it wants to see changes that are made after it
 * @param lenient whether the request goes on where the webhook cannot be asked
 */
record Hook(
        String id,
        String configuration,
        String name,
        Selection selection,
        Conditions conditions,
        List<String> versions,
        HookCall call,
        boolean quiet,
        boolean again,
        boolean lenient) {
    private static final int DEFAULT_SECONDS = 10;

    /** All webhooks of a configuration, in their order. */
    static List<Hook> of(
            ObjectNode configuration, ClusterView cluster, ClientMetrics metrics, AdmissionProgram.Factory factory) {
        List<Hook> out = new ArrayList<>();
        String name = ObjectMeta.name(configuration);
        for (JsonNode webhook : configuration.path("webhooks")) {
            out.add(of(name, out.size(), webhook, cluster, metrics, factory));
        }
        return out;
    }

    private static Hook of(
            String configuration,
            int index,
            JsonNode webhook,
            ClusterView cluster,
            ClientMetrics metrics,
            AdmissionProgram.Factory factory) {
        var conditions = new Conditions(
                webhook.path("matchConditions"),
                new AdmissionExpressions(),
                new Scope(false, true, false),
                Map.of(),
                factory);
        var timeout = Duration.ofSeconds(webhook.path("timeoutSeconds").asInt(DEFAULT_SECONDS));
        String effects = webhook.path("sideEffects").asText("");
        return new Hook(
                configuration + "/" + webhook.path("name").asText("") + "/" + index,
                configuration,
                webhook.path("name").asText(""),
                Selection.ofWebhook(webhook),
                conditions,
                Trees.strings(webhook.path("admissionReviewVersions")),
                new HookCall(webhook.path("clientConfig"), cluster, metrics, timeout),
                effects.equals("None") || effects.equals("NoneOnDryRun"),
                webhook.path("reinvocationPolicy").asText("").equals("IfNeeded"),
                webhook.path("failurePolicy").asText("").equals("Ignore"));
    }

    /** Whether a request is for the configuration of admission itself, which no webhook and no policy can stand in the way of. */
    static boolean isExempt(AdmissionRequest request) {
        return request.groupResource().group().equals("admissionregistration.k8s.io");
    }
}
