package io.pilothouse.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.Compiled;
import io.pilothouse.apiserver.admission.match.MatchContext;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The policies of one kind and their bindings.
 *
 * @param <R> the compiled validations or mutations
 */
final class Policies<R> {
    private static final String GROUP = "admissionregistration.k8s.io";
    /** What is only answered: policies in its way could break the cluster. */
    private static final Set<String> ANSWERED = Set.of(
            "selfsubjectreviews.authentication.k8s.io",
            "tokenreviews.authentication.k8s.io",
            "localsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io",
            "subjectaccessreviews.authorization.k8s.io");

    private final Compiled<Policy<R>> policies;
    private final Compiled<Binding> bindings;
    private final MatchContext context;
    private final Params params;

    Policies(
            AdmissionParts parts,
            String policyResource,
            String bindingResource,
            BiFunction<JsonNode, Policy.Compiler, R> rules) {
        var factory = new AdmissionProgram.Factory();
        this.context = new MatchContext(parts.cluster(), parts.resources());
        this.params = new Params(parts.cluster(), parts.resources());
        this.policies = new Compiled<>(
                parts.cache(),
                parts.resources(),
                new GroupResource(GROUP, policyResource),
                object -> Policy.of(object, factory, rules));
        this.bindings = new Compiled<>(
                parts.cache(), parts.resources(), new GroupResource(GROUP, bindingResource), Binding::of);
    }

    MatchContext context() {
        return context;
    }

    Params params() {
        return params;
    }

    /** Those that may be for a request; none for what no policy may stand in the way of. */
    List<Policy<R>> all(AdmissionRequest request) {
        var all = policies.all();
        return all.isEmpty()
                        || request.groupResource().group().equals(GROUP)
                        || ANSWERED.contains(request.groupResource().toString())
                ? List.of()
                : all;
    }

    List<Binding> bindings(Policy<R> policy) {
        return bindings.all().stream()
                .filter(b -> b.policy().equals(policy.name()))
                .toList();
    }

    /** The namespace of a request's object, as expressions see it; empty for what is in none and for namespaces themselves. */
    Optional<ObjectNode> namespace(AdmissionRequest request) {
        if (request.namespace().isEmpty() || request.is("", "namespaces")) {
            return Optional.empty();
        }
        var namespace = context.namespace(request.namespace());
        namespace.withObjectProperty("metadata").remove(List.of("managedFields", "ownerReferences", "selfLink"));
        return Optional.of(namespace);
    }
}
