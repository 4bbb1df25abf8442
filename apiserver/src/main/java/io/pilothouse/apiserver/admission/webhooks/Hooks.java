package io.pilothouse.apiserver.admission.webhooks;

import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.admission.match.Compiled;
import io.pilothouse.apiserver.admission.match.ExpressionInputs;
import io.pilothouse.apiserver.admission.match.MatchContext;
import io.pilothouse.apiserver.admission.match.VersionedRequest;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Optional;

/** The webhooks of one kind of configuration, and which of them a request is for. */
final class Hooks {
    private final Compiled<List<Hook>> configurations;
    private final MatchContext context;
    private final Authorizer authorizer;

    Hooks(AdmissionParts parts, String resource) {
        var factory = new AdmissionProgram.Factory();
        this.context = new MatchContext(parts.cluster(), parts.resources());
        this.authorizer = parts.authorizer();
        this.configurations = new Compiled<>(
                parts.cache(),
                parts.resources(),
                new GroupResource("admissionregistration.k8s.io", resource),
                configuration ->
                        Hook.of(configuration, parts.cluster(), parts.metrics().clients(), factory));
    }

    /** All, in the order in which they are asked. */
    List<Hook> all() {
        var all = configurations.all();
        return all.isEmpty() ? List.of() : all.stream().flatMap(List::stream).toList();
    }

    /**
     * The request as a webhook wants it, if it wants it.
     *
     * @throws StatusException 403 where that cannot be found out and the webhook says that it must
     */
    Optional<VersionedRequest> relevant(Hook hook, AdmissionRequest request) {
        var match = hook.selection().match(request, context);
        if (match.isEmpty()) {
            return Optional.empty();
        }
        var versioned = new VersionedRequest(request, match.get());
        if (hook.conditions().isEmpty()) {
            return Optional.of(versioned);
        }
        var verdict = hook.conditions().check(ExpressionInputs.of(versioned, null, authorizer));
        if (!verdict.error().isEmpty() && !hook.lenient()) {
            throw StatusException.forbidden(request.groupResource(), request.name(), verdict.error());
        }
        return verdict.matches() ? Optional.of(versioned) : Optional.empty();
    }
}
