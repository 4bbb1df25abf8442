package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.iam.IamModel.User;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Users and their access keys. */
final class UserActions {
    private final IamStore iam;

    UserActions(IamStore iam) {
        this.iam = iam;
    }

    void register(QueryService service) {
        service.action("CreateUser", this::create, "UserName", "Path", "Tags")
                .action("GetUser", this::get, "UserName")
                .action("ListUsers", this::list, "PathPrefix", "MaxItems")
                .action("DeleteUser", this::delete, "UserName")
                .action("TagUser", this::tag, "UserName", "Tags")
                .action("UntagUser", this::untag, "UserName", "TagKeys")
                .action("ListUserTags", this::listTags, "UserName", "MaxItems")
                .action("CreateAccessKey", this::createKey, "UserName")
                .action("ListAccessKeys", this::listKeys, "UserName", "MaxItems")
                .action("UpdateAccessKey", this::updateKey, "UserName", "AccessKeyId", "Status")
                .action("DeleteAccessKey", this::deleteKey, "UserName", "AccessKeyId")
                .action(
                        "ListGroupsForUser",
                        (call, out) -> {
                            iam.user(call.params().required("UserName"));
                            out.texts("Groups", "member", List.of());
                            IamService.whole(out);
                        },
                        "UserName",
                        "MaxItems");
    }

    private void create(QueryCall call, XmlWriter out) {
        String name = IamService.name(call.params().required("UserName"), "userName");
        String path = IamService.path(call.params().get("Path", "/"));
        User user = new User(
                name,
                path,
                iam.ids().upper("AIDA", 17),
                iam.clock().millis(),
                call.params().tags("Tags.member"),
                IamStore.noPolicies());
        if (!iam.users().insert(name, user)) {
            throw IamService.exists("User with name " + name);
        }
        write(out.open("User"), user);
        out.close();
    }

    private void get(QueryCall call, XmlWriter out) {
        Optional<String> named = call.params().find("UserName");
        if (named.isEmpty() && call.caller().type() == PrincipalType.ROOT) {
            out.open("User")
                    .text("UserId", call.caller().userId())
                    .text("Arn", call.caller().arn())
                    .time("CreateDate", 0)
                    .close();
            return;
        }
        write(out.open("User"), iam.user(nameOrCaller(call)));
        out.close();
    }

    private void list(QueryCall call, XmlWriter out) {
        String prefix = call.params().get("PathPrefix", "/");
        List<User> users = iam.users().list().stream()
                .filter(u -> u.path().startsWith(prefix))
                .toList();
        out.list("Users", "member", users, u -> write(out, u));
        IamService.whole(out);
    }

    private void delete(QueryCall call, XmlWriter out) {
        User user = iam.user(call.params().required("UserName"));
        if (iam.keys().list().stream().anyMatch(k -> user.name().equals(k.user()))) {
            throw IamService.conflict("Cannot delete entity, must delete access keys first.");
        }
        if (!user.policies().attached().isEmpty()) {
            throw IamService.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!user.policies().inline().isEmpty()) {
            throw IamService.conflict("Cannot delete entity, must delete policies first.");
        }
        iam.users().remove(user.name());
    }

    private void tag(QueryCall call, XmlWriter out) {
        Map<String, String> tags = call.params().tags("Tags.member");
        change(call, u -> IamStore.tagged(u.tags(), tags));
    }

    private void untag(QueryCall call, XmlWriter out) {
        List<String> keys = call.params().list("TagKeys.member");
        change(call, u -> {
            Map<String, String> left = new TreeMap<>(u.tags());
            keys.forEach(left::remove);
            return left;
        });
    }

    private void change(QueryCall call, java.util.function.Function<User, Map<String, String>> tags) {
        String name = call.params().required("UserName");
        if (iam.users()
                .update(name, u -> new User(u.name(), u.path(), u.id(), u.createdMillis(), tags.apply(u), u.policies()))
                .isEmpty()) {
            throw AwsException.noSuchEntity("The user with name " + name + " cannot be found.");
        }
    }

    private void listTags(QueryCall call, XmlWriter out) {
        IamService.whole(out);
        out.list(
                "Tags",
                "member",
                iam.user(call.params().required("UserName")).tags().entrySet(),
                t -> out.text("Key", t.getKey()).text("Value", t.getValue()));
    }

    private void createKey(QueryCall call, XmlWriter out) {
        String owner = iam.user(nameOrCaller(call)).name();
        if (iam.keys().list().stream().filter(k -> owner.equals(k.user())).count() >= 2) {
            throw new AwsException(409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
        }
        AccessKey key = iam.createKey(owner);
        writeKey(out.open("AccessKey"), key);
        out.text("SecretAccessKey", key.secret()).close();
    }

    private void listKeys(QueryCall call, XmlWriter out) {
        String owner = iam.user(nameOrCaller(call)).name();
        List<AccessKey> keys =
                iam.keys().list().stream().filter(k -> owner.equals(k.user())).toList();
        out.list("AccessKeyMetadata", "member", keys, k -> writeKey(out, k));
        IamService.whole(out);
    }

    private void updateKey(QueryCall call, XmlWriter out) {
        String status = call.params().required("Status");
        if (!status.equals("Active") && !status.equals("Inactive")) {
            throw AwsException.validation("Status must be Active or Inactive.");
        }
        AccessKey key = key(call);
        iam.keys()
                .update(
                        key.id(),
                        k -> new AccessKey(k.id(), k.secret(), k.user(), status.equals("Active"), k.createdMillis()));
    }

    private void deleteKey(QueryCall call, XmlWriter out) {
        iam.keys().remove(key(call).id());
    }

    private AccessKey key(QueryCall call) {
        String id = call.params().required("AccessKeyId");
        String owner = nameOrCaller(call);
        return iam.keys()
                .find(id)
                .filter(k -> owner.equals(k.user()))
                .orElseThrow(() -> AwsException.noSuchEntity("The Access Key with id " + id + " cannot be found."));
    }

    private static String nameOrCaller(QueryCall call) {
        return call.params().find("UserName").orElseGet(() -> {
            if (call.caller().type() != PrincipalType.USER) {
                throw AwsException.validation("Must specify userName when calling with non-User credentials");
            }
            return call.caller().name();
        });
    }

    private static void writeKey(XmlWriter out, AccessKey key) {
        out.text("UserName", key.user())
                .text("AccessKeyId", key.id())
                .text("Status", key.active() ? "Active" : "Inactive")
                .time("CreateDate", key.createdMillis());
    }

    private void write(XmlWriter out, User user) {
        out.text("Path", user.path())
                .text("UserName", user.name())
                .text("UserId", user.id())
                .text("Arn", iam.arns().user(user.path(), user.name()))
                .time("CreateDate", user.createdMillis());
        IamService.tags(out, user.tags());
    }
}
