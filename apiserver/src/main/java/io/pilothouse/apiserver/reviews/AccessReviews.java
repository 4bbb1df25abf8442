package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** authorization.k8s.io/v1 SubjectAccessReview and its Self and Local forms. */
final class AccessReviews extends ReviewAction {
    /** Who is asked about, and where. */
    enum Form {
        ANYBODY,
        SELF,
        LOCAL
    }

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final Authorizer authorizer;
    private final Form form;

    AccessReviews(Authorizer authorizer, Form form) {
        this.authorizer = authorizer;
        this.form = form;
    }

    @Override
    void answer(ApiRequest request, ObjectNode review) {
        var spec = review.path("spec");
        var errors = check(request, spec);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        var user = form == Form.SELF ? request.user() : userOf(spec);
        var decision = authorizer.authorize(attributes(user, spec));
        var status = review.putObject("status");
        status.put("allowed", decision.allowed());
        if (decision.kind() == Decision.Kind.DENY) {
            status.put("denied", true);
        }
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
    }

    private List<FieldError> check(ApiRequest request, JsonNode spec) {
        var errors = new ArrayList<FieldError>();
        boolean resource = spec.hasNonNull("resourceAttributes");
        boolean path = spec.hasNonNull("nonResourceAttributes");
        if (form != Form.SELF
                && spec.path("user").asText().isEmpty()
                && spec.path("groups").isEmpty()) {
            errors.add(FieldError.invalid(SPEC.child("user"), "", "at least one of user or group must be specified"));
        }
        if (form == Form.LOCAL) {
            if (path) {
                errors.add(FieldError.invalid(
                        SPEC.child("nonResourceAttributes"),
                        goPath(spec.path("nonResourceAttributes")),
                        "disallowed on this kind of request"));
            } else if (resource
                    && !spec.path("resourceAttributes")
                            .path("namespace")
                            .asText()
                            .equals(request.info().namespace())) {
                errors.add(FieldError.invalid(
                        SPEC.child("resourceAttributes").child("namespace"),
                        spec.path("resourceAttributes").path("namespace").asText(),
                        "must match metadata.namespace"));
            }
        }
        if (!resource && !path) {
            errors.add(FieldError.invalid(
                    SPEC.child("resourceAttributes"),
                    null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        } else if (resource && path && form != Form.LOCAL) {
            errors.add(FieldError.invalid(
                    SPEC.child("nonResourceAttributes"),
                    goPath(spec.path("nonResourceAttributes")),
                    "cannot be specified in combination with resourceAttributes"));
        }
        return errors;
    }

    /** Upstream shows its internal type here, whose fields have no JSON names. */
    private static ObjectNode goPath(JsonNode attributes) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("Path", attributes.path("path").asText())
                .put("Verb", attributes.path("verb").asText());
    }

    private static UserInfo userOf(JsonNode spec) {
        var groups = new ArrayList<String>();
        spec.path("groups").forEach(g -> groups.add(g.asText()));
        Map<String, List<String>> extra = new HashMap<>();
        for (var entry : spec.path("extra").properties()) {
            var values = new ArrayList<String>();
            entry.getValue().forEach(v -> values.add(v.asText()));
            extra.put(entry.getKey().toLowerCase(Locale.ROOT), values);
        }
        return new UserInfo(spec.path("user").asText(), spec.path("uid").asText(), groups, extra);
    }

    private static Attributes attributes(UserInfo user, JsonNode spec) {
        var resource = spec.path("resourceAttributes");
        if (spec.hasNonNull("resourceAttributes")) {
            return Attributes.resource(
                    user,
                    resource.path("verb").asText(),
                    resource.path("group").asText(),
                    resource.path("resource").asText(),
                    resource.path("subresource").asText(),
                    resource.path("namespace").asText(),
                    resource.path("name").asText());
        }
        var path = spec.path("nonResourceAttributes");
        return Attributes.path(
                user, path.path("verb").asText(), path.path("path").asText());
    }
}
