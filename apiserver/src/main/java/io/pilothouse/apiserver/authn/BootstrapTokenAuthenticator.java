package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Bootstrap tokens ({@code id.secret}), kept as secrets of type {@code bootstrap.kubernetes.io/token} in kube-system, with which nodes of
 * kubeadm's kind join. A token that is expired, not meant for authentication or malformed is nobody's.
 */
public final class BootstrapTokenAuthenticator implements Authenticator {
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern EXTRA_GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final GroupResource SECRETS = new GroupResource("", "secrets");
    private static final String BOOTSTRAPPERS = "system:bootstrappers";

    private final ClusterView cluster;
    private final Clock clock;

    public BootstrapTokenAuthenticator(ClusterView cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        var token = TOKEN.matcher(credentials.bearerToken().orElse(""));
        if (!token.matches()) {
            return Optional.empty();
        }
        String id = token.group(1);
        var secret = cluster.find(SECRETS, "kube-system", "bootstrap-token-" + id)
                .filter(s -> !s.path("metadata").has("deletionTimestamp"));
        if (secret.isEmpty() || !holds(secret.get(), id, token.group(2))) {
            return Optional.empty();
        }
        var groups = new ArrayList<String>();
        groups.add(BOOTSTRAPPERS);
        groups.addAll(extraGroups(secret.get()));
        groups.add(UserInfo.ALL_AUTHENTICATED);
        return Optional.of(new UserInfo("system:bootstrap:" + id, "", groups, Map.of()));
    }

    private boolean holds(ObjectNode secret, String id, String given) throws InvalidCredentialException {
        byte[] kept = value(secret, "token-secret").getBytes(StandardCharsets.UTF_8);
        return secret.path("type").asText().equals("bootstrap.kubernetes.io/token")
                && MessageDigest.isEqual(kept, given.getBytes(StandardCharsets.UTF_8))
                && value(secret, "token-id").equals(id)
                && !expired(value(secret, "expiration"))
                && value(secret, "usage-bootstrap-authentication").equals("true");
    }

    private boolean expired(String expiration) {
        try {
            return !expiration.isEmpty()
                    && !OffsetDateTime.parse(expiration).toInstant().isAfter(clock.instant());
        } catch (DateTimeException unreadable) {
            return true;
        }
    }

    private static List<String> extraGroups(ObjectNode secret) throws InvalidCredentialException {
        String given = value(secret, "auth-extra-groups");
        if (given.isEmpty()) {
            return List.of();
        }
        var groups = Arrays.stream(given.split(",", -1)).sorted().distinct().toList();
        for (String group : groups) {
            if (!EXTRA_GROUP.matcher(group).matches()) {
                throw new InvalidCredentialException("bootstrap token with the unsuitable group " + group);
            }
        }
        return groups;
    }

    private static String value(JsonNode secret, String key) throws InvalidCredentialException {
        try {
            return new String(
                    Base64.getDecoder().decode(secret.path("data").path(key).asText("")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidCredentialException("bootstrap token secret with unreadable " + key, e);
        }
    }
}
