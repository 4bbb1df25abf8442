package io.pilothouse.apiserver.authz;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The roles and bindings that stand in the cache; each is read once, and again only when it changes. */
public final class RbacFromCluster implements RbacPolicy {
    private final ObjectCache cache;
    // Keyed by identity: a changed object is another entry.
    private final Cache<StoredObject, Binding> bindings =
            Caffeine.newBuilder().weakKeys().build();
    private final Cache<StoredObject, List<PolicyRule>> rules =
            Caffeine.newBuilder().weakKeys().build();

    public RbacFromCluster(ObjectCache cache) {
        this.cache = cache;
    }

    @Override
    public List<Binding> clusterBindings() {
        return below("/registry/clusterrolebindings/");
    }

    @Override
    public List<Binding> bindings(String namespace) {
        return below("/registry/rolebindings/" + namespace + "/");
    }

    private List<Binding> below(String prefix) {
        var out = new ArrayList<Binding>();
        cache.current().forEach(prefix, object -> out.add(bindings.get(object, o -> Binding.of(o.toNode("")))));
        return out;
    }

    @Override
    public Optional<List<PolicyRule>> rules(RoleRef role, String namespace) {
        String key = role.kind().equals("Role")
                ? "/registry/roles/" + namespace + "/" + role.name()
                : "/registry/clusterroles/" + role.name();
        return cache.current()
                .get(key)
                .map(object ->
                        rules.get(object, o -> PolicyRule.listOf(o.toNode("").path("rules"))));
    }
}
