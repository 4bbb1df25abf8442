package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.IamModel.InstanceProfile;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** AWS::IAM::InstanceProfile. */
final class InstanceProfileProvider implements ResourceProvider {
    private final IamStore iam;

    InstanceProfileProvider(IamStore iam) {
        this.iam = iam;
    }

    @Override
    public Set<String> properties() {
        return Set.of("InstanceProfileName", "Path", "Roles");
    }

    @Override
    public Made create(Context context, JsonNode properties) {
        List<String> roles = Props.texts(properties.path("Roles"));
        if (roles.size() != 1) {
            throw AwsException.validation("An instance profile has exactly one role");
        }
        String role = iam.role(roles.getFirst()).name();
        String name = Props.text(properties, "InstanceProfileName", context.name(128));
        InstanceProfile profile = new InstanceProfile(
                name,
                Props.text(properties, "Path", "/"),
                iam.ids().upper("AIPA", 17),
                iam.clock().millis(),
                List.of(role),
                Map.of("aws:cloudformation:stack-id", context.stackId()));
        if (!iam.profiles().insert(name, profile)
                && !context.stackId().equals(iam.profile(name).tags().get("aws:cloudformation:stack-id"))) {
            throw new AwsException(409, "EntityAlreadyExists", name + " already exists");
        }
        return new Made(name, Map.of("Arn", iam.arns().instanceProfile(profile.path(), name)));
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        iam.profiles().remove(made.physicalId());
    }
}
