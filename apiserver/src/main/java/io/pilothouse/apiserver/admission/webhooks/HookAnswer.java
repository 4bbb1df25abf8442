package io.pilothouse.apiserver.admission.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.AdmissionNotes;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/**
 * What a webhook says.
 *
 * @param patch base64 of a JSON patch; empty for none
 */
record HookAnswer(
        Hook hook,
        boolean allowed,
        JsonNode result,
        String patch,
        String patchType,
        List<String> warnings,
        JsonNode annotations) {
    private static final int LEAST_CODE = 400;
    private static final String REVIEW = "AdmissionReview";

    /**
     * Reads the answer to a review.
     *
     * @param version v1 or v1beta1, which is laxer
     * @throws HookFailure for one that is not valid
     */
    static HookAnswer read(Hook hook, String version, String uid, boolean mutating, JsonNode review)
            throws HookFailure {
        var response = review.path("response");
        if (!response.isObject()) {
            throw invalid(hook, "webhook response was absent");
        }
        String patch = mutating ? response.path("patch").asText("") : "";
        String type = patch.isEmpty() ? "" : "JSONPatch";
        if (version.equals("v1")) {
            requireIdentity(hook, uid, review, response);
            type = mutating ? patchType(hook, response) : noPatch(hook, response);
        }
        return new HookAnswer(
                hook,
                response.path("allowed").asBoolean(),
                response.path("status"),
                patch,
                type,
                Trees.strings(response.path("warnings")),
                response.path("auditAnnotations"));
    }

    private static HookFailure invalid(Hook hook, String why) {
        return new HookFailure(hook.name(), "received invalid webhook response: " + why);
    }

    private static void requireIdentity(Hook hook, String uid, JsonNode review, JsonNode response) throws HookFailure {
        String given = response.path("uid").asText("");
        if (!given.equals(uid)) {
            throw invalid(hook, "expected response.uid=\"" + uid + "\", got \"" + given + "\"");
        }
        String apiVersion = review.path("apiVersion").asText("");
        String kind = review.path("kind").asText("");
        if (!apiVersion.equals("admission.k8s.io/v1") || !kind.equals(REVIEW)) {
            String got = (apiVersion.isEmpty() ? "/" : apiVersion) + ", Kind=" + kind;
            throw invalid(hook, "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got " + got);
        }
    }

    private static String patchType(Hook hook, JsonNode response) throws HookFailure {
        boolean patch = !response.path("patch").asText("").isEmpty();
        boolean typed = response.hasNonNull("patchType");
        if (patch && !typed) {
            throw invalid(hook, "webhook returned response.patch but not response.patchType");
        }
        if (!patch && typed) {
            throw invalid(hook, "webhook returned response.patchType but not response.patch");
        }
        String type = response.path("patchType").asText("");
        if (typed && type.isEmpty()) {
            throw invalid(hook, "webhook returned invalid response.patchType of \"\"");
        }
        return type;
    }

    private static String noPatch(Hook hook, JsonNode response) throws HookFailure {
        if (!response.path("patch").asText("").isEmpty()) {
            throw invalid(hook, "validating webhook may not return response.patch");
        }
        if (response.hasNonNull("patchType")) {
            throw invalid(hook, "validating webhook may not return response.patchType");
        }
        return "";
    }

    /** Passes on what it has to say besides yes and no. */
    void note(AdmissionNotes notes) {
        annotations
                .properties()
                .forEach(e -> notes.annotate(
                        hook.name() + "/" + e.getKey(), e.getValue().asText("")));
        warnings.forEach(notes::warn);
    }

    /** The refusal, with the status that the webhook gave. */
    StatusException refusal() {
        var given = Status.fromNode(result);
        String head = "admission webhook \"" + hook.name() + "\" denied the request";
        String message;
        if (!given.message().isEmpty()) {
            message = head + ": " + given.message();
        } else if (!given.reason().isEmpty()) {
            message = head + ": " + given.reason();
        } else {
            message = head + " without explanation";
        }
        return new StatusException(
                Status.failure(Math.max(given.code(), LEAST_CODE), given.reason(), message, given.details()));
    }
}
