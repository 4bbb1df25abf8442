package io.pilothouse.iam.token;

import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.AuthenticationFailure.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Checks the form of a token, in the order in which aws-iam-authenticator does, and nothing beyond its form. */
public final class TokenParser {
    private static final String PREFIX = "k8s-aws-v1.";
    private static final int MAX_LENGTH = 4096;
    private static final int LIFETIME_SECONDS = 15 * 60;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final Set<String> PARAMETERS = Set.of(
            "action",
            "version",
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-expires",
            "x-amz-security-token",
            "x-amz-signature",
            "x-amz-signedheaders");
    private final String partition;
    private final String region;
    private final Set<String> localStsHosts;
    private final Clock clock;

    /** @param localStsHosts host:port of STS endpoints that may also be named, over http or https */
    public TokenParser(String partition, String region, Set<String> localStsHosts, Clock clock) {
        if (!Partition.names().contains(partition)) {
            throw new IllegalArgumentException("unknown partition " + partition + "; known are " + Partition.names());
        }
        this.partition = partition;
        this.region = region;
        this.localStsHosts = Set.copyOf(localStsHosts);
        this.clock = clock;
    }

    /** Reads a token. */
    public PresignedToken parse(String token) throws AuthenticationFailure {
        if (token.length() > MAX_LENGTH) {
            throw invalid("token is too large");
        }
        if (!token.startsWith(PREFIX)) {
            throw invalid("token is missing expected \"" + PREFIX + "\" prefix");
        }
        URI url = url(token.substring(PREFIX.length()));
        boolean local = url.getRawAuthority() != null && localStsHosts.contains(url.getRawAuthority());
        if (!"https".equals(url.getScheme()) && !(local && "http".equals(url.getScheme()))) {
            throw invalid("unexpected scheme \"" + url.getScheme() + "\" in pre-signed URL");
        }
        if (!local
                && !Partition.isStsHost(
                        partition, region, url.getRawAuthority() == null ? "" : url.getRawAuthority())) {
            throw invalid("unexpected hostname \"" + url.getRawAuthority() + "\" in pre-signed URL");
        }
        if (!"/".equals(url.getRawPath())) {
            throw invalid("unexpected path in pre-signed URL");
        }
        Map<String, String> params = params(url.getRawQuery() == null ? "" : url.getRawQuery());
        return check(url, params);
    }

    private static URI url(String encoded) throws AuthenticationFailure {
        try {
            if (encoded.indexOf('=') >= 0) {
                throw new IllegalArgumentException("padded");
            }
            return new URI(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | URISyntaxException e) {
            throw new AuthenticationFailure(Kind.INVALID_TOKEN, "token is not the base64 of a URL", e);
        }
    }

    private static Map<String, String> params(String query) throws AuthenticationFailure {
        Map<String, String> params = new HashMap<>();
        for (String part : query.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (part.indexOf(';') >= 0) {
                throw invalid("malformed query parameter");
            }
            int eq = part.indexOf('=');
            String name;
            String value;
            try {
                name = URLDecoder.decode(eq < 0 ? part : part.substring(0, eq), StandardCharsets.UTF_8)
                        .toLowerCase(Locale.ROOT);
                value = eq < 0 ? "" : URLDecoder.decode(part.substring(eq + 1), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new AuthenticationFailure(Kind.INVALID_TOKEN, "malformed query parameter", e);
            }
            if (params.put(name, value) != null) {
                throw invalid("duplicate query parameter found: \"" + name + "\"");
            }
        }
        for (String name : params.keySet()) {
            if (!PARAMETERS.contains(name)) {
                throw invalid("non-whitelisted query parameter \"" + name + "\"");
            }
        }
        return params;
    }

    private PresignedToken check(URI url, Map<String, String> params) throws AuthenticationFailure {
        if (!params.getOrDefault("action", "").equals("GetCallerIdentity")) {
            throw invalid("unexpected action parameter in pre-signed URL");
        }
        List<String> signed = Arrays.asList(params.getOrDefault("x-amz-signedheaders", "")
                .toLowerCase(Locale.ROOT)
                .split(";", -1));
        if (!signed.contains("x-k8s-aws-id")) {
            throw invalid("client did not sign the x-k8s-aws-id header in the pre-signed URL");
        }
        int expires;
        try {
            expires = Integer.parseInt(params.getOrDefault("x-amz-expires", ""));
        } catch (NumberFormatException e) {
            throw new AuthenticationFailure(Kind.INVALID_TOKEN, "invalid X-Amz-Expires parameter in pre-signed URL", e);
        }
        if (expires < 0 || expires > LIFETIME_SECONDS) {
            throw invalid("invalid X-Amz-Expires parameter in pre-signed URL: " + expires);
        }
        String date = params.getOrDefault("x-amz-date", "");
        if (date.isEmpty()) {
            throw invalid("X-Amz-Date parameter must be present in pre-signed URL");
        }
        Instant end;
        try {
            end = LocalDateTime.parse(date, STAMP).toInstant(ZoneOffset.UTC).plusSeconds(LIFETIME_SECONDS);
        } catch (DateTimeParseException e) {
            throw new AuthenticationFailure(
                    Kind.INVALID_TOKEN, "error parsing X-Amz-Date parameter into format yyyyMMddTHHmmssZ", e);
        }
        if (clock.instant().isAfter(end)) {
            throw invalid("X-Amz-Date parameter is expired (15 minute expiration) " + date);
        }
        String credential = params.getOrDefault("x-amz-credential", "");
        int slash = credential.indexOf('/');
        return new PresignedToken(url, slash < 0 ? credential : credential.substring(0, slash), end.toEpochMilli());
    }

    private static AuthenticationFailure invalid(String message) {
        return new AuthenticationFailure(Kind.INVALID_TOKEN, "input token was not properly formatted: " + message);
    }
}
