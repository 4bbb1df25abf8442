package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.Authenticator;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.ByteBody;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.sigv4.SignatureFailure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Verifies AWS Signature Version 4 requests against the region's own credentials. Safe for many threads. */
public final class RequestAuthenticator implements Authenticator {
    private static final long SKEW_SECONDS = 300;
    private static final int MAX_SIGNED_BODY = 64 << 20;
    private static final Set<String> GLOBAL = Set.of("iam", "sts", "s3");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private final CredentialSource credentials;
    private final String region;
    private final Clock clock;

    /** @param region the only region that signatures may name (global services also take us-east-1) */
    public RequestAuthenticator(CredentialSource credentials, String region, Clock clock) {
        this.credentials = credentials;
        this.region = region;
        this.clock = clock;
    }

    @Override
    public Authenticated authenticate(AwsRequest request, String service, Protocol protocol) {
        try {
            return verify(request, service);
        } catch (SignatureFailure e) {
            throw e.render(protocol);
        } catch (IOException e) {
            throw new AwsException(400, "RequestTimeout", "The request's body could not be read", e);
        }
    }

    private Authenticated verify(AwsRequest request, String service) throws IOException {
        RequestSignature signature = RequestSignature.of(request)
                .orElseThrow(() -> new SignatureFailure(Kind.MISSING, "Request is missing Authentication Token"));
        checkScope(signature, service);
        checkTime(signature, service);
        CredentialSource.Credential credential = credentials
                .find(signature.scope().accessKeyId())
                .orElseThrow(() -> new SignatureFailure(
                        Kind.UNKNOWN_KEY, "The security token included in the request is invalid."));
        checkToken(signature, credential);
        byte[] key = SigV4.signingKey(credential.secret(), signature.scope());
        String payload = payloadHash(request, signature);
        String toSign = SigV4.ALGORITHM + "\n" + signature.date() + "\n"
                + signature.scope().text() + "\n" + CanonicalRequest.hash(request, signature, payload);
        if (!SigV4.sameSignature(SigV4.sign(key, toSign), signature.signature())) {
            throw new SignatureFailure(
                    Kind.MISMATCH,
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and"
                            + " signing method. Consult the service documentation for details.");
        }
        return new Authenticated(credential.identity(), checkedBody(request, signature, key, payload));
    }

    private void checkScope(RequestSignature signature, String service) {
        CredentialScope scope = signature.scope();
        if (!scope.service().equals(service)) {
            throw new SignatureFailure(
                    Kind.MISMATCH, "Credential should be scoped to correct service: '" + service + "'.");
        }
        boolean known = scope.region().equals(region)
                || (GLOBAL.contains(service) && scope.region().equals("us-east-1"));
        if (!known) {
            throw new SignatureFailure(
                    Kind.MISMATCH,
                    "Credential should be scoped to a valid region: this endpoint serves " + region + ".");
        }
        if (!signature.date().startsWith(scope.date())) {
            throw new SignatureFailure(
                    Kind.MISMATCH,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
        }
    }

    private void checkTime(RequestSignature signature, String service) {
        Instant signed;
        try {
            signed = LocalDateTime.parse(signature.date(), STAMP).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new SignatureFailure(
                    Kind.INCOMPLETE, "Date must be in ISO-8601 'basic format'. Got '" + signature.date() + "'.");
        }
        Instant now = clock.instant();
        if (signed.isAfter(now.plusSeconds(SKEW_SECONDS))) {
            throw new SignatureFailure(
                    Kind.SKEWED,
                    "Signature not yet current: " + signature.date() + " is still later than "
                            + STAMP.format(now.atOffset(ZoneOffset.UTC)) + " + 5 min.");
        }
        // A presigned GetCallerIdentity is a Kubernetes token: its verifier takes it for 15 minutes whatever it says
        // itself.
        long lifetime = !signature.presigned()
                ? SKEW_SECONDS
                : service.equals("sts") ? Math.max(900, signature.expiresSeconds()) : signature.expiresSeconds();
        if (signed.plusSeconds(lifetime).isBefore(now)) {
            throw new SignatureFailure(
                    signature.presigned() ? Kind.EXPIRED_REQUEST : Kind.SKEWED,
                    "Signature expired: " + signature.date() + " is now earlier than "
                            + STAMP.format(now.minusSeconds(lifetime).atOffset(ZoneOffset.UTC)) + ".");
        }
    }

    private void checkToken(RequestSignature signature, CredentialSource.Credential credential) {
        String needed = credential.sessionToken();
        String given = signature.securityToken();
        boolean matches = needed == null ? given == null : given != null && SigV4.sameSignature(needed, given);
        if (!matches) {
            throw new SignatureFailure(Kind.UNKNOWN_KEY, "The security token included in the request is invalid.");
        }
        if (credential.expiresMillis() <= clock.millis()) {
            throw new SignatureFailure(Kind.EXPIRED_TOKEN, "The security token included in the request is expired");
        }
    }

    /** The payload's hash as it went into the signature: what the client says for S3, else the hash of the body itself. */
    private static String payloadHash(AwsRequest request, RequestSignature signature) throws IOException {
        boolean s3 = signature.scope().service().equals("s3");
        Optional<String> declared = request.header("x-amz-content-sha256");
        if (s3) {
            return declared.orElse(signature.presigned() ? "UNSIGNED-PAYLOAD" : SigV4.EMPTY_SHA256);
        }
        return SigV4.hash(request.body().bytes(MAX_SIGNED_BODY));
    }

    private static AwsRequest checkedBody(AwsRequest request, RequestSignature signature, byte[] key, String payload) {
        if (!signature.scope().service().equals("s3")) {
            return request;
        }
        if (payload.startsWith("STREAMING-")) {
            return request.withBody(new ChunkedBody(request.body(), payload, signature, key));
        }
        if (payload.equals("UNSIGNED-PAYLOAD")) {
            return request;
        }
        if (payload.equals(SigV4.EMPTY_SHA256)) {
            try {
                return request.withBody(new ByteBody(request.body().bytes(0)));
            } catch (AwsException e) {
                throw new SignatureFailure(
                        Kind.PAYLOAD, "The provided 'x-amz-content-sha256' header does not match what was computed.");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return request.withBody(new HashedBody(request.body(), payload));
    }
}
