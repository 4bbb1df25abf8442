package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.authz.EscalationCheck;
import io.pilothouse.apiserver.authz.ParamReadCheck;
import io.pilothouse.apiserver.authz.RbacAuthorizer;
import io.pilothouse.apiserver.authz.RbacFromCluster;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.Reserver;
import io.pilothouse.machinery.meta.GroupResource;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who may do what, as far as it is known before the registry is: what checks writes asks the authorizer, which looks at what was written.
 *
 * @param authorizer all of them in order; set once while the server is put together
 */
record Rights(RbacFromCluster policy, RbacAuthorizer rbac, AtomicReference<Authorizer> authorizer) {
    static Rights of(ObjectCache cache) {
        var policy = new RbacFromCluster(cache);
        return new Rights(
                policy,
                new RbacAuthorizer(policy),
                new AtomicReference<>(attributes -> Decision.noOpinion("not started yet")));
    }

    /** What looks at writes of roles and bindings, and of admission policies and theirs. */
    Map<GroupResource, Reserver> checks(ApiServerOptions options, ResourceIndex resources) throws IOException {
        Authorizer all = attributes -> Objects.requireNonNull(authorizer.get()).authorize(attributes);
        var checks = new HashMap<>(ParamReadCheck.all(all, resources));
        if (options.usesRbac()) {
            checks.putAll(EscalationCheck.all(rbac, policy, all));
        }
        return checks;
    }
}
