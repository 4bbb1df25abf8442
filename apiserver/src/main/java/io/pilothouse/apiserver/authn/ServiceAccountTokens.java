package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.Notes;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Tokens of service accounts: issued for a TokenRequest and verified as bearers, bound to objects that must still exist. */
public final class ServiceAccountTokens implements Authenticator {
    /** What clocks may differ; a deleted account or bound object's tokens still hold for this long, too. */
    private static final long LEEWAY_SECONDS = 60;

    private static final long EXTENDED_SECONDS = 365L * 24 * 60 * 60;

    private static final String USER_PREFIX = "system:serviceaccount:";
    private static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

    static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");

    /** An object that a token lives and dies with; only pods, secrets and nodes can be one. */
    public record Bound(String kind, String name, String uid) {}

    /**
     * How long tokens live.
     *
     * @param longest lifetime of a token, whatever is asked for; zero for no limit
     * @param extended whether kubelets' tokens get a year, for clients that do not read them anew
     */
    public record Lifetimes(Duration longest, boolean extended) {}

    private final List<String> issuers;
    private final List<String> audiences;
    private final Lifetimes lifetimes;
    private final ServiceAccountKeys keys;
    private final TokenBindings bindings;
    private final Clock clock;

    /**
     * @param issuers the first one issues, all are believed
     * @param audiences what this server answers to
     */
    public ServiceAccountTokens(
            List<String> issuers,
            List<String> audiences,
            Lifetimes lifetimes,
            ServiceAccountKeys keys,
            ClusterView cluster,
            Clock clock) {
        this.issuers = List.copyOf(issuers);
        this.audiences = List.copyOf(audiences);
        this.lifetimes = lifetimes;
        this.keys = keys;
        this.clock = clock;
        this.bindings = new TokenBindings(cluster, clock, Duration.ofSeconds(LEEWAY_SECONDS));
    }

    public ServiceAccountKeys keys() {
        return keys;
    }

    /** What this server answers to; the audiences of a token that asks for none. */
    public List<String> audiences() {
        return audiences;
    }

    /** The lifetime that a token gets which is asked for with that one. */
    public long lifetimeSeconds(long askedSeconds) {
        return lifetimes.longest().isZero()
                ? askedSeconds
                : Math.min(askedSeconds, lifetimes.longest().toSeconds());
    }

    /** Whether tokens that kubelets ask for get a longer life than they ask for. */
    public boolean extendsLifetimes() {
        return lifetimes.extended();
    }

    /** The lifetime of an extended token. */
    public long extendedSeconds() {
        return lifetimeSeconds(EXTENDED_SECONDS);
    }

    public String issuer() {
        return issuers.getFirst();
    }

    /**
     * What a token is to say.
     *
     * @param bound what it lives and dies with
     * @param node the node of a bound pod, where there is one
     * @param warnAfterSeconds when to note that it is older than was asked for; 0 for never
     */
    public record Order(
            ObjectNode account,
            List<String> audiences,
            long seconds,
            long warnAfterSeconds,
            Optional<Bound> bound,
            Optional<Bound> node) {}

    /** A signed token and its id. */
    public record Issued(String token, String id) {
        /** Shows no token. */
        @Override
        public String toString() {
            return "Issued[" + id + "]";
        }
    }

    /** Signs a token for an account. */
    public Issued issue(Order order) {
        long now = clock.instant().getEpochSecond();
        var account = order.account();
        String id = UUID.randomUUID().toString();
        var claims = JsonNodeFactory.instance.objectNode();
        order.audiences().forEach(claims.putArray("aud")::add);
        claims.put("exp", now + order.seconds())
                .put("iat", now)
                .put("iss", issuers.getFirst())
                .put("jti", id);
        var own = claims.putObject("kubernetes.io");
        own.put("namespace", ObjectMeta.namespace(account));
        var bound = order.bound();
        bound.filter(b -> b.kind().equals("Node")).or(order::node).ifPresent(n -> reference(own, "node", n));
        bound.filter(b -> b.kind().equals("Pod")).ifPresent(p -> reference(own, "pod", p));
        bound.filter(b -> b.kind().equals("Secret")).ifPresent(s -> reference(own, "secret", s));
        own.putObject("serviceaccount").put("name", ObjectMeta.name(account)).put("uid", ObjectMeta.uid(account));
        if (order.warnAfterSeconds() > 0) {
            own.put("warnafter", now + order.warnAfterSeconds());
        }
        claims.put("nbf", now).put("sub", USER_PREFIX + ObjectMeta.namespace(account) + ":" + ObjectMeta.name(account));
        return new Issued(keys.sign(claims), id);
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
        return authenticate(credentials.bearerToken().get(), audiences, credentials.notes())
                .map(a -> a.user().withGroup(UserInfo.ALL_AUTHENTICATED));
    }

    /** Whose a token is and which of the wanted audiences it is for. */
    public record Authenticated(UserInfo user, List<String> audiences) {}

    /** Verifies a token for any of some audiences; empty when it is no service account token of ours. */
    public Optional<Authenticated> authenticate(String text, List<String> wantedAudiences, Notes notes)
            throws InvalidCredentialException {
        if (text.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        var token = JsonWebToken.parse(text);
        if (!issuers.contains(token.claims().path("iss").asText())) {
            return Optional.empty();
        }
        if (!keys.verifies(token)) {
            throw new InvalidCredentialException("go-jose/go-jose: error in cryptographic primitive");
        }
        var given = strings(token.claims().path("aud"));
        var meant = given.isEmpty() ? audiences : given;
        var common = meant.stream().filter(wantedAudiences::contains).toList();
        if (common.isEmpty()) {
            throw new InvalidCredentialException("token audiences " + GoText.quoteList(meant)
                    + " is invalid for the target audiences " + GoText.quoteList(wantedAudiences));
        }
        checkTimes(token.claims());
        return Optional.of(new Authenticated(userOf(token.claims(), notes), common));
    }

    private void checkTimes(JsonNode claims) throws InvalidCredentialException {
        long now = clock.instant().getEpochSecond();
        if (now - LEEWAY_SECONDS > claims.path("exp").asLong(Long.MAX_VALUE)) {
            throw new InvalidCredentialException("service account token has expired");
        }
        if (now + LEEWAY_SECONDS < claims.path("nbf").asLong(0)) {
            throw new InvalidCredentialException("service account token is not valid yet");
        }
        if (now + LEEWAY_SECONDS < claims.path("iat").asLong(0)) {
            throw new InvalidCredentialException("service account token is issued in the future");
        }
    }

    private UserInfo userOf(ObjectNode claims, Notes notes) throws InvalidCredentialException {
        var own = claims.path("kubernetes.io");
        String namespace = own.path("namespace").asText();
        var account = own.path("serviceaccount");
        String name = account.path("name").asText();
        bindings.requireAccount(namespace, account);
        var extra = new HashMap<String, List<String>>();
        if (claims.hasNonNull("jti")) {
            extra.put(CREDENTIAL_ID, List.of("JTI=" + claims.get("jti").asText()));
        }
        for (var kind : List.of("secret", "pod", "node")) {
            var bound = own.get(kind);
            if (bound == null) {
                continue;
            }
            boolean informative = kind.equals("node") && own.has("pod");
            if (!informative) {
                bindings.requireBound(kind, kind.equals("node") ? "" : namespace, bound);
            }
            if (!kind.equals("secret")) {
                tell(extra, kind + "-name", bound.path("name"));
                tell(extra, kind + "-uid", bound.path("uid"));
            }
        }
        noteStale(own.path("warnafter").asLong(0), claims.path("sub").asText(), notes);
        return userOf(namespace, name, account.path("uid").asText(), extra);
    }

    private static void tell(Map<String, List<String>> extra, String fact, JsonNode value) {
        if (!value.asText("").isEmpty()) {
            extra.put("authentication.kubernetes.io/" + fact, List.of(value.asText()));
        }
    }

    /** Who still uses a token that was only extended to spare clients which do not read it anew is noted. */
    private void noteStale(long warnAfter, String subject, Notes notes) {
        long late = clock.instant().getEpochSecond() - warnAfter;
        if (warnAfter > 0 && late > 0) {
            notes.annotate(
                    "authentication.k8s.io/stale-token",
                    "subject: " + subject + ", seconds after warning threshold: " + late);
        }
    }

    /** The user that a service account is. */
    public static UserInfo userOf(String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new UserInfo(
                USER_PREFIX + namespace + ":" + name,
                uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
                extra);
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
