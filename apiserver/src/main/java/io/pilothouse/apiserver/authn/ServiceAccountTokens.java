package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Tokens of service accounts: issued for a TokenRequest and verified as bearers, bound to objects that must still exist. */
public final class ServiceAccountTokens implements Authenticator {
    /** A deleted account or bound object's tokens still hold for this long, as upstream lets them. */
    private static final long GRACE_SECONDS = 60;

    private static final String USER_PREFIX = "system:serviceaccount:";

    static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");

    /** An object that a token lives and dies with; only pods, secrets and nodes can be one. */
    public record Bound(String kind, String name, String uid) {}

    private final List<String> issuers;
    private final Set<String> audiences;
    private final Duration longest;
    private final ServiceAccountKeys keys;
    private final ClusterView cluster;
    private final Clock clock;

    /**
     * @param issuers the first one issues, all are believed
     * @param audiences what this server answers to
     * @param longest lifetime of a token, whatever is asked for; zero for no limit
     */
    public ServiceAccountTokens(
            List<String> issuers,
            List<String> audiences,
            Duration longest,
            ServiceAccountKeys keys,
            ClusterView cluster,
            Clock clock) {
        this.issuers = List.copyOf(issuers);
        this.audiences = Set.copyOf(audiences);
        this.longest = longest;
        this.keys = keys;
        this.cluster = cluster;
        this.clock = clock;
    }

    public ServiceAccountKeys keys() {
        return keys;
    }

    /** The audiences of a token that asks for none. */
    public List<String> defaultAudiences() {
        return List.of(issuers.getFirst());
    }

    /** The lifetime that a token gets which is asked for with that one. */
    public long lifetimeSeconds(long askedSeconds) {
        return longest.isZero() ? askedSeconds : Math.min(askedSeconds, longest.toSeconds());
    }

    public String issuer() {
        return issuers.getFirst();
    }

    /** Signs a token for an account. {@code node} is the node of a bound pod, where there is one. */
    public String issue(
            ObjectNode account,
            List<String> wantedAudiences,
            Instant expires,
            Optional<Bound> bound,
            Optional<Bound> node) {
        var now = clock.instant().getEpochSecond();
        var claims = JsonNodeFactory.instance.objectNode();
        var audience = claims.putArray("aud");
        wantedAudiences.forEach(audience::add);
        claims.put("exp", expires.getEpochSecond())
                .put("iat", now)
                .put("iss", issuers.getFirst())
                .put("jti", UUID.randomUUID().toString());
        var own = claims.putObject("kubernetes.io");
        own.put("namespace", ObjectMeta.namespace(account));
        bound.filter(b -> b.kind().equals("Node")).or(() -> node).ifPresent(n -> reference(own, "node", n));
        bound.filter(b -> b.kind().equals("Pod")).ifPresent(p -> reference(own, "pod", p));
        bound.filter(b -> b.kind().equals("Secret")).ifPresent(s -> reference(own, "secret", s));
        own.putObject("serviceaccount").put("name", ObjectMeta.name(account)).put("uid", ObjectMeta.uid(account));
        claims.put("nbf", now).put("sub", USER_PREFIX + ObjectMeta.namespace(account) + ":" + ObjectMeta.name(account));
        return keys.sign(claims);
    }

    private static void reference(ObjectNode own, String field, Bound bound) {
        var reference = own.putObject(field).put("name", bound.name());
        if (!bound.uid().isEmpty()) {
            reference.put("uid", bound.uid());
        }
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        if (credentials.bearerToken().isEmpty()) {
            return Optional.empty();
        }
        return authenticate(credentials.bearerToken().get(), audiences)
                .map(a -> a.user().withGroup(UserInfo.ALL_AUTHENTICATED));
    }

    /** Whose a token is and which of the wanted audiences it is for. */
    public record Authenticated(UserInfo user, List<String> audiences) {}

    /** Verifies a token for any of some audiences; empty when it is no service account token of ours. */
    public Optional<Authenticated> authenticate(String text, Set<String> wantedAudiences)
            throws InvalidCredentialException {
        if (text.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        var token = JsonWebToken.parse(text);
        if (!issuers.contains(token.claims().path("iss").asText())) {
            return Optional.empty();
        }
        if (!keys.verifies(token)) {
            throw new InvalidCredentialException("a service account token's signature does not hold");
        }
        checkTimes(token.claims());
        var given = strings(token.claims().path("aud"));
        var common = given.stream().filter(wantedAudiences::contains).toList();
        if (common.isEmpty()) {
            throw new InvalidCredentialException("a service account token for the audiences " + given);
        }
        return Optional.of(new Authenticated(userOf(token.claims()), common));
    }

    private void checkTimes(JsonNode claims) throws InvalidCredentialException {
        long now = clock.instant().getEpochSecond();
        if (now > claims.path("exp").asLong(0)) {
            throw new InvalidCredentialException("a service account token has expired");
        }
        if (now < claims.path("nbf").asLong(0)) {
            throw new InvalidCredentialException("a service account token is not valid yet");
        }
    }

    private UserInfo userOf(ObjectNode claims) throws InvalidCredentialException {
        var own = claims.path("kubernetes.io");
        String namespace = own.path("namespace").asText();
        var account = own.path("serviceaccount");
        String name = account.path("name").asText();
        if (!claims.path("sub").asText().equals(USER_PREFIX + namespace + ":" + name)) {
            throw new InvalidCredentialException("a service account token's subject is not its account");
        }
        requireAlive(ACCOUNTS, namespace, account);
        var extra = new HashMap<String, List<String>>();
        if (claims.hasNonNull("jti")) {
            extra.put(
                    "authentication.kubernetes.io/credential-id",
                    List.of("JTI=" + claims.get("jti").asText()));
        }
        for (var kind : List.of("pod", "secret", "node")) {
            var bound = own.get(kind);
            if (bound == null) {
                continue;
            }
            boolean informative = kind.equals("node") && own.has("pod");
            if (!informative) {
                requireAlive(new GroupResource("", kind + "s"), kind.equals("node") ? "" : namespace, bound);
            }
            if (!kind.equals("secret")) {
                extra.put(
                        "authentication.kubernetes.io/" + kind + "-name",
                        List.of(bound.path("name").asText()));
                if (bound.hasNonNull("uid")) {
                    extra.put(
                            "authentication.kubernetes.io/" + kind + "-uid",
                            List.of(bound.path("uid").asText()));
                }
            }
        }
        return userOf(namespace, name, account.path("uid").asText(), extra);
    }

    /** The user that a service account is. */
    public static UserInfo userOf(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new UserInfo(
                USER_PREFIX + namespace + ":" + name,
                uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
                extra);
    }

    private void requireAlive(GroupResource resource, String namespace, JsonNode reference)
            throws InvalidCredentialException {
        String name = reference.path("name").asText();
        var found = cluster.find(resource, namespace, name).or(() -> cluster.findNow(resource, namespace, name));
        if (found.isEmpty()
                || !Objects.equals(
                        ObjectMeta.uid(found.get()), reference.path("uid").asText(ObjectMeta.uid(found.get())))) {
            throw new InvalidCredentialException("a service account token is bound to " + resource + " " + namespace
                    + "/" + name + ", which is gone");
        }
        var deleted = found.get().path("metadata").path("deletionTimestamp").asText("");
        if (!deleted.isEmpty()
                && Instant.parse(deleted).plusSeconds(GRACE_SECONDS).isBefore(clock.instant())) {
            throw new InvalidCredentialException("a service account token is bound to " + resource + " " + namespace
                    + "/" + name + ", which is being deleted");
        }
    }

    private static List<String> strings(JsonNode node) {
        var out = new ArrayList<String>();
        if (node.isTextual()) {
            out.add(node.asText());
        }
        node.forEach(value -> out.add(value.asText()));
        return out;
    }
}
