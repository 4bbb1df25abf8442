package io.pilothouse.apiserver.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.request.UserInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtAuthenticationTest {
    private static final List<String> ALGORITHMS = List.of("RS256", "PS256", "ES256");
    private static final JwtAuthentication.Terms TERMS =
            new JwtAuthentication.Terms(List.of("https://own"), ALGORITHMS, Clock.systemUTC());
    private static final String SIMPLE =
            "claimMappings: {username: {claim: sub, prefix: 'oidc:'}," + " groups: {claim: groups, prefix: 'g:'}}";
    private static final String EXPRESSIONS = """
            claimValidationRules:
                - expression: 'claims.hd == "example.com"'
                  message: wrong domain
              claimMappings:
                username: {expression: 'claims.sub + "@" + claims.hd'}
                groups: {expression: 'claims.roles.map(r, "role:" + r)'}
                uid: {claim: sub}
                extra:
                - {key: example.com/tenant, valueExpression: 'claims.?tenant.orValue("")'}
              userValidationRules:
                - expression: '!user.username.startsWith("system:")'
                  message: reserved
            """;

    @TempDir
    Path directory;

    private TestIssuer issuer;
    private KeyPair rsa;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
        rsa = TestIssuer.rsa();
        issuer.publish("r", rsa);
    }

    @AfterEach
    void stop() throws Exception {
        issuer.close();
    }

    private Path config(String rest) throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\\n"
                + Base64.getEncoder()
                        .encodeToString(issuer.authority.authority().getEncoded())
                + "\\n-----END CERTIFICATE-----\\n";
        return Files.writeString(directory.resolve("config.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                jwt:
                - issuer: {url: "%s", audiences: [me], certificateAuthority: "%s"}
                  %s
                """.formatted(issuer.url(), pem, rest));
    }

    private String claims(String more) {
        return "{\"iss\":\"%s\",\"aud\":[\"me\"],\"exp\":%d,\"sub\":\"ann\"%s}"
                .formatted(issuer.url(), Clock.systemUTC().instant().getEpochSecond() + 60, more);
    }

    private String signed(String more) throws Exception {
        return TestIssuer.token("RS256", "r", rsa.getPrivate(), claims(more));
    }

    /** Asks until the issuer has been found. */
    private static UserInfo ask(JwtAuthentication authentication, String token) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return authentication.authenticate(Credentials.ofToken(token)).orElseThrow();
            } catch (InvalidCredentialException e) {
                if (i == 100 || !String.valueOf(e.getMessage()).endsWith("not initialized")) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    @Test
    void claimsBecomeUsersWhoeverOfItsKeysSigned() throws Exception {
        try (var authentication = JwtAuthentication.follow(config(SIMPLE), Duration.ofHours(1), TERMS)) {
            var user = ask(authentication, signed(",\"groups\":[\"a\",\"b\"],\"jti\":\"7\""));
            assertThat(user.name()).isEqualTo("oidc:ann");
            assertThat(user.groups()).containsExactly("g:a", "g:b", "system:authenticated");
            assertThat(user.extra()).containsEntry("authentication.kubernetes.io/credential-id", List.of("JTI=7"));
            var ec = TestIssuer.ec();
            issuer.publish("e", ec);
            assertThat(ask(authentication, TestIssuer.token("ES256", "e", ec.getPrivate(), claims("")))
                            .name())
                    .isEqualTo("oidc:ann");
            assertThat(ask(authentication, TestIssuer.token("PS256", "r", rsa.getPrivate(), claims("")))
                            .name())
                    .isEqualTo("oidc:ann");
            String forged = TestIssuer.token("RS256", "r", TestIssuer.rsa().getPrivate(), claims(""));
            assertThatThrownBy(() -> ask(authentication, forged)).hasMessageContaining("failed to verify");
            String foreign =
                    TestIssuer.token("RS256", "r", rsa.getPrivate(), claims("").replace("[\"me\"]", "\"you\""));
            assertThatThrownBy(() -> ask(authentication, foreign)).hasMessageContaining("expected audience");
            String late = TestIssuer.token(
                    "RS256", "r", rsa.getPrivate(), claims("").replaceAll("\"exp\":\\d+", "\"exp\":1"));
            assertThatThrownBy(() -> ask(authentication, late)).hasMessageContaining("token is expired");
        }
    }

    @Test
    void expressionsMapAndRefuse() throws Exception {
        try (var authentication = JwtAuthentication.follow(config(EXPRESSIONS), Duration.ofHours(1), TERMS)) {
            var user = ask(authentication, signed(",\"hd\":\"example.com\",\"roles\":[\"x\"],\"tenant\":\"t\""));
            assertThat(user.name()).isEqualTo("ann@example.com");
            assertThat(user.uid()).isEqualTo("ann");
            assertThat(user.groups()).containsExactly("role:x", "system:authenticated");
            assertThat(user.extra()).containsEntry("example.com/tenant", List.of("t"));
            String other = signed(",\"hd\":\"other\",\"roles\":[]");
            assertThatThrownBy(() -> ask(authentication, other)).hasMessageEndingWith("failed: wrong domain");
            String plain = signed(",\"hd\":\"example.com\",\"roles\":[]");
            assertThat(ask(authentication, plain).groups()).containsExactly("system:authenticated");
            String system = TestIssuer.token(
                    "RS256",
                    "r",
                    rsa.getPrivate(),
                    claims(",\"hd\":\"example.com\",\"roles\":[]").replace("\"ann\"", "\"system:x\""));
            assertThatThrownBy(() -> ask(authentication, system)).hasMessageEndingWith("failed: reserved");
        }
    }

    @Test
    void aChangedFileIsTakenOver() throws Exception {
        try (var authentication = JwtAuthentication.follow(config(SIMPLE), Duration.ofMillis(50), TERMS)) {
            assertThat(ask(authentication, signed("")).name()).isEqualTo("oidc:ann");
            config(SIMPLE.replace("oidc:", "new:"));
            for (int i = 0; i < 100 && ask(authentication, signed("")).name().startsWith("oidc:"); i++) {
                Thread.sleep(50);
            }
            assertThat(ask(authentication, signed("")).name()).isEqualTo("new:ann");
        }
    }

    @Test
    void whatIsWrongWithAConfigurationIsToldInUpstreamsWords() throws Exception {
        var bad = config("claimMappings: {username: {expression: 'claims.email'}, groups: {claim: g}}");
        assertThatThrownBy(() -> JwtAuthentication.follow(bad, Duration.ofHours(1), TERMS))
                .hasMessageContaining(
                        "jwt[0].claimMappings.groups.prefix: Required value: prefix is required when claim"
                                + " is set. It can be set to an empty string to disable prefixing")
                .hasMessageContaining("claims.email_verified must be used");
        var unknown = config("nonsense: 1");
        assertThatThrownBy(() -> JwtAuthentication.follow(unknown, Duration.ofHours(1), TERMS))
                .hasMessageContaining("unknown field \"jwt[0].nonsense\"");
    }
}
