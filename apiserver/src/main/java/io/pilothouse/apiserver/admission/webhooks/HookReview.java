package io.pilothouse.apiserver.admission.webhooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.apiserver.request.TimeLimit;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Asks one webhook about a request. */
final class HookReview {
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");

    private HookReview() {}

    /**
     * Asks.
     *
     * @throws HookFailure where there is no answer that can be used
     * @throws StatusException 400 for a dry run that the webhook is not fit for
     */
    static HookAnswer ask(Hook hook, VersionedRequest versioned, boolean mutating) throws HookFailure {
        if (versioned.request().dryRun() && !hook.quiet()) {
            throw StatusException.badRequest("admission webhook \"" + hook.name() + "\" does not support dry run");
        }
        String version = hook.versions().stream()
                .filter(VERSIONS::contains)
                .findFirst()
                .orElseThrow(
                        () -> new HookFailure(
                                hook.name(),
                                "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)"));
        String uid = UUID.randomUUID().toString();
        try {
            return HookAnswer.read(
                    hook,
                    version,
                    uid,
                    mutating,
                    post(
                            hook,
                            review(version, uid, versioned),
                            versioned.request().limit()));
        } catch (IOException e) {
            // Whoever may be passed over may not be so because the request itself is over.
            if (versioned.request().limit().isOver()) {
                throw AdmissionRequest.timeOver();
            }
            throw new HookFailure(hook.name(), "failed to call webhook: " + e.getMessage());
        }
    }

    private static ObjectNode post(Hook hook, ObjectNode review, TimeLimit limit) throws IOException {
        return hook.call().post(review, limit.left());
    }

    private static ObjectNode review(String version, String uid, VersionedRequest versioned) {
        var review = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "AdmissionReview")
                .put("apiVersion", "admission.k8s.io/" + version);
        var request = review.putObject("request").put("uid", uid);
        request.setAll(versioned.describe());
        request.set("object", versioned.object());
        request.set("oldObject", versioned.old());
        versioned.describeOptions(request);
        return review;
    }
}
