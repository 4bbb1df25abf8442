package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.authz.SelectorTerms;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
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

    private final Authorizer authorizer;
    private final Form form;

    AccessReviews(Authorizer authorizer, Form form) {
        this.authorizer = authorizer;
        this.form = form;
    }

    @Override
    void answer(ApiRequest request, ObjectNode review) {
        var errors = new ArrayList<FieldError>();
        check(Field.of(review, errors));
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        var spec = review.path("spec");
        var attributes = attributes(form == Form.SELF ? request.user() : userOf(spec), spec);
        var decision = authorizer.authorize(attributes);
        var status = review.putObject("status");
        status.put("allowed", decision.allowed());
        if (decision.kind() == Decision.Kind.DENY) {
            status.put("denied", true);
        }
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        String problems = problems(decision, attributes);
        if (!problems.isEmpty()) {
            status.put("evaluationError", problems);
        }
    }

    private static String problems(Decision decision, Attributes attributes) {
        var problems = new ArrayList<String>();
        if (!decision.error().isEmpty()) {
            problems.add(decision.error());
        }
        ignored(problems, "fieldSelector", attributes.fields());
        ignored(problems, "labelSelector", attributes.labels());
        return String.join("; ", problems);
    }

    private static void ignored(List<String> problems, String selector, SelectorTerms terms) {
        if (terms.failed()) {
            problems.add("spec.resourceAttributes." + selector
                    + (terms.requirements().isEmpty() ? " ignored" : " partially ignored") + " due to parse error");
        }
    }

    private void check(Field review) {
        var spec = review.child("spec");
        var resource = spec.child("resourceAttributes");
        var path = spec.child("nonResourceAttributes");
        if (resource.present() && path.present()) {
            path.invalid(goPath(path.value()), "cannot be specified in combination with resourceAttributes");
        }
        if (!resource.present() && !path.present()) {
            resource.invalid(
                    MissingNode.getInstance(),
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (form != Form.SELF
                && spec.child("user").isEmpty()
                && spec.child("groups").isEmpty()) {
            spec.child("user").invalid("at least one of user or group must be specified");
        }
        SelectorValidation.check(resource);
        checkMetadata(review.child("metadata"));
        if (form == Form.LOCAL) {
            var namespace = resource.child("namespace");
            if (resource.present()
                    && !namespace.is(review.child("metadata", "namespace").text())) {
                namespace.invalid("must match metadata.namespace");
            }
            if (path.present()) {
                path.invalid(goPath(path.value()), "disallowed on this kind of request");
            }
        }
    }

    private void checkMetadata(Field metadata) {
        for (var entry : metadata.value().properties()) {
            boolean expected = entry.getKey().equals("managedFields")
                    || (form == Form.LOCAL && entry.getKey().equals("namespace"));
            if (!expected && !entry.getValue().isNull()) {
                metadata.invalid(form == Form.LOCAL ? "must be empty except for namespace" : "must be empty");
                return;
            }
        }
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
            String version = resource.path("version").asText("");
            return Attributes.resource(
                            user,
                            resource.path("verb").asText(),
                            resource.path("group").asText(),
                            resource.path("resource").asText(),
                            resource.path("subresource").asText(),
                            resource.path("namespace").asText(),
                            resource.path("name").asText())
                    .selecting(
                            version.isEmpty() ? "*" : version,
                            SelectorTerms.fieldsOf(resource.path("fieldSelector")),
                            SelectorTerms.labelsOf(resource.path("labelSelector")));
        }
        var path = spec.path("nonResourceAttributes");
        return Attributes.path(
                user, path.path("verb").asText(), path.path("path").asText());
    }
}
