package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.iam.IamModel;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import java.util.Optional;

/** IAM principals as access entries name them. */
final class Principals {
    private Principals() {}

    /** The caller's ARN; for a session of a role, the role's. */
    static String canonical(CallerIdentity caller, IamStore iam) {
        if (caller.type() != PrincipalType.ASSUMED_ROLE) {
            return caller.arn();
        }
        return iam.arns()
                .role(iam.roles().find(caller.name()).map(IamModel.Role::path).orElse("/"), caller.name());
    }

    /** The principal's unique id. */
    static String id(CallerIdentity caller) {
        String id = caller.userId();
        return id.contains(":") ? id.substring(0, id.indexOf(':')) : id;
    }

    /** The unique id of a principal of this account that exists. */
    static Optional<String> find(String arn, IamStore iam) {
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        if (arn.equals(iam.arns().root())) {
            return Optional.of(iam.arns().account());
        }
        Optional<String> role = iam.roles()
                .find(name)
                .filter(r -> iam.arns().role(r.path(), r.name()).equals(arn))
                .map(IamModel.Role::id);
        return role.or(() -> iam.users()
                .find(name)
                .filter(u -> iam.arns().user(u.path(), u.name()).equals(arn))
                .map(IamModel.User::id));
    }
}
