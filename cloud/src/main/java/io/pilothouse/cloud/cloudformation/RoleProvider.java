package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.IamModel.Policies;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.iam.PolicyDocument;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** AWS::IAM::Role. */
final class RoleProvider implements ResourceProvider {
    private final IamStore iam;

    RoleProvider(IamStore iam) {
        this.iam = iam;
    }

    @Override
    public Set<String> properties() {
        return Set.of(
                "RoleName",
                "Path",
                "AssumeRolePolicyDocument",
                "ManagedPolicyArns",
                "Policies",
                "Description",
                "MaxSessionDuration",
                "Tags");
    }

    @Override
    public Made create(Context context, JsonNode properties) {
        String name = Props.text(properties, "RoleName", context.name(64));
        Role role = role(name, iam.ids().upper("AROA", 17), iam.clock().millis(), context, properties);
        if (!iam.roles().insert(name, role)) {
            Role there = iam.role(name);
            if (!context.stackId().equals(there.tags().get("aws:cloudformation:stack-id"))) {
                throw new AwsException(409, "EntityAlreadyExists", name + " already exists");
            }
            return made(there);
        }
        return made(role);
    }

    private Role role(String name, String id, long created, Context context, JsonNode p) {
        String trust = p.path("AssumeRolePolicyDocument").toString();
        PolicyDocument.parse(trust);
        TreeMap<String, String> inline = new TreeMap<>();
        p.path("Policies").forEach(one -> {
            PolicyDocument.parse(one.path("PolicyDocument").toString());
            inline.put(
                    Props.required(one, "PolicyName"),
                    one.path("PolicyDocument").toString());
        });
        List<String> attached = Props.texts(p.path("ManagedPolicyArns"));
        for (String arn : attached) {
            if (iam.document(arn).isEmpty()) {
                throw AwsException.noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
            }
        }
        Map<String, String> tags = new TreeMap<>(Props.tags(p.path("Tags")));
        tags.put("aws:cloudformation:stack-id", context.stackId());
        return new Role(
                name,
                Props.text(p, "Path", "/"),
                id,
                created,
                trust,
                Props.text(p, "Description", ""),
                Props.number(p, "MaxSessionDuration", 3600),
                tags,
                new Policies(inline, new TreeSet<>(attached)));
    }

    private Made made(Role role) {
        return new Made(role.name(), Map.of("Arn", iam.arns().role(role.path(), role.name()), "RoleId", role.id()));
    }

    @Override
    public Made update(Context context, Made made, JsonNode before, JsonNode after) {
        if (!before.path("RoleName").equals(after.path("RoleName"))
                || !before.path("Path").equals(after.path("Path"))) {
            throw AwsException.validation(
                    "RoleName and Path cannot be changed in place; replacement is not supported here");
        }
        return iam.roles()
                .update(made.physicalId(), old -> role(old.name(), old.id(), old.createdMillis(), context, after))
                .map(this::made)
                .orElseThrow(() -> AwsException.noSuchEntity("The role " + made.physicalId() + " is gone"));
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        if (iam.profiles().list().stream().anyMatch(p -> p.roles().contains(made.physicalId()))) {
            throw new AwsException(
                    409, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.");
        }
        iam.roles().remove(made.physicalId());
    }
}
