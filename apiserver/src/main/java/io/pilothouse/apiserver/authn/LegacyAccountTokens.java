package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that controllers put into Secrets of type kubernetes.io/service-account-token: without an end and an audience, good as long as the Secret
 * holds them and the account is there.
 */
public final class LegacyAccountTokens implements Authenticator {
    private static final String ISSUER = "kubernetes/serviceaccount";
    private static final String CLAIMS = "kubernetes.io/serviceaccount/";
    private static final GroupResource SECRETS = new GroupResource("", "secrets");

    private final ServiceAccountKeys keys;
    private final ClusterView cluster;
    private final LegacyTokenUse use;

    public LegacyAccountTokens(ServiceAccountKeys keys, ClusterView cluster, LegacyTokenUse use) {
        this.keys = keys;
        this.cluster = cluster;
        this.use = use;
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        var text = credentials.bearerToken().orElse("");
        if (text.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        var token = JsonWebToken.parse(text);
        var claims = token.claims();
        if (!claims.path("iss").asText().equals(ISSUER)) {
            return Optional.empty();
        }
        if (!keys.verifies(token)) {
            throw new InvalidCredentialException("a service account token's signature does not hold");
        }
        String namespace = claims.path(CLAIMS + "namespace").asText();
        String account = claims.path(CLAIMS + "service-account.name").asText();
        String uid = claims.path(CLAIMS + "service-account.uid").asText();
        if (uid.isEmpty()
                || !claims.path("sub").asText().equals("system:serviceaccount:" + namespace + ":" + account)) {
            throw new InvalidCredentialException("a service account token's subject is not its account");
        }
        var secret =
                living(SECRETS, namespace, claims.path(CLAIMS + "secret.name").asText());
        requireHeld(text, secret);
        var owner = living(ServiceAccountTokens.ACCOUNTS, namespace, account);
        if (!ObjectMeta.uid(owner).equals(uid)) {
            throw new InvalidCredentialException("a service account token is of an account that is gone");
        }
        use.used(secret, owner, credentials.notes());
        return Optional.of(
                ServiceAccountTokens.userOf(namespace, account, uid, Map.of()).withGroup(UserInfo.ALL_AUTHENTICATED));
    }

    private ObjectNode living(GroupResource resource, String namespace, String name) throws InvalidCredentialException {
        // The account or secret may be newer than the cache.
        return cluster.find(resource, namespace, name)
                .or(() -> cluster.findNow(resource, namespace, name))
                .filter(o -> !o.path("metadata").hasNonNull("deletionTimestamp"))
                .orElseThrow(() -> new InvalidCredentialException(
                        "a service account token has been invalidated: no " + resource + " " + namespace + "/" + name));
    }

    private static void requireHeld(String text, ObjectNode secret) throws InvalidCredentialException {
        byte[] held =
                Base64.getDecoder().decode(secret.path("data").path("token").asText());
        if (!MessageDigest.isEqual(held, text.getBytes(StandardCharsets.UTF_8))) {
            throw new InvalidCredentialException("a service account token does not match the secret's");
        }
    }
}
