package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.IamModel.InstanceProfile;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;

/** Instance profiles: the way a role gets to an instance. */
final class InstanceProfileActions {
    private final IamStore iam;

    InstanceProfileActions(IamStore iam) {
        this.iam = iam;
    }

    void register(QueryService service) {
        service.action("CreateInstanceProfile", this::create, "InstanceProfileName", "Path", "Tags")
                .action("GetInstanceProfile", this::get, "InstanceProfileName")
                .action("ListInstanceProfiles", this::list, "PathPrefix", "MaxItems")
                .action("ListInstanceProfilesForRole", this::listForRole, "RoleName", "MaxItems")
                .action("DeleteInstanceProfile", this::delete, "InstanceProfileName")
                .action("AddRoleToInstanceProfile", this::addRole, "InstanceProfileName", "RoleName")
                .action("RemoveRoleFromInstanceProfile", this::removeRole, "InstanceProfileName", "RoleName");
    }

    private void create(QueryCall call, XmlWriter out) {
        String name = IamService.name(call.params().required("InstanceProfileName"), "instanceProfileName");
        InstanceProfile profile = new InstanceProfile(
                name,
                IamService.path(call.params().get("Path", "/")),
                iam.ids().upper("AIPA", 17),
                iam.clock().millis(),
                List.of(),
                call.params().tags("Tags.member"));
        if (!iam.profiles().insert(name, profile)) {
            throw IamService.exists("Instance Profile " + name);
        }
        write(out.open("InstanceProfile"), profile);
        out.close();
    }

    private void get(QueryCall call, XmlWriter out) {
        write(out.open("InstanceProfile"), iam.profile(call.params().required("InstanceProfileName")));
        out.close();
    }

    private void list(QueryCall call, XmlWriter out) {
        String prefix = call.params().get("PathPrefix", "/");
        out.list(
                "InstanceProfiles",
                "member",
                iam.profiles().list().stream()
                        .filter(p -> p.path().startsWith(prefix))
                        .toList(),
                p -> write(out, p));
        IamService.whole(out);
    }

    private void listForRole(QueryCall call, XmlWriter out) {
        String role = iam.role(call.params().required("RoleName")).name();
        out.list(
                "InstanceProfiles",
                "member",
                iam.profiles().list().stream()
                        .filter(p -> p.roles().contains(role))
                        .toList(),
                p -> write(out, p));
        IamService.whole(out);
    }

    private void delete(QueryCall call, XmlWriter out) {
        InstanceProfile profile = iam.profile(call.params().required("InstanceProfileName"));
        if (!profile.roles().isEmpty()) {
            throw IamService.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        iam.profiles().remove(profile.name());
    }

    private void addRole(QueryCall call, XmlWriter out) {
        String role = iam.role(call.params().required("RoleName")).name();
        setRoles(call.params().required("InstanceProfileName"), role, true);
    }

    private void removeRole(QueryCall call, XmlWriter out) {
        String role = iam.role(call.params().required("RoleName")).name();
        setRoles(call.params().required("InstanceProfileName"), role, false);
    }

    private void setRoles(String name, String role, boolean add) {
        iam.profile(name);
        iam.profiles().update(name, p -> {
            if (add && !p.roles().isEmpty()) {
                throw new AwsException(
                        409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
            }
            if (!add && !p.roles().contains(role)) {
                throw AwsException.noSuchEntity("Role " + role + " is not in instance profile " + name + ".");
            }
            return new InstanceProfile(
                    p.name(), p.path(), p.id(), p.createdMillis(), add ? List.of(role) : List.of(), p.tags());
        });
    }

    private void write(XmlWriter out, InstanceProfile profile) {
        out.text("Path", profile.path())
                .text("InstanceProfileName", profile.name())
                .text("InstanceProfileId", profile.id())
                .text("Arn", iam.arns().instanceProfile(profile.path(), profile.name()))
                .time("CreateDate", profile.createdMillis());
        out.list(
                "Roles",
                "member",
                profile.roles().stream()
                        .flatMap(r -> iam.roles().find(r).stream())
                        .toList(),
                r -> RoleActions.write(out, iam, r));
        IamService.tags(out, profile.tags());
    }
}
