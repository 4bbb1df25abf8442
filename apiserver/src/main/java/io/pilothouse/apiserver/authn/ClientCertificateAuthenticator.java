package io.pilothouse.apiserver.authn;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pilothouse.apiserver.request.UserInfo;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** X.509 client certificates ({@code --client-ca-file}): the common name is the user, the organizations are the groups. */
public final class ClientCertificateAuthenticator implements Authenticator {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private volatile Set<TrustAnchor> anchors;
    private final Cache<X509Certificate, UserInfo> verified = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    public ClientCertificateAuthenticator(List<X509Certificate> authorities) {
        anchors = anchorsOf(authorities);
    }

    static Set<TrustAnchor> anchorsOf(List<X509Certificate> authorities) {
        return authorities.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toUnmodifiableSet());
    }

    /** Believes other authorities from now on. */
    public void trust(List<X509Certificate> authorities) {
        anchors = anchorsOf(authorities);
        verified.invalidateAll();
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        if (credentials.certificates().isEmpty()) {
            return Optional.empty();
        }
        var leaf = credentials.certificates().getFirst();
        var known = verified.getIfPresent(leaf);
        if (known != null && isCurrent(leaf)) {
            return Optional.of(known);
        }
        var trusted = anchors;
        verify(credentials.certificates(), trusted);
        var user = userOf(leaf);
        verified.put(leaf, user);
        if (trusted != anchors) {
            verified.invalidate(leaf); // the authorities changed meanwhile
        }
        return Optional.of(user);
    }

    private static boolean isCurrent(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateException outOfTime) {
            return false;
        }
    }

    /** @throws InvalidCredentialException unless the chain leads to an anchor and the leaf is for client authentication */
    static void verify(List<X509Certificate> chain, Set<TrustAnchor> anchors) throws InvalidCredentialException {
        var leaf = chain.getFirst();
        try {
            var usages = leaf.getExtendedKeyUsage();
            if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE)) {
                throw new InvalidCredentialException("the client certificate is not for client authentication");
            }
            if (anchors.isEmpty()) {
                throw new InvalidCredentialException("no authority is configured for client certificates");
            }
            var target = new X509CertSelector();
            target.setCertificate(leaf);
            var parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertificateParsingException e) {
            throw new InvalidCredentialException("the client certificate's key usage cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new InvalidCredentialException(
                    "the client certificate is not of a known authority, or not valid now", e);
        }
    }

    private static UserInfo userOf(X509Certificate leaf) throws InvalidCredentialException {
        var subject = CertificateSubject.of(leaf);
        var fingerprint = HexFormat.of().formatHex(Digests.sha256(encoded(leaf)));
        return new UserInfo(
                        subject.commonName(),
                        "",
                        subject.organizations(),
                        Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + fingerprint)))
                .withGroup(UserInfo.ALL_AUTHENTICATED);
    }

    private static byte[] encoded(X509Certificate certificate) throws InvalidCredentialException {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new InvalidCredentialException("the client certificate cannot be encoded", e);
        }
    }
}
