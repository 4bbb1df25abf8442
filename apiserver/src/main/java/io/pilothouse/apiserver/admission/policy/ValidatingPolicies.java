package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.ExpressionInputs;
import io.pilothouse.apiserver.admission.match.Match;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** ValidatingAdmissionPolicy: policies say no, warn, or write it down. */
public final class ValidatingPolicies implements AdmissionPlugin {
    private static final String NAME = "ValidatingAdmissionPolicy";
    private static final int LONGEST_ANNOTATION = 10 * 1024;

    private final Policies<Validations> policies;
    private final Authorizer authorizer;

    public ValidatingPolicies(AdmissionParts parts) {
        this.policies = new Policies<>(
                parts, "validatingadmissionpolicies", "validatingadmissionpolicybindings", Validations::compile);
        this.authorizer = parts.authorizer();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate(AdmissionRequest request) {
        List<String> denials = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (var policy : policies.all(request)) {
            new Run(request, policy, (message, reason) -> {
                        denials.add(message);
                        reasons.add(reason);
                    })
                    .evaluate();
        }
        if (!denials.isEmpty()) {
            throw refusal(request, denials.getFirst(), reasons.getFirst());
        }
    }

    private static StatusException refusal(AdmissionRequest request, String message, String given) {
        String reason = given.isEmpty() ? "Invalid" : given;
        int code = switch (reason) {
            case "Forbidden" -> 403;
            case "Unauthorized" -> 401;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
        var forbidden = request.forbidden(message).status();
        var details = new Status.Details(
                request.shownName(),
                request.groupResource().group(),
                request.groupResource().resource(),
                "",
                List.of(new Status.Cause("", message, "")),
                0);
        return new StatusException(Status.failure(code, reason, forbidden.message(), details));
    }

    /** Takes what denies the request. */
    private interface Denials {
        void add(String message, String reason);
    }

    /** One policy over one request. */
    private final class Run {
        private final AdmissionRequest request;
        private final Policy<Validations> policy;
        private final Denials denials;
        private final Map<String, Set<String>> annotations = new LinkedHashMap<>();

        Run(AdmissionRequest request, Policy<Validations> policy, Denials denials) {
            this.request = request;
            this.policy = policy;
            this.denials = denials;
        }

        void evaluate() {
            Optional<Match> match;
            Optional<ResourceDefinition> paramResource;
            try {
                match = policy.selection().match(request, policies.context());
                if (match.isEmpty()) {
                    return;
                }
                paramResource = policies.params().resource(policy.paramKind());
            } catch (PolicyConfigurationException | StatusException e) {
                deny("'" + policy.name() + "'", "failed to configure policy: " + e.getMessage());
                return;
            }
            Inputs inputs = null;
            for (var binding : policies.bindings(policy)) {
                try {
                    if (binding.selection().match(request, policies.context()).isEmpty()) {
                        continue;
                    }
                    var params = policies.params()
                            .collect(paramResource, policy.paramKind(), binding.paramRef(), request.namespace());
                    for (var param : params) {
                        inputs = inputs == null ? inputs(match.get()) : inputs;
                        apply(binding, inputs, param);
                    }
                } catch (PolicyConfigurationException | StatusException e) {
                    deny(named(binding), "failed to configure binding: " + e.getMessage());
                }
            }
            annotations.forEach(
                    (key, values) -> request.notes().annotate(policy.name() + "/" + key, String.join(", ", values)));
        }

        private Inputs inputs(Match match) {
            return ExpressionInputs.of(
                    new VersionedRequest(request, match),
                    policies.namespace(request).orElse(null),
                    authorizer);
        }

        private String named(Binding binding) {
            return "'" + policy.name() + "' with binding '" + binding.name() + "'";
        }

        private void deny(String who, String why) {
            if (!policy.lenient()) {
                denials.add("ValidatingAdmissionPolicy " + who + " denied request: " + why, "");
            }
        }

        private void apply(Binding binding, Inputs inputs, Optional<ObjectNode> param) {
            var outcome = new Validator(
                            policy, param.isEmpty() ? inputs : inputs.copy().put("params", param.get()))
                    .validate();
            for (var decision : outcome.denials()) {
                for (String action : binding.actions()) {
                    act(action, binding, decision);
                }
            }
            outcome.annotations()
                    .forEach((key, value) -> annotations
                            .computeIfAbsent(key, k -> new LinkedHashSet<>())
                            .add(value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value));
            for (var failure : outcome.failures()) {
                denials.add(
                        "ValidatingAdmissionPolicy " + named(binding) + " denied request: " + failure.message(), "");
            }
        }

        private void act(String action, Binding binding, Decision decision) {
            switch (action) {
                case "Deny" ->
                    denials.add(
                            "ValidatingAdmissionPolicy " + named(binding) + " denied request: " + decision.message(),
                            decision.reason());
                case "Warn" ->
                    request.notes()
                            .warn("Validation failed for ValidatingAdmissionPolicy " + named(binding) + ": "
                                    + decision.message());
                case "Audit" -> audit(binding, decision);
                default -> throw new IllegalStateException("unknown validation action " + action);
            }
        }

        private void audit(Binding binding, Decision decision) {
            var values = JsonNodeFactory.instance.arrayNode();
            var value = values.addObject().put("message", decision.message()).put("policy", policy.name());
            value.put("binding", binding.name()).put("expressionIndex", decision.index());
            binding.actions().forEach(value.putArray("validationActions")::add);
            request.notes().annotate("validation.policy.admission.k8s.io/validation_failure", Json.text(values));
        }
    }
}
