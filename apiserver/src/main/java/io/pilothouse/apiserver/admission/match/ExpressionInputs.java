package io.pilothouse.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.authz.SelectorTerms;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.cel.AccessCheck;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What expressions see of a request. */
public final class ExpressionInputs {
    private ExpressionInputs() {}

    /** @param namespace the object's, or null */
    public static Inputs of(VersionedRequest versioned, @Nullable JsonNode namespace, Authorizer authorizer) {
        var request = versioned.request();
        ObjectNode description = versioned.describe();
        versioned.describeOptions(description);
        return new Inputs()
                .put("object", versioned.object())
                .put("oldObject", versioned.old())
                .put("request", description)
                .put("namespaceObject", namespace)
                .put("params", null)
                .authorizer(
                        caching(request, authorizer),
                        request.resource().group(),
                        request.resource().resource(),
                        request.subresource(),
                        request.namespace(),
                        request.name());
    }

    /** The same question of one request is asked once. */
    private static AccessCheck caching(AdmissionRequest request, Authorizer authorizer) {
        Map<AccessCheck.Question, AccessCheck.Answer> known = new HashMap<>();
        return question -> known.computeIfAbsent(question, q -> answer(request, authorizer, q));
    }

    private static AccessCheck.Answer answer(
            AdmissionRequest request, Authorizer authorizer, AccessCheck.Question question) {
        UserInfo user = question.account().isEmpty() ? request.user() : account(question.account());
        var attributes = question.path().isEmpty()
                ? Attributes.resource(
                                user,
                                question.verb(),
                                question.group(),
                                question.resource(),
                                question.subresource(),
                                question.namespace(),
                                question.name())
                        .selecting(
                                "*",
                                SelectorTerms.ofFields(question.fieldSelector()),
                                SelectorTerms.ofLabels(question.labelSelector()))
                : Attributes.path(user, question.verb(), question.path());
        Decision decision = authorizer.authorize(attributes);
        return new AccessCheck.Answer(decision.allowed(), decision.reason(), decision.error());
    }

    private static UserInfo account(String name) {
        int slash = name.indexOf('/');
        String namespace = name.substring(0, slash);
        return UserInfo.of(
                "system:serviceaccount:" + namespace + ":" + name.substring(slash + 1),
                "system:serviceaccounts",
                "system:serviceaccounts:" + namespace);
    }
}
