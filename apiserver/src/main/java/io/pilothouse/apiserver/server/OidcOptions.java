package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.flags.FlagSet;
import io.pilothouse.apiserver.oidc.JwtAuthentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The flags that say which other issuers' tokens are believed. */
final class OidcOptions {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Set<String> ALGORITHMS =
            new TreeSet<>(Set.of("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"));

    @Nullable
    Path file;

    @Nullable
    String issuer;

    @Nullable
    String client;

    @Nullable
    Path authority;

    @Nullable
    String usernameClaim;

    @Nullable
    String usernamePrefix;

    @Nullable
    String groupsClaim;

    @Nullable
    String groupsPrefix;

    List<String> algorithms = new ArrayList<>();
    Map<String, String> required = new LinkedHashMap<>();

    void declare(FlagSet flags) {
        flags.section("Authentication");
        flags.file(
                "--authentication-config",
                file,
                value -> file = value,
                "an AuthenticationConfiguration; followed when it changes");
        flags.text("--oidc-issuer-url", issuer, value -> issuer = value, "an https URL");
        flags.text("--oidc-client-id", client, value -> client = value, "the audience of the issuer's tokens");
        flags.file("--oidc-ca-file", authority, value -> authority = value, "who signed the issuer's certificate");
        flags.list("--oidc-signing-algs", algorithms, value -> algorithms = value, "default: RS256");
        flags.map(
                "--oidc-required-claim",
                required,
                value -> required = value,
                "CLAIM=VALUE that tokens must have; may be repeated");
        claims(flags);
    }

    private void claims(FlagSet flags) {
        flags.text("--oidc-username-claim", usernameClaim, value -> usernameClaim = value, "default: sub");
        flags.text(
                "--oidc-username-prefix",
                usernamePrefix,
                value -> usernamePrefix = value,
                "default: the issuer and #, unless the claim is email; - for none");
        flags.text("--oidc-groups-claim", groupsClaim, value -> groupsClaim = value, "says a user's groups");
        flags.text("--oidc-groups-prefix", groupsPrefix, value -> groupsPrefix = value, "goes before each of them");
    }

    private boolean flagsSet() {
        return issuer != null
                || client != null
                || authority != null
                || usernameClaim != null
                || usernamePrefix != null
                || groupsClaim != null
                || groupsPrefix != null
                || !algorithms.isEmpty()
                || !required.isEmpty();
    }

    /** Adds what is wrong with the flags. */
    void check(List<String> problems) {
        if (file != null && flagsSet()) {
            problems.add("authentication-config file and oidc-* flags are mutually exclusive");
        }
        if (file == null
                && flagsSet()
                && (given(issuer).isEmpty() || given(client).isEmpty())) {
            problems.add("oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set");
        }
        for (String algorithm : algorithms) {
            if (!ALGORITHMS.contains(algorithm)) {
                problems.add("oidc: unsupported signing alg: \"" + algorithm + "\"");
            }
        }
    }

    /**
     * Begins to believe them.
     *
     * @param own the issuers that this server is itself
     */
    JwtAuthentication open(List<String> own, Clock clock) throws IOException {
        if (file != null) {
            var terms = new JwtAuthentication.Terms(own, List.copyOf(ALGORITHMS), clock);
            return JwtAuthentication.follow(file, LOOK_EVERY, terms);
        }
        var believed = algorithms.isEmpty() ? List.of("RS256") : List.copyOf(algorithms);
        return JwtAuthentication.of(configuration(), new JwtAuthentication.Terms(own, believed, clock));
    }

    /** The flags as a configuration of one issuer, or of none. */
    private ObjectNode configuration() throws IOException {
        var config = JsonNodeFactory.instance.objectNode();
        if (issuer == null) {
            return config;
        }
        var jwt = config.putArray("jwt").addObject();
        var from = jwt.putObject("issuer").put("url", issuer);
        from.putArray("audiences").add(given(client));
        if (authority != null) {
            from.put("certificateAuthority", Files.readString(authority));
        }
        required.forEach((claim, value) -> jwt.withArrayProperty("claimValidationRules")
                .addObject()
                .put("claim", claim)
                .put("requiredValue", value));
        String claim = usernameClaim == null ? "sub" : usernameClaim;
        String prefix = given(usernamePrefix);
        if (prefix.isEmpty() && !claim.equals("email")) {
            prefix = issuer + "#";
        }
        var mappings = jwt.putObject("claimMappings");
        mappings.putObject("username").put("claim", claim).put("prefix", prefix.equals("-") ? "" : prefix);
        if (!given(groupsClaim).isEmpty()) {
            mappings.putObject("groups").put("claim", groupsClaim).put("prefix", given(groupsPrefix));
        }
        return config;
    }

    private static String given(@Nullable String value) {
        return value == null ? "" : value;
    }
}
