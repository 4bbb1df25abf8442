package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.LaunchData;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.TemplateVersion;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Launch templates and their versions. */
final class LaunchTemplateActions {
    private static final Set<String> DATA = Set.of(
            "ImageId",
            "InstanceType",
            "KeyName",
            "UserData",
            "IamInstanceProfile",
            "SecurityGroupId",
            "MetadataOptions",
            "TagSpecification",
            "BlockDeviceMapping");
    private final IamStore iam;
    private final Ec2Store store;

    LaunchTemplateActions(IamStore iam, Ec2Store store) {
        this.iam = iam;
        this.store = store;
    }

    void register(QueryService service) {
        String[] named = {"LaunchTemplateId", "LaunchTemplateName"};
        service.action(
                        "CreateLaunchTemplate",
                        this::create,
                        "LaunchTemplateName",
                        "LaunchTemplateData",
                        "VersionDescription",
                        "TagSpecification",
                        "ClientToken")
                .action(
                        "CreateLaunchTemplateVersion",
                        this::createVersion,
                        "LaunchTemplateId",
                        "LaunchTemplateName",
                        "LaunchTemplateData",
                        "VersionDescription",
                        "ClientToken")
                .action(
                        "ModifyLaunchTemplate",
                        this::modify,
                        "LaunchTemplateId",
                        "LaunchTemplateName",
                        "SetDefaultVersion",
                        "ClientToken")
                .action("DeleteLaunchTemplate", this::delete, named)
                .action(
                        "DescribeLaunchTemplates",
                        this::describe,
                        "LaunchTemplateId",
                        "LaunchTemplateName",
                        "Filter",
                        "MaxResults")
                .action(
                        "DescribeLaunchTemplateVersions",
                        this::versions,
                        "LaunchTemplateId",
                        "LaunchTemplateName",
                        "LaunchTemplateVersion",
                        "MaxResults");
    }

    /** Reads the data of a request; what it does not know is refused. */
    static LaunchData data(Params p) {
        for (String name : p.topLevelNames()) {
            if (!DATA.contains(name)) {
                throw new AwsException(
                        400, "UnsupportedOperation", "Launch template data " + name + " is not supported here.");
            }
        }
        int volume = p.structs("BlockDeviceMapping").stream()
                .map(b -> b.integer("Ebs.VolumeSize").orElse(20))
                .findFirst()
                .orElse(20);
        return new LaunchData(
                p.get("ImageId", ""),
                p.get("InstanceType", ""),
                p.get("KeyName", ""),
                p.get("UserData", ""),
                p.find("IamInstanceProfile.Arn")
                        .or(() -> p.find("IamInstanceProfile.Name"))
                        .orElse(""),
                p.list("SecurityGroupId"),
                p.get("MetadataOptions.HttpTokens", "required"),
                volume,
                Ec2Service.tags(p, "instance"));
    }

    private LaunchTemplate named(QueryCall call) {
        return store.template(call.params()
                .find("LaunchTemplateId")
                .orElseGet(() -> call.params().required("LaunchTemplateName")));
    }

    private void create(QueryCall call, XmlWriter out) {
        String name = call.params().required("LaunchTemplateName");
        if (store.templates().list().stream().anyMatch(t -> t.name().equals(name))) {
            throw new AwsException(
                    400, "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
        }
        TemplateVersion first = new TemplateVersion(
                1,
                iam.clock().millis(),
                call.params().get("VersionDescription", ""),
                data(call.params().under("LaunchTemplateData")));
        LaunchTemplate template = new LaunchTemplate(
                iam.ids().resource("lt"),
                name,
                iam.clock().millis(),
                1,
                List.of(first),
                Ec2Service.tags(call.params(), "launch-template"));
        store.templates().insert(template.id(), template);
        write(out.open("launchTemplate"), template);
        out.close();
    }

    private void createVersion(QueryCall call, XmlWriter out) {
        LaunchData data = data(call.params().under("LaunchTemplateData"));
        LaunchTemplate changed = store.templates()
                .update(
                        named(call).id(),
                        t -> addVersion(
                                t,
                                data,
                                call.params().get("VersionDescription", ""),
                                iam.clock().millis(),
                                false))
                .orElseThrow(() -> Ec2Service.invalid("The launch template is gone"));
        version(out.open("launchTemplateVersion"), changed, changed.versions().getLast());
        out.close();
    }

    /** A template with one version more. */
    static LaunchTemplate addVersion(
            LaunchTemplate t, LaunchData data, String description, long now, boolean makeDefault) {
        List<TemplateVersion> versions = new ArrayList<>(t.versions());
        TemplateVersion next = new TemplateVersion(versions.getLast().number() + 1, now, description, data);
        versions.add(next);
        return new LaunchTemplate(
                t.id(),
                t.name(),
                t.createdMillis(),
                makeDefault ? next.number() : t.defaultVersion(),
                versions,
                t.tags());
    }

    private void modify(QueryCall call, XmlWriter out) {
        LaunchTemplate template = named(call);
        int number = Ec2Store.version(template, call.params().required("SetDefaultVersion"))
                .number();
        LaunchTemplate changed = store.templates()
                .update(
                        template.id(),
                        t -> new LaunchTemplate(t.id(), t.name(), t.createdMillis(), number, t.versions(), t.tags()))
                .orElse(template);
        write(out.open("launchTemplate"), changed);
        out.close();
    }

    private void delete(QueryCall call, XmlWriter out) {
        LaunchTemplate template = named(call);
        store.templates().remove(template.id());
        write(out.open("launchTemplate"), template);
        out.close();
    }

    private void describe(QueryCall call, XmlWriter out) {
        List<String> names = call.params().list("LaunchTemplateName");
        List<LaunchTemplate> all = Filters.byId(
                call.params().list("LaunchTemplateId"),
                store.templates().list(),
                LaunchTemplate::id,
                "LaunchTemplateId");
        names.forEach(store::template);
        List<LaunchTemplate> found = Filters.apply(
                call.params(), all, LaunchTemplate::tags, Map.of("launch-template-name", LaunchTemplate::name));
        out.list(
                "launchTemplates",
                "item",
                found.stream()
                        .filter(t -> names.isEmpty() || names.contains(t.name()))
                        .toList(),
                t -> write(out, t));
    }

    private void versions(QueryCall call, XmlWriter out) {
        LaunchTemplate template = named(call);
        List<String> wanted = call.params().list("LaunchTemplateVersion");
        List<TemplateVersion> found = wanted.isEmpty()
                ? template.versions().reversed()
                : wanted.stream().map(v -> Ec2Store.version(template, v)).toList();
        out.list("launchTemplateVersionSet", "item", found, v -> version(out, template, v));
    }

    private void write(XmlWriter out, LaunchTemplate t) {
        out.text("launchTemplateId", t.id())
                .text("launchTemplateName", t.name())
                .time("createTime", t.createdMillis())
                .text("createdBy", iam.arns().root())
                .text("defaultVersionNumber", t.defaultVersion())
                .text("latestVersionNumber", t.versions().getLast().number());
        Ec2Service.tags(out, t.tags());
    }

    private static void version(XmlWriter out, LaunchTemplate t, TemplateVersion v) {
        LaunchData d = v.data();
        out.text("launchTemplateId", t.id())
                .text("launchTemplateName", t.name())
                .text("versionNumber", v.number())
                .time("createTime", v.createdMillis())
                .text("defaultVersion", v.number() == t.defaultVersion())
                .text("versionDescription", v.description().isEmpty() ? null : v.description());
        out.open("launchTemplateData")
                .text("imageId", d.imageId().isEmpty() ? null : d.imageId())
                .text("instanceType", d.instanceType().isEmpty() ? null : d.instanceType())
                .text("keyName", d.keyName().isEmpty() ? null : d.keyName())
                .text("userData", d.userData().isEmpty() ? null : d.userData());
        if (!d.profile().isEmpty()) {
            out.open("iamInstanceProfile")
                    .text(d.profile().startsWith("arn:") ? "arn" : "name", d.profile())
                    .close();
        }
        out.texts("securityGroupIdSet", "item", d.securityGroupIds());
        out.open("metadataOptions").text("httpTokens", d.httpTokens()).close();
        out.close();
    }
}
