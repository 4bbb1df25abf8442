package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.IamModel.ManagedPolicy;
import io.pilothouse.cloud.iam.IamModel.Policies;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamModel.User;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Inline and managed policies of users and roles. */
final class PolicyActions {
    private final IamStore iam;

    PolicyActions(IamStore iam) {
        this.iam = iam;
    }

    void register(QueryService service) {
        service.action("CreatePolicy", this::create, "PolicyName", "Path", "PolicyDocument", "Description", "Tags")
                .action("GetPolicy", this::get, "PolicyArn")
                .action("GetPolicyVersion", this::getVersion, "PolicyArn", "VersionId")
                .action("ListPolicyVersions", this::listVersions, "PolicyArn", "MaxItems")
                .action("ListPolicies", this::list, "Scope", "MaxItems")
                .action("DeletePolicy", this::delete, "PolicyArn");
        for (Owner owner : Owner.values()) {
            String parameter = owner.noun + "Name";
            service.action(
                            "Attach" + owner.noun + "Policy",
                            (call, out) -> attach(owner, call, true),
                            parameter,
                            "PolicyArn")
                    .action(
                            "Detach" + owner.noun + "Policy",
                            (call, out) -> attach(owner, call, false),
                            parameter,
                            "PolicyArn")
                    .action(
                            "ListAttached" + owner.noun + "Policies",
                            (call, out) -> listAttached(owner, call, out),
                            parameter,
                            "PathPrefix",
                            "MaxItems")
                    .action(
                            "Put" + owner.noun + "Policy",
                            (call, out) -> put(owner, call),
                            parameter,
                            "PolicyName",
                            "PolicyDocument")
                    .action(
                            "Get" + owner.noun + "Policy",
                            (call, out) -> getInline(owner, call, out),
                            parameter,
                            "PolicyName")
                    .action(
                            "List" + owner.noun + "Policies",
                            (call, out) -> listInline(owner, call, out),
                            parameter,
                            "MaxItems")
                    .action(
                            "Delete" + owner.noun + "Policy",
                            (call, out) -> deleteInline(owner, call),
                            parameter,
                            "PolicyName");
        }
    }

    private enum Owner {
        USER("User"),
        ROLE("Role");

        private final String noun;

        Owner(String noun) {
            this.noun = noun;
        }
    }

    private String name(Owner owner, QueryCall call) {
        return call.params().required(owner.noun + "Name");
    }

    private Policies read(Owner owner, QueryCall call) {
        return owner == Owner.USER
                ? iam.user(name(owner, call)).policies()
                : iam.role(name(owner, call)).policies();
    }

    private void change(Owner owner, QueryCall call, UnaryOperator<Policies> change) {
        read(owner, call);
        if (owner == Owner.USER) {
            iam.users()
                    .update(
                            name(owner, call),
                            u -> new User(
                                    u.name(),
                                    u.path(),
                                    u.id(),
                                    u.createdMillis(),
                                    u.tags(),
                                    change.apply(u.policies())));
        } else {
            iam.roles()
                    .update(
                            name(owner, call),
                            r -> new Role(
                                    r.name(),
                                    r.path(),
                                    r.id(),
                                    r.createdMillis(),
                                    r.trust(),
                                    r.description(),
                                    r.maxSessionSeconds(),
                                    r.tags(),
                                    change.apply(r.policies())));
        }
    }

    private void attach(Owner owner, QueryCall call, boolean add) {
        String arn = call.params().required("PolicyArn");
        if (add && iam.document(arn).isEmpty()) {
            throw AwsException.noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
        }
        change(owner, call, p -> {
            TreeSet<String> attached = new TreeSet<>(p.attached());
            if (!add && !attached.remove(arn)) {
                throw AwsException.noSuchEntity("Policy " + arn + " was not found.");
            }
            if (add) {
                attached.add(arn);
            }
            return new Policies(p.inline(), attached);
        });
    }

    private void listAttached(Owner owner, QueryCall call, XmlWriter out) {
        out.list(
                "AttachedPolicies",
                "member",
                read(owner, call).attached(),
                arn -> out.text("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                        .text("PolicyArn", arn));
        IamService.whole(out);
    }

    private void put(Owner owner, QueryCall call) {
        String name = IamService.name(call.params().required("PolicyName"), "policyName");
        String document = call.params().required("PolicyDocument");
        PolicyDocument.parse(document);
        change(owner, call, p -> {
            TreeMap<String, String> inline = new TreeMap<>(p.inline());
            inline.put(name, document);
            return new Policies(inline, p.attached());
        });
    }

    private void getInline(Owner owner, QueryCall call, XmlWriter out) {
        String name = call.params().required("PolicyName");
        String document = read(owner, call).inline().get(name);
        if (document == null) {
            throw noInline(owner, name);
        }
        out.text(owner.noun + "Name", name(owner, call))
                .text("PolicyName", name)
                .text("PolicyDocument", UriCodec.encode(document, false));
    }

    private void listInline(Owner owner, QueryCall call, XmlWriter out) {
        out.texts("PolicyNames", "member", read(owner, call).inline().keySet());
        IamService.whole(out);
    }

    private void deleteInline(Owner owner, QueryCall call) {
        String name = call.params().required("PolicyName");
        change(owner, call, p -> {
            TreeMap<String, String> inline = new TreeMap<>(p.inline());
            if (inline.remove(name) == null) {
                throw noInline(owner, name);
            }
            return new Policies(inline, p.attached());
        });
    }

    private static AwsException noInline(Owner owner, String name) {
        return AwsException.noSuchEntity("The " + owner.noun.toLowerCase(java.util.Locale.ROOT) + " policy with name "
                + name + " cannot be found.");
    }

    private void create(QueryCall call, XmlWriter out) {
        String name = IamService.name(call.params().required("PolicyName"), "policyName");
        String document = call.params().required("PolicyDocument");
        PolicyDocument.parse(document);
        ManagedPolicy policy = new ManagedPolicy(
                name,
                IamService.path(call.params().get("Path", "/")),
                iam.ids().upper("ANPA", 17),
                iam.clock().millis(),
                document,
                call.params().get("Description", ""),
                call.params().tags("Tags.member"));
        if (!iam.policies().insert(name, policy)) {
            throw IamService.exists("A policy called " + name);
        }
        write(out, policy);
    }

    private ManagedPolicy policy(QueryCall call) {
        String arn = call.params().required("PolicyArn");
        return iam.policies().list().stream()
                .filter(p -> iam.arns().policy(p.path(), p.name()).equals(arn))
                .findFirst()
                .or(() -> iam.document(arn)
                        .map(d -> new ManagedPolicy(
                                arn.substring(arn.lastIndexOf('/') + 1),
                                "/",
                                "ANPA" + "AWSMANAGED",
                                0,
                                d,
                                "",
                                new TreeMap<>())))
                .orElseThrow(() -> AwsException.noSuchEntity("Policy " + arn + " was not found."));
    }

    private void get(QueryCall call, XmlWriter out) {
        ManagedPolicy policy = policy(call);
        writeAs(out, policy, call.params().required("PolicyArn"));
    }

    private void getVersion(QueryCall call, XmlWriter out) {
        ManagedPolicy policy = policy(call);
        requireV1(call.params().required("VersionId"));
        out.open("PolicyVersion")
                .text("Document", UriCodec.encode(policy.document(), false))
                .text("VersionId", "v1")
                .text("IsDefaultVersion", true)
                .time("CreateDate", policy.createdMillis())
                .close();
    }

    private static void requireV1(String version) {
        if (!version.equals("v1")) {
            throw AwsException.noSuchEntity("Policy version " + version + " does not exist.");
        }
    }

    private void listVersions(QueryCall call, XmlWriter out) {
        ManagedPolicy policy = policy(call);
        out.open("Versions")
                .open("member")
                .text("VersionId", "v1")
                .text("IsDefaultVersion", true)
                .time("CreateDate", policy.createdMillis())
                .close()
                .close();
        IamService.whole(out);
    }

    private void list(QueryCall call, XmlWriter out) {
        if (!call.params().get("Scope", "Local").equals("Local")) {
            throw AwsException.validation("Only the scope Local is supported here.");
        }
        out.open("Policies");
        iam.policies().list().forEach(p -> {
            fields(out.open("member"), p, iam.arns().policy(p.path(), p.name()));
            out.close();
        });
        out.close();
        IamService.whole(out);
    }

    private void delete(QueryCall call, XmlWriter out) {
        String arn = call.params().required("PolicyArn");
        ManagedPolicy policy = policy(call);
        boolean used = iam.users().list().stream()
                        .anyMatch(u -> u.policies().attached().contains(arn))
                || iam.roles().list().stream()
                        .anyMatch(r -> r.policies().attached().contains(arn));
        if (used) {
            throw IamService.conflict("Cannot delete a policy attached to entities.");
        }
        if (iam.policies().remove(policy.name()).isEmpty()) {
            throw AwsException.accessDenied("Policy " + arn + " belongs to AWS.");
        }
    }

    private void write(XmlWriter out, ManagedPolicy policy) {
        writeAs(out, policy, iam.arns().policy(policy.path(), policy.name()));
    }

    private void writeAs(XmlWriter out, ManagedPolicy policy, String arn) {
        fields(out.open("Policy"), policy, arn);
        out.close();
    }

    private static void fields(XmlWriter out, ManagedPolicy policy, String arn) {
        out.text("PolicyName", policy.name())
                .text("PolicyId", policy.id())
                .text("Arn", arn)
                .text("Path", policy.path())
                .text("DefaultVersionId", "v1")
                .text("IsAttachable", true)
                .time("CreateDate", policy.createdMillis());
        IamService.tags(out, policy.tags());
    }
}
