package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Merging and checking of launch data. */
public final class Launches {
    /** Data that says nothing. */
    public static final LaunchData NOTHING = new LaunchData("", "", "", "", "", List.of(), "", 0, Map.of());

    private Launches() {}

    /** The second's values where it has any, else the first's. */
    public static LaunchData merge(LaunchData base, LaunchData over) {
        Map<String, String> tags = new TreeMap<>(base.instanceTags());
        tags.putAll(over.instanceTags());
        return new LaunchData(
                or(over.imageId(), base.imageId()),
                or(over.instanceType(), or(base.instanceType(), "t3.medium")),
                or(over.keyName(), base.keyName()),
                or(over.userData(), base.userData()),
                or(over.profile(), base.profile()),
                over.securityGroupIds().isEmpty() ? base.securityGroupIds() : over.securityGroupIds(),
                or(over.httpTokens(), or(base.httpTokens(), "required")),
                over.volumeGib() > 0 ? over.volumeGib() : base.volumeGib(),
                tags);
    }

    private static String or(String one, String otherwise) {
        return one.isEmpty() ? otherwise : one;
    }

    /** Refuses data with which nothing could be launched. */
    public static void check(LaunchData data, Ec2Store store, IamStore iam) {
        if (data.imageId().isEmpty()) {
            throw new AwsException(400, "MissingParameter", "The request must contain the parameter ImageId");
        }
        if (!CatalogueActions.isImage(data.imageId())) {
            throw new AwsException(
                    400, "InvalidAMIID.NotFound", "The image id '[" + data.imageId() + "]' does not exist");
        }
        if (!CatalogueActions.isType(data.instanceType())) {
            throw new AwsException(
                    400, "InvalidParameterValue", "Invalid value '" + data.instanceType() + "' for InstanceType.");
        }
        for (String group : data.securityGroupIds()) {
            if (store.groups().find(group).isEmpty()) {
                throw new AwsException(
                        400, "InvalidGroup.NotFound", "The security group '" + group + "' does not exist");
            }
        }
        if (!data.profile().isEmpty()
                && iam.profiles().find(name(data.profile())).isEmpty()) {
            throw new AwsException(
                    400,
                    "InvalidParameterValue",
                    "Value (" + data.profile()
                            + ") for parameter iamInstanceProfile is invalid. Invalid IAM Instance Profile");
        }
        try {
            UserData.parts(data.userData());
        } catch (IllegalArgumentException e) {
            throw new AwsException(400, "InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.", e);
        }
    }

    /** The ARN of an instance profile given by name or ARN. */
    static String profileArn(String profile, IamStore iam) {
        return profile.startsWith("arn:")
                ? profile
                : iam.profiles()
                        .find(profile)
                        .map(p -> iam.arns().instanceProfile(p.path(), p.name()))
                        .orElse(profile);
    }

    private static String name(String profile) {
        return profile.substring(profile.lastIndexOf('/') + 1);
    }
}
