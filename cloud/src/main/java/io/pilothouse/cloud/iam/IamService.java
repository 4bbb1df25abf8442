package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.Map;
import java.util.regex.Pattern;

/** The IAM API: users, access keys, roles, instance profiles and policies. */
public final class IamService {
    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
    private static final Pattern PATH = Pattern.compile("/|/[\\x21-\\x7e]+/");

    private IamService() {}

    /** The service over a store. */
    public static QueryService create(IamStore store, AccessControl access) {
        QueryService service =
                new QueryService("iam", Protocol.QUERY, "https://iam.amazonaws.com/doc/2010-05-08/", access);
        new UserActions(store).register(service);
        new RoleActions(store).register(service);
        new InstanceProfileActions(store).register(service);
        new PolicyActions(store).register(service);
        return service;
    }

    static String name(String value, String parameter) {
        if (!NAME.matcher(value).matches()) {
            throw AwsException.validation("The specified value for " + parameter
                    + " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
        }
        return value;
    }

    static String path(String value) {
        if (!PATH.matcher(value).matches()) {
            throw AwsException.validation(
                    "The specified value for path is invalid. It must begin and end with / and contain only"
                            + " alphanumeric characters and/or / characters.");
        }
        return value;
    }

    static AwsException exists(String what) {
        return new AwsException(409, "EntityAlreadyExists", what + " already exists.");
    }

    static AwsException conflict(String message) {
        return new AwsException(409, "DeleteConflict", message);
    }

    static void tags(XmlWriter out, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            out.list(
                    "Tags",
                    "member",
                    tags.entrySet(),
                    t -> out.text("Key", t.getKey()).text("Value", t.getValue()));
        }
    }

    static void whole(XmlWriter out) {
        out.text("IsTruncated", false);
    }
}
