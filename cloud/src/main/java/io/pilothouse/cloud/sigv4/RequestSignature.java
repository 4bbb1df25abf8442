package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.AwsRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signature that a request carries, in its Authorization header or in its query (presigned).
 *
 * @param date x-amz-date as sent (yyyyMMdd'T'HHmmss'Z')
 * @param expiresSeconds how long a presigned request is good; 0 for the header form
 * @param securityToken the token of temporary credentials, or null
 */
public record RequestSignature(
        boolean presigned,
        CredentialScope scope,
        List<String> signedHeaders,
        String signature,
        String date,
        int expiresSeconds,
        @Nullable String securityToken) {

    private static final int MAX_EXPIRES = 7 * 24 * 3600;

    /**
     * Finds the signature of a request; empty when it carries none.
     *
     * @throws SignatureFailure INCOMPLETE when there is one with parts missing or malformed
     */
    public static Optional<RequestSignature> of(AwsRequest request) {
        Optional<String> authorization = request.header("authorization");
        if (authorization.isPresent()) {
            return Optional.of(ofHeader(request, authorization.get()));
        }
        if (request.queryParam("X-Amz-Algorithm").isPresent()
                || request.queryParam("X-Amz-Signature").isPresent()) {
            return Optional.of(ofQuery(request));
        }
        return Optional.empty();
    }

    /** The service that a request's credential scope names; empty when it has none that can be read. */
    public static Optional<String> serviceOf(AwsRequest request) {
        String header = request.header("authorization").orElse("");
        int start = header.indexOf("Credential=");
        Optional<String> credential = start < 0
                ? request.queryParam("X-Amz-Credential")
                : Optional.of(header.substring(start + 11).split("[, ]", 2)[0]);
        return credential.flatMap(CredentialScope::parse).map(CredentialScope::service);
    }

    private static RequestSignature ofHeader(AwsRequest request, String authorization) {
        if (!authorization.startsWith(SigV4.ALGORITHM + " ")) {
            throw new SignatureFailure(
                    SignatureFailure.Kind.INCOMPLETE,
                    "Unsupported AWS 'algorithm': '" + authorization.split(" ", 2)[0] + "'; use " + SigV4.ALGORITHM
                            + ".");
        }
        Map<String, String> fields = new HashMap<>();
        for (String part : authorization.substring(SigV4.ALGORITHM.length()).split(",", -1)) {
            int eq = part.indexOf('=');
            if (eq > 0) {
                fields.put(part.substring(0, eq).strip(), part.substring(eq + 1).strip());
            }
        }
        CredentialScope scope =
                scope(need(fields.get("Credential"), "Authorization header requires 'Credential' parameter."));
        String signed = need(fields.get("SignedHeaders"), "Authorization header requires 'SignedHeaders' parameter.");
        String signature = need(fields.get("Signature"), "Authorization header requires 'Signature' parameter.");
        String date = need(
                request.header("x-amz-date").orElse(null),
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        return new RequestSignature(
                false,
                scope,
                headers(signed),
                signature,
                date,
                0,
                request.header("x-amz-security-token").orElse(null));
    }

    private static RequestSignature ofQuery(AwsRequest request) {
        if (!request.queryParam("X-Amz-Algorithm").orElse("").equals(SigV4.ALGORITHM)) {
            throw new SignatureFailure(
                    SignatureFailure.Kind.INCOMPLETE, "X-Amz-Algorithm only supports \"" + SigV4.ALGORITHM + "\".");
        }
        String expires = request.queryParam("X-Amz-Expires").orElse("300");
        int seconds;
        try {
            seconds = Integer.parseInt(expires);
        } catch (NumberFormatException e) {
            throw new SignatureFailure(SignatureFailure.Kind.INCOMPLETE, "X-Amz-Expires should be a number");
        }
        if (seconds < 0 || seconds > MAX_EXPIRES) {
            throw new SignatureFailure(
                    SignatureFailure.Kind.INCOMPLETE, "X-Amz-Expires must be between 0 and " + MAX_EXPIRES);
        }
        return new RequestSignature(
                true,
                scope(needParam(request, "X-Amz-Credential")),
                headers(needParam(request, "X-Amz-SignedHeaders")),
                needParam(request, "X-Amz-Signature"),
                needParam(request, "X-Amz-Date"),
                seconds,
                request.queryParam("X-Amz-Security-Token").orElse(null));
    }

    private static CredentialScope scope(String credential) {
        return CredentialScope.parse(credential)
                .orElseThrow(
                        () -> new SignatureFailure(
                                SignatureFailure.Kind.INCOMPLETE,
                                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"));
    }

    private static List<String> headers(String list) {
        List<String> names = Arrays.stream(list.split(";", -1))
                .map(n -> n.toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains("host")) {
            throw new SignatureFailure(
                    SignatureFailure.Kind.MISMATCH,
                    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        return names;
    }

    private static String needParam(AwsRequest request, String name) {
        return need(request.queryParam(name).orElse(null), "AWS query-string parameters must include '" + name + "'.");
    }

    private static String need(@Nullable String value, String otherwise) {
        if (value == null || value.isEmpty()) {
            throw new SignatureFailure(SignatureFailure.Kind.INCOMPLETE, otherwise);
        }
        return value;
    }
}
