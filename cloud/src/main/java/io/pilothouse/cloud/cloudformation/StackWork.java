package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.cloud.cloudformation.ResourceProvider.Context;
import io.pilothouse.cloud.cloudformation.ResourceProvider.Made;
import io.pilothouse.cloud.cloudformation.StackModel.Output;
import io.pilothouse.cloud.cloudformation.StackModel.Request;
import io.pilothouse.cloud.cloudformation.StackModel.Signal;
import io.pilothouse.cloud.cloudformation.StackModel.Stack;
import io.pilothouse.cloud.cloudformation.StackModel.StackResource;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.sigv4.SigV4;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work on one stack: the status in its record says what is to be done, and every step may be done again. */
final class StackWork {
    private static final Logger log = LoggerFactory.getLogger(StackWork.class);
    private static final Duration SETTLE = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 100;
    private final Stacks stacks;

    StackWork(Stacks stacks) {
        this.stacks = stacks;
    }

    /** Works until the stack rests. */
    void run(String stackId) {
        try {
            while (stacks.current(stackId).isBusy()) {
                step(stackId, stacks.current(stackId).status());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("stack", stackId)
                    .log("work on the stack broke off; it goes on at the next start");
        }
    }

    private void step(String stackId, String status) throws InterruptedException {
        switch (status) {
            case "CREATE_IN_PROGRESS" -> create(stackId);
            case "ROLLBACK_IN_PROGRESS" -> removeAll(stackId, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED");
            case "DELETE_IN_PROGRESS" -> removeAll(stackId, "DELETE_COMPLETE", "DELETE_FAILED");
            case "UPDATE_IN_PROGRESS" -> update(stackId);
            case "UPDATE_ROLLBACK_IN_PROGRESS" -> rollbackUpdate(stackId);
            default -> throw new IllegalStateException("unexpected status " + status);
        }
    }

    private void create(String stackId) throws InterruptedException {
        try {
            apply(stackId, "CREATE_IN_PROGRESS");
            stacks.moveTo(stackId, "CREATE_COMPLETE", "");
        } catch (AbandonedException e) {
            log.atDebug().addKeyValue("stack", stackId).log("the stack is wanted otherwise now");
        } catch (RuntimeException e) {
            String reason = failure(stackId, e);
            switch (stacks.current(stackId).request().onFailure()) {
                case "DO_NOTHING" -> stacks.moveTo(stackId, "CREATE_FAILED", reason);
                case "DELETE" -> stacks.moveTo(stackId, "DELETE_IN_PROGRESS", reason + ". Delete requested by user.");
                default -> stacks.moveTo(stackId, "ROLLBACK_IN_PROGRESS", reason + ". Rollback requested by user.");
            }
        }
    }

    private void update(String stackId) throws InterruptedException {
        try {
            apply(stackId, "UPDATE_IN_PROGRESS");
            stacks.moveTo(stackId, "UPDATE_COMPLETE", "");
        } catch (AbandonedException e) {
            log.atDebug().addKeyValue("stack", stackId).log("the stack is wanted otherwise now");
        } catch (RuntimeException e) {
            String reason = failure(stackId, e);
            stacks.change(
                    stackId,
                    s -> s.becoming(Optional.ofNullable(s.previous()).orElse(s.request()), null, s.updatedMillis()));
            stacks.moveTo(stackId, "UPDATE_ROLLBACK_IN_PROGRESS", reason);
        }
    }

    private void rollbackUpdate(String stackId) throws InterruptedException {
        try {
            apply(stackId, "UPDATE_ROLLBACK_IN_PROGRESS");
            stacks.moveTo(stackId, "UPDATE_ROLLBACK_COMPLETE", "");
        } catch (RuntimeException e) {
            stacks.moveTo(stackId, "UPDATE_ROLLBACK_FAILED", failure(stackId, e));
        }
    }

    private static String message(RuntimeException e) {
        return e instanceof AwsException aws ? aws.detail() + " (" + aws.code() + ")" : "Internal Failure";
    }

    /** Marks the resource under way as failed; the reason for the stack. */
    private String failure(String stackId, RuntimeException e) {
        if (!(e instanceof AwsException)) {
            log.atError().setCause(e).addKeyValue("stack", stackId).log("resource failed");
        }
        List<String> failed = new ArrayList<>();
        for (StackResource r : stacks.current(stackId).resources()) {
            if (r.status().endsWith("_IN_PROGRESS")) {
                failed.add(r.logicalId());
                mark(stackId, r, r.status().replace("_IN_PROGRESS", "_FAILED"), message(e));
            }
        }
        return failed.isEmpty() ? message(e) : "The following resource(s) failed: " + failed;
    }

    /** Brings the stack to what its request says: makes, changes and then removes. */
    private void apply(String stackId, String phase) throws InterruptedException {
        Request request = stacks.current(stackId).request();
        Template template = stacks.template(request);
        Intrinsics intrinsics = stacks.intrinsics(stackId, template);
        List<String> wanted = new ArrayList<>();
        for (String id : template.order()) {
            JsonNode resource = template.resources().getOrDefault(id, JsonNodeFactory.instance.objectNode());
            if (!resource.has("Condition")
                    || intrinsics.condition(resource.path("Condition").asText())) {
                wanted.add(id);
                if (!stacks.current(stackId).status().equals(phase)) {
                    throw new AbandonedException();
                }
                applyOne(stackId, id, resource, intrinsics);
            }
        }
        for (StackResource old : stacks.current(stackId).resources().reversed()) {
            if (!wanted.contains(old.logicalId())) {
                removeOne(stackId, old, false);
            }
        }
        stacks.change(stackId, s -> s.withOutputs(outputs(template, intrinsics, s)));
    }

    private void applyOne(String stackId, String id, JsonNode resource, Intrinsics intrinsics)
            throws InterruptedException {
        String type = resource.path("Type").asText();
        ResourceProvider provider = provider(type);
        JsonNode value = intrinsics.evaluate(resource.path("Properties"));
        JsonNode properties = value.isMissingNode() ? JsonNodeFactory.instance.objectNode() : value;
        Optional<StackResource> present = stacks.current(stackId).resources().stream()
                .filter(r -> r.logicalId().equals(id))
                .findFirst();
        boolean made = present.isPresent() && !present.get().physicalId().isEmpty();
        boolean unfinished = present.isPresent() && !present.get().status().endsWith("_COMPLETE");
        if (made && present.get().properties().equals(properties.toString()) && !unfinished) {
            return;
        }
        if (made && !present.get().type().equals(type)) {
            throw AwsException.validation(
                    "Update of resource type is not permitted. The new template modifies resource type of the following resources: ["
                            + id + "]");
        }
        String verb = made ? "UPDATE" : "CREATE";
        StackResource before = present.orElseGet(() -> new StackResource(id, type, "", "", "", Map.of(), "{}", 0));
        mark(stackId, before, verb + "_IN_PROGRESS", "");
        Context context = context(stackId, id);
        Made done = made
                ? provider.update(context, made(before), Json.parse(before.properties()), properties)
                : provider.create(context, properties);
        StackResource after = new StackResource(
                id, type, done.physicalId(), verb + "_IN_PROGRESS", "", done.attributes(), properties.toString(), 0);
        mark(stackId, after, verb + "_IN_PROGRESS", made ? "" : "Resource creation Initiated");
        if (made
                && resource.path("UpdatePolicy").has("AutoScalingRollingUpdate")
                && !Json.parse(before.properties()).path("LaunchTemplate").equals(properties.path("LaunchTemplate"))) {
            for (String member : provider.members(done)) {
                provider.replace(member);
                await(SETTLE, () -> provider.isSettled(done), id);
            }
        }
        await(SETTLE, () -> provider.isSettled(done), id);
        awaitSignals(stackId, id, resource.path("CreationPolicy").path("ResourceSignal"), made);
        mark(stackId, after, verb + "_COMPLETE", "");
    }

    private void awaitSignals(String stackId, String id, JsonNode policy, boolean update) throws InterruptedException {
        if (policy.isMissingNode() || update) {
            return;
        }
        int count = policy.path("Count").asInt(1);
        Duration timeout;
        try {
            timeout = Duration.parse(policy.path("Timeout").asText("PT5M"));
        } catch (DateTimeParseException e) {
            throw AwsException.validation("Timeout of the CreationPolicy of " + id + " is not a duration");
        }
        await(
                timeout,
                () -> {
                    List<Signal> signals = stacks.current(stackId).signals().stream()
                            .filter(s -> s.logicalId().equals(id))
                            .toList();
                    if (signals.stream().anyMatch(s -> !s.success())) {
                        throw AwsException.validation("Received a FAILURE signal for " + id);
                    }
                    return signals.size() >= count;
                },
                id);
    }

    /** Providers settle by the work of other threads that tell nobody, so this looks again and again. */
    private static void await(Duration timeout, BooleanSupplier done, String id) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw AwsException.validation("Resource timed out waiting for completion: " + id);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private List<Output> outputs(Template template, Intrinsics intrinsics, Stack stack) {
        List<Output> outputs = new ArrayList<>();
        template.section("Outputs").forEach((key, o) -> {
            if (!o.has("Condition") || intrinsics.condition(o.path("Condition").asText())) {
                String export = o.has("Export")
                        ? intrinsics.evaluate(o.path("Export").path("Name")).asText()
                        : null;
                boolean own =
                        stack.outputs().stream().anyMatch(old -> export != null && export.equals(old.exportName()));
                if (export != null && !own && stacks.exported(export).isPresent()) {
                    throw AwsException.validation(
                            "Export with name " + export + " is already exported by another stack");
                }
                outputs.add(new Output(
                        key,
                        intrinsics.evaluate(o.path("Value")).asText(),
                        o.path("Description").asText(""),
                        export));
            }
        });
        return outputs;
    }

    private void removeAll(String stackId, String done, String failed) throws InterruptedException {
        Set<String> problems = new java.util.TreeSet<>();
        for (StackResource r : stacks.current(stackId).resources().reversed()) {
            try {
                removeOne(stackId, r, done.equals("DELETE_COMPLETE"));
            } catch (RuntimeException e) {
                mark(stackId, r, "DELETE_FAILED", message(e));
                problems.add(r.logicalId());
                log.atWarn()
                        .setCause(e)
                        .addKeyValue("stack", stackId)
                        .addKeyValue("resource", r.logicalId())
                        .log("resource could not be deleted");
            }
        }
        if (problems.isEmpty()) {
            stacks.change(stackId, s -> s.withOutputs(List.of()));
            stacks.moveTo(stackId, done, "");
        } else {
            stacks.moveTo(stackId, failed, "The following resource(s) failed to delete: " + problems + ".");
        }
    }

    private void removeOne(String stackId, StackResource r, boolean mayRetain) throws InterruptedException {
        if (r.status().equals("DELETE_COMPLETE") || r.status().equals("DELETE_SKIPPED")) {
            return;
        }
        Template template = stacks.template(stacks.current(stackId).request());
        JsonNode declared = template.resources().getOrDefault(r.logicalId(), JsonNodeFactory.instance.objectNode());
        if (mayRetain && declared.path("DeletionPolicy").asText().equals("Retain")) {
            mark(stackId, r, "DELETE_SKIPPED", "");
            return;
        }
        if (!r.physicalId().isEmpty()) {
            mark(stackId, r, "DELETE_IN_PROGRESS", "");
            ResourceProvider provider = provider(r.type());
            provider.delete(context(stackId, r.logicalId()), made(r), Json.parse(r.properties()));
            await(SETTLE, () -> provider.isSettled(made(r)), r.logicalId());
        }
        mark(stackId, r, "DELETE_COMPLETE", "");
        // Deleted stacks keep their list of resources; living ones forget what they no longer have.
        if (!mayRetain && !stacks.current(stackId).status().startsWith("ROLLBACK")) {
            stacks.change(stackId, s -> s.without(r.logicalId()));
        }
    }

    private ResourceProvider provider(String type) {
        ResourceProvider provider = stacks.providers().get(type);
        if (provider == null) {
            throw AwsException.validation("Template format error: Unrecognized resource types: [" + type + "]");
        }
        return provider;
    }

    private static Made made(StackResource r) {
        return new Made(r.physicalId(), r.attributes());
    }

    private Context context(String stackId, String logicalId) {
        Stack stack = stacks.current(stackId);
        String hash = SigV4.hash((stackId + " " + logicalId).getBytes(StandardCharsets.UTF_8));
        return new Context(
                stack.name(),
                stackId,
                logicalId,
                hash.substring(20, 32).toUpperCase(Locale.ROOT),
                hash.substring(0, 17));
    }

    private void mark(String stackId, StackResource r, String status, String reason) {
        long now = stacks.iam().clock().millis();
        stacks.change(
                stackId,
                s -> s.with(
                        new StackResource(
                                r.logicalId(),
                                r.type(),
                                r.physicalId(),
                                status,
                                reason,
                                r.attributes(),
                                r.properties(),
                                now),
                        r.logicalId() + "-" + status + "-" + UUID.randomUUID()));
    }

    /** The stack's status was changed under the work, as a deletion does. */
    private static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
