package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.ExpressionInputs;
import io.pilothouse.apiserver.admission.match.Match;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MutatingAdmissionPolicy: policies change objects, each of which sees what those before it changed. */
public final class MutatingPolicies implements AdmissionPlugin {
    private static final String NAME = "MutatingAdmissionPolicy";

    private final Policies<Rules> policies;
    private final Authorizer authorizer;

    /** @param again whether the policy wants to see changes that are made after it */
    private record Rules(List<Mutation> mutations, boolean again) {}

    /** A policy with a binding and a parameter. */
    private record Invocation(Policy<Rules> policy, Binding binding, Match match, Optional<ObjectNode> param) {
        String key() {
            String name = param.map(ObjectMeta::key).orElse("");
            return policy.name() + "|" + binding.name() + "|" + name;
        }
    }

    /** @param reason of the Status, where it is not the usual one */
    private record Problem(String message, String reason) {}

    public MutatingPolicies(AdmissionParts parts) {
        this.policies = new Policies<>(
                parts,
                "mutatingadmissionpolicies",
                "mutatingadmissionpolicybindings",
                (spec, compiler) -> new Rules(
                        Mutation.compile(spec, compiler),
                        spec.path("reinvocationPolicy").asText("").equals("IfNeeded")));
        this.authorizer = parts.authorizer();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var all = policies.all(request);
        if (all.isEmpty()) {
            return;
        }
        List<Problem> problems = new ArrayList<>();
        List<Invocation> invocations = new ArrayList<>();
        all.forEach(policy -> collect(request, policy, invocations, problems));
        if (!invocations.isEmpty()) {
            var reinvocation = request.reinvocation();
            reinvocation.enter(NAME, request.object());
            try {
                invocations.forEach(invocation -> invoke(request, invocation, problems));
            } finally {
                reinvocation.leave(NAME, request.object());
            }
        }
        if (!problems.isEmpty()) {
            throw refusal(request, problems);
        }
    }

    private void collect(
            AdmissionRequest request, Policy<Rules> policy, List<Invocation> invocations, List<Problem> problems) {
        try {
            var match = policy.selection().match(request, policies.context());
            if (match.isEmpty()) {
                return;
            }
            var resource = policies.params().resource(policy.paramKind());
            for (var binding : policies.bindings(policy)) {
                try {
                    if (binding.selection().match(request, policies.context()).isPresent()) {
                        policies.params()
                                .collect(resource, policy.paramKind(), binding.paramRef(), request.namespace())
                                .forEach(p -> invocations.add(new Invocation(policy, binding, match.get(), p)));
                    }
                } catch (PolicyConfigurationException | StatusException e) {
                    add(
                            policy,
                            problems,
                            new Problem(named(policy, binding, "failed to configure binding: " + e.getMessage()), ""));
                }
            }
        } catch (PolicyConfigurationException | StatusException e) {
            add(
                    policy,
                    problems,
                    new Problem(
                            "policy \"" + policy.name() + "\" denied request: failed to configure policy: "
                                    + e.getMessage(),
                            ""));
        }
    }

    private static void add(Policy<Rules> policy, List<Problem> problems, Problem problem) {
        if (!policy.lenient()) {
            problems.add(problem);
        }
    }

    private static String named(Policy<Rules> policy, Binding binding, String why) {
        return "policy '" + policy.name() + "' with binding '" + binding.name() + "' denied request: " + why;
    }

    private void invoke(AdmissionRequest request, Invocation invocation, List<Problem> problems) {
        var policy = invocation.policy();
        var versioned = new VersionedRequest(request, invocation.match());
        if (!policy.conditions().isEmpty()) {
            var verdict = policy.conditions().check(inputs(versioned, invocation));
            if (!verdict.error().isEmpty()) {
                add(policy, problems, new Problem(named(policy, invocation.binding(), verdict.error()), "Invalid"));
            }
            if (!verdict.matches()) {
                return;
            }
        }
        if (!request.reinvocation().isDue(NAME, invocation.key())) {
            return;
        }
        boolean changed = false;
        for (var mutation : policy.rules().mutations()) {
            try {
                changed |= mutation.apply(versioned, inputs(versioned, invocation), policy.variables());
            } catch (Mutation.FailedException e) {
                add(
                        policy,
                        problems,
                        new Problem(named(policy, invocation.binding(), String.valueOf(e.getMessage())), "Invalid"));
            }
        }
        if (changed) {
            request.reinvocation().changed(NAME);
        }
        if (policy.rules().again()) {
            request.reinvocation().addCandidate(NAME, invocation.key());
        }
    }

    private Inputs inputs(VersionedRequest versioned, Invocation invocation) {
        var inputs = ExpressionInputs.of(
                versioned, policies.namespace(versioned.request()).orElse(null), authorizer);
        return inputs.put("params", invocation.param().orElse(null));
    }

    /** The code stays that of a refusal also where the reason is another one, as upstream has it. */
    private static StatusException refusal(AdmissionRequest request, List<Problem> problems) {
        var first = problems.getFirst();
        var causes = problems.stream()
                .map(p -> new Status.Cause("", p.message(), ""))
                .toList();
        var resource = request.groupResource();
        return new StatusException(Status.failure(
                403,
                first.reason().isEmpty() ? "Forbidden" : first.reason(),
                first.message(),
                new Status.Details(request.shownName(), resource.group(), resource.resource(), "", causes, 0)));
    }
}
