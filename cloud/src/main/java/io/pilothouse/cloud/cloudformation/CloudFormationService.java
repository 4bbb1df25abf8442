package io.pilothouse.cloud.cloudformation;

import io.pilothouse.cloud.cloudformation.StackModel.Event;
import io.pilothouse.cloud.cloudformation.StackModel.Request;
import io.pilothouse.cloud.cloudformation.StackModel.Stack;
import io.pilothouse.cloud.cloudformation.StackModel.StackResource;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The CloudFormation API. */
public final class CloudFormationService {
    private final Stacks stacks;

    private final AccessControl access;

    private CloudFormationService(Stacks stacks, AccessControl access) {
        this.stacks = stacks;
        this.access = access;
    }

    /** The service over the stacks. */
    public static QueryService create(IamStore iam, AccessControl access, Stacks stacks) {
        CloudFormationService s = new CloudFormationService(stacks, access);
        return new QueryService(
                        "cloudformation", Protocol.QUERY, "http://cloudformation.amazonaws.com/doc/2010-05-15/", access)
                .action(
                        "CreateStack",
                        s::create,
                        "StackName",
                        "TemplateBody",
                        "Parameters",
                        "Capabilities",
                        "Tags",
                        "OnFailure",
                        "DisableRollback")
                .action(
                        "UpdateStack",
                        s::update,
                        "StackName",
                        "TemplateBody",
                        "UsePreviousTemplate",
                        "Parameters",
                        "Capabilities",
                        "Tags")
                .action(
                        "DeleteStack",
                        (call, out) -> stacks.delete(call.params().required("StackName")),
                        "StackName")
                .action("DescribeStacks", s::describe, "StackName")
                .action("ListStacks", s::list, "StackStatusFilter")
                .action("DescribeStackEvents", s::events, "StackName")
                .action("DescribeStackResources", s::resources, "StackName", "LogicalResourceId", "PhysicalResourceId")
                .action("DescribeStackResource", s::resource, "StackName", "LogicalResourceId")
                .action("ListStackResources", s::listResources, "StackName")
                .action("ListExports", s::exports)
                .action("GetTemplate", s::template, "StackName", "TemplateStage")
                .action("ValidateTemplate", s::validate, "TemplateBody")
                .action("SignalResource", s::signal, "StackName", "LogicalResourceId", "UniqueId", "Status");
    }

    private static Request request(Params p, Map<String, String> previous, String template) {
        Map<String, String> parameters = new TreeMap<>();
        for (Params one : p.structs("Parameters.member")) {
            String key = one.required("ParameterKey");
            boolean keep = one.bool("UsePreviousValue").orElse(false);
            if (keep && !previous.containsKey(key)) {
                throw AwsException.validation("Invalid input for parameter key " + key
                        + ". Cannot specify usePreviousValue as true for a parameter key not in the previous template");
            }
            parameters.put(key, keep ? previous.getOrDefault(key, "") : one.get("ParameterValue", ""));
        }
        String onFailure = p.bool("DisableRollback").orElse(false) ? "DO_NOTHING" : p.get("OnFailure", "ROLLBACK");
        if (!List.of("DO_NOTHING", "ROLLBACK", "DELETE").contains(onFailure)) {
            throw AwsException.validation("OnFailure must be DO_NOTHING, ROLLBACK or DELETE");
        }
        return new Request(template, parameters, p.tags("Tags.member"), p.list("Capabilities.member"), onFailure);
    }

    private void create(QueryCall call, XmlWriter out) {
        Stack stack = stacks.create(
                call.params().required("StackName"),
                request(call.params(), Map.of(), call.params().required("TemplateBody")));
        out.text("StackId", stack.id());
    }

    private void update(QueryCall call, XmlWriter out) {
        Stack stack = stacks.find(call.params().required("StackName"));
        boolean keep = call.params().bool("UsePreviousTemplate").orElse(false);
        String template = keep ? stack.request().template() : call.params().required("TemplateBody");
        stacks.update(stack.id(), request(call.params(), stack.request().parameters(), template));
        out.text("StackId", stack.id());
    }

    private void describe(QueryCall call, XmlWriter out) {
        List<Stack> found = call.params()
                .find("StackName")
                .map(n -> List.of(stacks.find(n)))
                .orElseGet(() -> stacks.list().stream()
                        .filter(s -> !s.status().equals("DELETE_COMPLETE"))
                        .toList());
        out.list("Stacks", "member", found, s -> {
            out.text("StackId", s.id()).text("StackName", s.name());
            Template template = stacks.template(s.request());
            out.text("Description", template.description().isEmpty() ? null : template.description());
            out.list(
                    "Parameters",
                    "member",
                    Parameters.given(template, s.request().parameters()).entrySet(),
                    p -> out.text("ParameterKey", p.getKey())
                            .text(
                                    "ParameterValue",
                                    template.root()
                                                    .path("Parameters")
                                                    .path(p.getKey())
                                                    .path("NoEcho")
                                                    .asBoolean()
                                            ? "****"
                                            : p.getValue()));
            out.time("CreationTime", s.createdMillis());
            if (s.updatedMillis() > 0) {
                out.time("LastUpdatedTime", s.updatedMillis());
            }
            out.text("StackStatus", s.status())
                    .text("StackStatusReason", s.reason().isEmpty() ? null : s.reason())
                    .text("DisableRollback", s.request().onFailure().equals("DO_NOTHING"))
                    .texts("NotificationARNs", "member", List.of())
                    .texts("Capabilities", "member", s.request().capabilities());
            out.list(
                    "Outputs",
                    "member",
                    s.outputs(),
                    o -> out.text("OutputKey", o.key())
                            .text("OutputValue", o.value())
                            .text("Description", o.description().isEmpty() ? null : o.description())
                            .text("ExportName", o.exportName()));
            out.list(
                    "Tags",
                    "member",
                    s.request().tags().entrySet(),
                    t -> out.text("Key", t.getKey()).text("Value", t.getValue()));
        });
    }

    private void list(QueryCall call, XmlWriter out) {
        List<String> wanted = call.params().list("StackStatusFilter.member");
        out.list(
                "StackSummaries",
                "member",
                stacks.list().stream()
                        .filter(s -> wanted.isEmpty() || wanted.contains(s.status()))
                        .toList(),
                s -> {
                    out.text("StackId", s.id())
                            .text("StackName", s.name())
                            .time("CreationTime", s.createdMillis())
                            .text("StackStatus", s.status());
                    if (s.deletedMillis() > 0) {
                        out.time("DeletionTime", s.deletedMillis());
                    }
                });
    }

    private void events(QueryCall call, XmlWriter out) {
        Stack stack = stacks.find(call.params().required("StackName"));
        out.list(
                "StackEvents",
                "member",
                stack.events().reversed(),
                (Event e) -> out.text("StackId", stack.id())
                        .text("EventId", e.id())
                        .text("StackName", stack.name())
                        .text("LogicalResourceId", e.logicalId())
                        .text("PhysicalResourceId", e.physicalId())
                        .text("ResourceType", e.type())
                        .time("Timestamp", e.atMillis())
                        .text("ResourceStatus", e.status())
                        .text("ResourceStatusReason", e.reason().isEmpty() ? null : e.reason()));
    }

    private void resources(QueryCall call, XmlWriter out) {
        String physical = call.params().get("PhysicalResourceId", "");
        Stack stack = physical.isEmpty()
                ? stacks.find(call.params().required("StackName"))
                : stacks.list().stream()
                        .filter(s -> s.resources().stream()
                                .anyMatch(r -> r.physicalId().equals(physical)))
                        .findFirst()
                        .orElseThrow(() -> AwsException.validation("Stack for " + physical + " does not exist"));
        String logical = call.params().get("LogicalResourceId", "");
        out.list(
                "StackResources",
                "member",
                stack.resources().stream()
                        .filter(r -> logical.isEmpty() || r.logicalId().equals(logical))
                        .toList(),
                r -> resource(out.text("StackName", stack.name()).text("StackId", stack.id()), r, "Timestamp"));
    }

    private static void resource(XmlWriter out, StackResource r, String time) {
        out.text("LogicalResourceId", r.logicalId())
                .text("PhysicalResourceId", r.physicalId().isEmpty() ? null : r.physicalId())
                .text("ResourceType", r.type())
                .time(time, r.changedMillis())
                .text("ResourceStatus", r.status())
                .text("ResourceStatusReason", r.reason().isEmpty() ? null : r.reason());
    }

    private void resource(QueryCall call, XmlWriter out) {
        Stack stack = stacks.find(call.params().required("StackName"));
        String id = call.params().required("LogicalResourceId");
        StackResource found = stack.resources().stream()
                .filter(r -> r.logicalId().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> AwsException.validation("Resource " + id + " does not exist for stack " + stack.name()));
        out.open("StackResourceDetail").text("StackName", stack.name()).text("StackId", stack.id());
        resource(out, found, "LastUpdatedTimestamp");
        out.close();
    }

    private void listResources(QueryCall call, XmlWriter out) {
        Stack stack = stacks.find(call.params().required("StackName"));
        out.list("StackResourceSummaries", "member", stack.resources(), r -> resource(out, r, "LastUpdatedTimestamp"));
    }

    private void exports(QueryCall call, XmlWriter out) {
        out.open("Exports");
        stacks.list()
                .forEach(s -> s.outputs().stream()
                        .filter(o -> o.exportName() != null)
                        .forEach(o -> out.open("member")
                                .text("ExportingStackId", s.id())
                                .text("Name", o.exportName())
                                .text("Value", o.value())
                                .close()));
        out.close();
    }

    private void template(QueryCall call, XmlWriter out) {
        out.text(
                        "TemplateBody",
                        stacks.find(call.params().required("StackName"))
                                .request()
                                .template())
                .texts("StagesAvailable", "member", List.of("Original"));
    }

    private void validate(QueryCall call, XmlWriter out) {
        Template template = Template.parse(call.params().required("TemplateBody"), stacks.providers());
        out.list(
                "Parameters",
                "member",
                template.section("Parameters").entrySet(),
                p -> out.text("ParameterKey", p.getKey())
                        .text(
                                "DefaultValue",
                                p.getValue().has("Default")
                                        ? p.getValue().path("Default").asText()
                                        : null)
                        .text("NoEcho", p.getValue().path("NoEcho").asBoolean())
                        .text("Description", p.getValue().path("Description").asText(null)));
        out.text("Description", template.description().isEmpty() ? null : template.description());
        boolean iam = template.resources().values().stream()
                .anyMatch(r -> r.path("Type").asText().startsWith("AWS::IAM::"));
        out.texts("Capabilities", "member", iam ? List.of("CAPABILITY_IAM") : List.of());
    }

    private void signal(QueryCall call, XmlWriter out) {
        Params p = call.params();
        String status = p.required("Status");
        if (!status.equals("SUCCESS") && !status.equals("FAILURE")) {
            throw AwsException.validation("Status must be SUCCESS or FAILURE");
        }
        Stack stack = stacks.find(p.required("StackName"));
        boolean member = call.caller().type() == PrincipalType.ASSUMED_ROLE
                && stack.resources().stream()
                        .anyMatch(r -> r.type().equals("AWS::IAM::Role")
                                && r.physicalId().equals(call.caller().name()));
        if (!member) {
            access.require(call.caller(), "cloudformation:SignalResource", stack.id(), Protocol.QUERY);
        }
        stacks.signal(stack.id(), p.required("LogicalResourceId"), p.required("UniqueId"), status.equals("SUCCESS"));
    }
}
