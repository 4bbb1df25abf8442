package io.pilothouse.apiserver.authn;

import io.pilothouse.apiserver.request.UserInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A proxy that has authenticated the user ({@code --requestheader-*}): believed if its certificate is of the proxies' authority. */
public final class FrontProxyAuthenticator implements Authenticator {
    /**
     * Whom to believe and where the identity stands.
     *
     * @param allowedNames the proxies' common names; empty means any
     */
    public record Config(
            List<X509Certificate> authorities,
            List<String> allowedNames,
            List<String> usernameHeaders,
            List<String> uidHeaders,
            List<String> groupHeaders,
            List<String> extraHeaderPrefixes) {}

    private final Config config;
    private volatile Set<TrustAnchor> anchors;

    public FrontProxyAuthenticator(Config config) {
        this.config = config;
        anchors = ClientCertificateAuthenticator.anchorsOf(config.authorities());
    }

    /** Believes other authorities from now on. */
    public void trust(List<X509Certificate> authorities) {
        anchors = ClientCertificateAuthenticator.anchorsOf(authorities);
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        var user = first(credentials, config.usernameHeaders());
        if (user.isEmpty() || credentials.certificates().isEmpty()) {
            return Optional.empty();
        }
        ClientCertificateAuthenticator.verify(credentials.certificates(), anchors);
        var subject = CertificateSubject.of(credentials.certificates().getFirst());
        if (!config.allowedNames().isEmpty() && !config.allowedNames().contains(subject.commonName())) {
            throw new InvalidCredentialException("the front proxy's name is not among the allowed ones");
        }
        var groups = config.groupHeaders().stream()
                .flatMap(h -> credentials.header().apply(h).stream())
                .toList();
        return Optional.of(
                new UserInfo(user.get(), first(credentials, config.uidHeaders()).orElse(""), groups, extra(credentials))
                        .withGroup(UserInfo.ALL_AUTHENTICATED));
    }

    private static Optional<String> first(Credentials credentials, List<String> headers) {
        return headers.stream()
                .flatMap(h -> credentials.header().apply(h).stream())
                .filter(v -> !v.isEmpty())
                .findFirst();
    }

    private Map<String, List<String>> extra(Credentials credentials) {
        var extra = new HashMap<String, List<String>>();
        for (String prefix : config.extraHeaderPrefixes()) {
            String start = prefix.toLowerCase(Locale.ROOT);
            for (String name : credentials.headerNames()) {
                if (name.toLowerCase(Locale.ROOT).startsWith(start)) {
                    String key = URLDecoder.decode(
                            name.substring(prefix.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
                    extra.put(key.toLowerCase(Locale.ROOT), credentials.header().apply(name));
                }
            }
        }
        return extra;
    }
}
