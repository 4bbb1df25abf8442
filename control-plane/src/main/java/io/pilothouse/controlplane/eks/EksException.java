package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.protocol.AwsException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An error of the EKS API, with the members that say what it is about. */
public final class EksException extends AwsException {
    private static final long serialVersionUID = 1L;
    private final LinkedHashMap<String, String> members = new LinkedHashMap<>();

    private EksException(int status, String code, String message) {
        super(status, code, message);
    }

    /** Adds a member such as clusterName. */
    public EksException about(String member, String value) {
        members.put(member, value);
        return this;
    }

    /** The members besides the message. */
    Map<String, String> members() {
        return members;
    }

    /** A parameter that is wrong. */
    public static EksException invalidParameter(String message) {
        return new EksException(400, "InvalidParameterException", message);
    }

    /** A request that can't be granted in the present state, or that is not supported. */
    public static EksException invalidRequest(String message) {
        return new EksException(400, "InvalidRequestException", message);
    }

    /** Something that is not there. */
    public static EksException notFound(String message) {
        return new EksException(404, "ResourceNotFoundException", message);
    }

    /** Something that is there already, or still needed. */
    public static EksException inUse(String message) {
        return new EksException(409, "ResourceInUseException", message);
    }

    /** Too many of something. */
    public static EksException limit(String message) {
        return new EksException(400, "ResourceLimitExceededException", message);
    }

    /** A request that is malformed. */
    public static EksException badRequest(String message) {
        return new EksException(400, "BadRequestException", message);
    }

    /** The tagging operations' own word for what is not there. */
    public static EksException tagTargetNotFound(String message) {
        return new EksException(404, "NotFoundException", message);
    }
}
