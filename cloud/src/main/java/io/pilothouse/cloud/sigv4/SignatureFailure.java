package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Protocol;

/** Why a request's signature was not accepted; each protocol has its own words for it. */
public final class SignatureFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The reasons. */
    public enum Kind {
        MISSING,
        INCOMPLETE,
        UNKNOWN_KEY,
        MISMATCH,
        SKEWED,
        EXPIRED_REQUEST,
        EXPIRED_TOKEN,
        PAYLOAD
    }

    private final Kind kind;
    private final String detail;

    /** A failure with the text for the client. */
    public SignatureFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.detail = message;
    }

    /** The reason. */
    public Kind kind() {
        return kind;
    }

    /** The error as a client of that protocol knows it. */
    public AwsException render(Protocol protocol) {
        return switch (protocol) {
            case QUERY -> query();
            case EC2 -> ec2();
            case REST_JSON -> json(403);
            case JSON -> json(400);
            case S3 -> s3();
        };
    }

    private AwsException query() {
        return switch (kind) {
            case MISSING -> error(403, "MissingAuthenticationToken");
            case INCOMPLETE -> error(400, "IncompleteSignature");
            case UNKNOWN_KEY -> error(403, "InvalidClientTokenId");
            case MISMATCH, SKEWED, EXPIRED_REQUEST, PAYLOAD -> error(403, "SignatureDoesNotMatch");
            case EXPIRED_TOKEN -> error(403, "ExpiredToken");
        };
    }

    private AwsException ec2() {
        return switch (kind) {
            case MISSING -> error(403, "MissingAuthenticationToken");
            case INCOMPLETE -> error(400, "IncompleteSignature");
            case UNKNOWN_KEY, MISMATCH, PAYLOAD ->
                new AwsException(401, "AuthFailure", "AWS was not able to validate the provided access credentials");
            case SKEWED, EXPIRED_REQUEST, EXPIRED_TOKEN -> error(400, "RequestExpired");
        };
    }

    private AwsException json(int status) {
        return switch (kind) {
            case MISSING -> error(status, "MissingAuthenticationTokenException");
            case INCOMPLETE -> error(status, "IncompleteSignatureException");
            case UNKNOWN_KEY -> error(status, "UnrecognizedClientException");
            case MISMATCH, SKEWED, EXPIRED_REQUEST, PAYLOAD -> error(status, "InvalidSignatureException");
            case EXPIRED_TOKEN -> error(status, "ExpiredTokenException");
        };
    }

    private AwsException s3() {
        return switch (kind) {
            case MISSING -> new AwsException(403, "AccessDenied", "Access Denied");
            case INCOMPLETE -> error(400, "AuthorizationHeaderMalformed");
            case UNKNOWN_KEY ->
                new AwsException(
                        403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
            case MISMATCH -> error(403, "SignatureDoesNotMatch");
            case SKEWED ->
                new AwsException(
                        403,
                        "RequestTimeTooSkewed",
                        "The difference between the request time and the current time is too large.");
            case EXPIRED_REQUEST -> new AwsException(403, "AccessDenied", "Request has expired");
            case EXPIRED_TOKEN -> new AwsException(400, "ExpiredToken", "The provided token has expired.");
            case PAYLOAD -> error(400, "XAmzContentSHA256Mismatch");
        };
    }

    private AwsException error(int status, String code) {
        return new AwsException(status, code, detail);
    }
}
