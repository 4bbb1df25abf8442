package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Roles. */
final class RoleActions {
    private final IamStore iam;

    RoleActions(IamStore iam) {
        this.iam = iam;
    }

    void register(QueryService service) {
        service.action(
                        "CreateRole",
                        this::create,
                        "RoleName",
                        "Path",
                        "AssumeRolePolicyDocument",
                        "Description",
                        "MaxSessionDuration",
                        "Tags")
                .action("GetRole", this::get, "RoleName")
                .action("ListRoles", this::list, "PathPrefix", "MaxItems")
                .action("DeleteRole", this::delete, "RoleName")
                .action("UpdateRole", this::update, "RoleName", "Description", "MaxSessionDuration")
                .action("UpdateAssumeRolePolicy", this::updateTrust, "RoleName", "PolicyDocument")
                .action("TagRole", this::tag, "RoleName", "Tags")
                .action("UntagRole", this::untag, "RoleName", "TagKeys")
                .action("ListRoleTags", this::listTags, "RoleName", "MaxItems");
    }

    private void create(QueryCall call, XmlWriter out) {
        String name = IamService.name(call.params().required("RoleName"), "roleName");
        if (name.length() > 64) {
            throw AwsException.validation(
                    "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64");
        }
        String trust = call.params().required("AssumeRolePolicyDocument");
        PolicyDocument.parse(trust);
        Role role = new Role(
                name,
                IamService.path(call.params().get("Path", "/")),
                iam.ids().upper("AROA", 17),
                iam.clock().millis(),
                trust,
                call.params().get("Description", ""),
                maxSession(call, 3600),
                call.params().tags("Tags.member"),
                IamStore.noPolicies());
        if (!iam.roles().insert(name, role)) {
            throw IamService.exists("Role with name " + name);
        }
        write(out.open("Role"), iam, role);
        out.close();
    }

    private static int maxSession(QueryCall call, int otherwise) {
        int seconds = call.params().integer("MaxSessionDuration").orElse(otherwise);
        if (seconds < 3600 || seconds > 43200) {
            throw AwsException.validation("MaxSessionDuration must be between 3600 and 43200 seconds.");
        }
        return seconds;
    }

    private void get(QueryCall call, XmlWriter out) {
        write(out.open("Role"), iam, iam.role(call.params().required("RoleName")));
        out.close();
    }

    private void list(QueryCall call, XmlWriter out) {
        String prefix = call.params().get("PathPrefix", "/");
        List<Role> roles = iam.roles().list().stream()
                .filter(r -> r.path().startsWith(prefix))
                .toList();
        out.list("Roles", "member", roles, r -> write(out, iam, r));
        IamService.whole(out);
    }

    private void delete(QueryCall call, XmlWriter out) {
        Role role = iam.role(call.params().required("RoleName"));
        if (iam.profiles().list().stream().anyMatch(p -> p.roles().contains(role.name()))) {
            throw IamService.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        if (!role.policies().attached().isEmpty()) {
            throw IamService.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!role.policies().inline().isEmpty()) {
            throw IamService.conflict("Cannot delete entity, must delete policies first.");
        }
        iam.roles().remove(role.name());
    }

    private void update(QueryCall call, XmlWriter out) {
        change(
                call,
                r -> new Role(
                        r.name(),
                        r.path(),
                        r.id(),
                        r.createdMillis(),
                        r.trust(),
                        call.params().get("Description", r.description()),
                        maxSession(call, r.maxSessionSeconds()),
                        r.tags(),
                        r.policies()));
    }

    private void updateTrust(QueryCall call, XmlWriter out) {
        String trust = call.params().required("PolicyDocument");
        PolicyDocument.parse(trust);
        change(
                call,
                r -> new Role(
                        r.name(),
                        r.path(),
                        r.id(),
                        r.createdMillis(),
                        trust,
                        r.description(),
                        r.maxSessionSeconds(),
                        r.tags(),
                        r.policies()));
    }

    private void tag(QueryCall call, XmlWriter out) {
        Map<String, String> tags = call.params().tags("Tags.member");
        change(call, r -> withTags(r, IamStore.tagged(r.tags(), tags)));
    }

    private void untag(QueryCall call, XmlWriter out) {
        List<String> keys = call.params().list("TagKeys.member");
        change(call, r -> {
            Map<String, String> left = new TreeMap<>(r.tags());
            keys.forEach(left::remove);
            return withTags(r, left);
        });
    }

    private void listTags(QueryCall call, XmlWriter out) {
        IamService.whole(out);
        out.list(
                "Tags",
                "member",
                iam.role(call.params().required("RoleName")).tags().entrySet(),
                t -> out.text("Key", t.getKey()).text("Value", t.getValue()));
    }

    private static Role withTags(Role r, Map<String, String> tags) {
        return new Role(
                r.name(),
                r.path(),
                r.id(),
                r.createdMillis(),
                r.trust(),
                r.description(),
                r.maxSessionSeconds(),
                tags,
                r.policies());
    }

    private void change(QueryCall call, UnaryOperator<Role> change) {
        String name = call.params().required("RoleName");
        if (iam.roles().update(name, change).isEmpty()) {
            throw AwsException.noSuchEntity("The role with name " + name + " cannot be found.");
        }
    }

    static void write(XmlWriter out, IamStore iam, Role role) {
        out.text("Path", role.path())
                .text("RoleName", role.name())
                .text("RoleId", role.id())
                .text("Arn", iam.arns().role(role.path(), role.name()))
                .time("CreateDate", role.createdMillis())
                .text("AssumeRolePolicyDocument", UriCodec.encode(role.trust(), false))
                .text("Description", role.description().isEmpty() ? null : role.description())
                .text("MaxSessionDuration", role.maxSessionSeconds());
        IamService.tags(out, role.tags());
    }
}
