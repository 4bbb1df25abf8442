package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether what a service account's token lives and dies with is still there: its account, and a pod, secret or node. */
final class TokenBindings {
    private final ClusterView cluster;
    private final Clock clock;
    private final Duration grace;

    /** @param grace how long something counts after its deletion has begun */
    TokenBindings(ClusterView cluster, Clock clock, Duration grace) {
        this.cluster = cluster;
        this.clock = clock;
        this.grace = grace;
    }

    void requireAccount(String namespace, JsonNode reference) throws InvalidCredentialException {
        String name = reference.path("name").asText();
        var account = find(ServiceAccountTokens.ACCOUNTS, namespace, name)
                .orElseThrow(() -> new InvalidCredentialException("serviceaccounts \"" + name + "\" not found"));
        String uid = reference.path("uid").asText("");
        if (!ObjectMeta.uid(account).equals(uid)) {
            throw new InvalidCredentialException(
                    "service account UID (" + ObjectMeta.uid(account) + ") does not match claim (" + uid + ")");
        }
        if (isDeleted(account)) {
            throw new InvalidCredentialException("service account " + namespace + "/" + name + " has been deleted");
        }
    }

    /** @param kind pod, secret or node */
    void requireBound(String kind, String namespace, JsonNode reference) throws InvalidCredentialException {
        var object = find(
                        new GroupResource("", kind + "s"),
                        namespace,
                        reference.path("name").asText())
                .orElseThrow(TokenBindings::invalidated);
        String uid = reference.path("uid").asText("");
        if (!ObjectMeta.uid(object).equals(uid)) {
            throw new InvalidCredentialException(kind + " UID (" + ObjectMeta.uid(object)
                    + ") does not match service account " + kind + " ref claim (" + uid + ")");
        }
        if (isDeleted(object)) {
            throw invalidated();
        }
    }

    private static InvalidCredentialException invalidated() {
        return new InvalidCredentialException("service account token has been invalidated");
    }

    /** The object may be newer than the cache. */
    private Optional<ObjectNode> find(GroupResource resource, String namespace, String name) {
        return cluster.find(resource, namespace, name).or(() -> cluster.findNow(resource, namespace, name));
    }

    private boolean isDeleted(ObjectNode object) {
        var deleted = object.path("metadata").path("deletionTimestamp").asText("");
        return !deleted.isEmpty() && Instant.parse(deleted).plus(grace).isBefore(clock.instant());
    }
}
