package io.pilothouse.cloud.cloudformation;

import io.pilothouse.cloud.cloudformation.StackModel.Output;
import io.pilothouse.cloud.cloudformation.StackModel.Request;
import io.pilothouse.cloud.cloudformation.StackModel.Signal;
import io.pilothouse.cloud.cloudformation.StackModel.Stack;
import io.pilothouse.cloud.ec2.Resources;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.ssm.ParameterStore;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The stacks: takes requests, records them, and works on each on a thread of its own. Everything that a step needs is in the record, so an
 * operation goes on after a crash. Safe for many threads.
 */
public final class Stacks implements AutoCloseable {
    private final Table<Stack> table;
    private final IamStore iam;
    private final ParameterStore parameters;
    private final Map<String, ResourceProvider> providers;
    private final Resources resources;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("stack-", 0).factory());
    private final StackWork work;

    /** Over the region's records. */
    public Stacks(
            StateStore store,
            IamStore iam,
            ParameterStore parameters,
            Map<String, ResourceProvider> providers,
            Resources resources) {
        this.table = new Table<>(store, "cloudformation/stacks", Stack.class);
        this.iam = iam;
        this.parameters = parameters;
        this.providers = providers;
        this.resources = resources;
        this.work = new StackWork(this);
    }

    IamStore iam() {
        return iam;
    }

    Map<String, ResourceProvider> providers() {
        return providers;
    }

    /** All stacks, also deleted ones. */
    public List<Stack> list() {
        return table.list();
    }

    /** A stack by name (a live one) or id. */
    public Stack find(String nameOrId) {
        return table.list().stream()
                .filter(s -> s.id().equals(nameOrId)
                        || (s.name().equals(nameOrId) && !s.status().equals("DELETE_COMPLETE")))
                .findFirst()
                .orElseThrow(() -> AwsException.validation("Stack with id " + nameOrId + " does not exist"));
    }

    static String key(String stackId) {
        return stackId.substring(stackId.lastIndexOf('/') + 1);
    }

    Stack current(String stackId) {
        return table.find(key(stackId))
                .orElseThrow(() -> new IllegalStateException("stack record is gone: " + stackId));
    }

    Stack change(String stackId, UnaryOperator<Stack> change) {
        return table.update(key(stackId), change)
                .orElseThrow(() -> new IllegalStateException("stack record is gone: " + stackId));
    }

    Stack moveTo(String stackId, String status, String reason) {
        return change(
                stackId,
                s -> s.to(
                        status,
                        reason,
                        UUID.randomUUID().toString(),
                        iam.clock().millis()));
    }

    Template template(Request request) {
        return Template.parse(request.template(), providers);
    }

    Intrinsics intrinsics(String stackId, Template template) {
        StackNames names = new StackNames(
                template, () -> current(stackId), iam.arns(), parameters, resources.zones(), this::exported);
        return new Intrinsics(template, names);
    }

    /** The value that some live stack exports under a name. */
    Optional<String> exported(String name) {
        return list().stream()
                .filter(s -> !s.status().equals("DELETE_COMPLETE"))
                .flatMap(s -> s.outputs().stream())
                .filter(o -> name.equals(o.exportName()))
                .map(Output::value)
                .findFirst();
    }

    /** Begins to create a stack. */
    public Stack create(String name, Request request) {
        if (!name.matches("[a-zA-Z][-a-zA-Z0-9]{0,127}")) {
            throw AwsException.validation(
                    "1 validation error detected: Value '" + name
                            + "' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*");
        }
        check(request);
        if (table.list().stream()
                .anyMatch(s -> s.name().equals(name) && !s.status().equals("DELETE_COMPLETE"))) {
            throw new AwsException(400, "AlreadyExistsException", "Stack [" + name + "] already exists");
        }
        String id = iam.arns().regional("cloudformation", "stack/" + name + "/" + UUID.randomUUID());
        long now = iam.clock().millis();
        Stack stack = new Stack(
                        id,
                        name,
                        "CREATE_IN_PROGRESS",
                        "User Initiated",
                        request,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        now,
                        0,
                        0)
                .to("CREATE_IN_PROGRESS", "User Initiated", UUID.randomUUID().toString(), now);
        table.insert(key(id), stack);
        executor.execute(() -> work.run(id));
        return stack;
    }

    private void check(Request request) {
        Template template = template(request);
        Parameters.given(template, request.parameters());
        boolean iamTypes = template.resources().values().stream()
                .anyMatch(r -> r.path("Type").asText().startsWith("AWS::IAM::"));
        boolean named = template.resources().values().stream()
                .anyMatch(r -> r.path("Properties").has("RoleName")
                        || r.path("Properties").has("InstanceProfileName"));
        boolean all = request.capabilities().contains("CAPABILITY_NAMED_IAM");
        if (named && !all) {
            throw new AwsException(
                    400, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]");
        }
        if (iamTypes && !all && !request.capabilities().contains("CAPABILITY_IAM")) {
            throw new AwsException(
                    400, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]");
        }
    }

    /** Begins to update a stack. */
    public Stack update(String nameOrId, Request request) {
        Stack stack = find(nameOrId);
        requireIdle(stack, "UPDATE");
        check(request);
        if (stack.request().template().equals(request.template())
                && stack.request().parameters().equals(request.parameters())
                && stack.request().tags().equals(request.tags())) {
            throw AwsException.validation("No updates are to be performed.");
        }
        change(stack.id(), s -> {
            requireIdle(s, "UPDATE");
            return s.becoming(request, s.request(), iam.clock().millis())
                    .to(
                            "UPDATE_IN_PROGRESS",
                            "User Initiated",
                            UUID.randomUUID().toString(),
                            iam.clock().millis());
        });
        executor.execute(() -> work.run(stack.id()));
        return stack;
    }

    private static void requireIdle(Stack stack, String what) {
        if (stack.isBusy()
                || stack.status().equals("ROLLBACK_COMPLETE")
                || stack.status().endsWith("_FAILED")) {
            throw AwsException.validation(
                    "Stack:" + stack.id() + " is in " + stack.status() + " state and can not be updated.");
        }
        if (stack.status().equals("DELETE_COMPLETE")) {
            throw AwsException.validation(
                    "Stack [" + stack.name() + "] does not exist; it cannot take part in " + what);
        }
    }

    /** Begins to delete a stack; one that is gone is no error. */
    public void delete(String nameOrId) {
        Optional<Stack> found = table.list().stream()
                .filter(s -> (s.id().equals(nameOrId) || s.name().equals(nameOrId))
                        && !s.status().equals("DELETE_COMPLETE"))
                .findFirst();
        if (found.isEmpty() || found.get().status().equals("DELETE_IN_PROGRESS")) {
            return;
        }
        if (found.get().isBusy() && !found.get().status().equals("CREATE_IN_PROGRESS")) {
            throw AwsException.validation("Stack [" + found.get().name() + "] cannot be deleted while in status "
                    + found.get().status());
        }
        boolean busy = found.get().isBusy();
        moveTo(found.get().id(), "DELETE_IN_PROGRESS", "User Initiated");
        if (!busy) {
            executor.execute(() -> work.run(found.get().id()));
        }
    }

    /** Records a signal for a resource. */
    public void signal(String nameOrId, String logicalId, String uniqueId, boolean success) {
        Stack stack = find(nameOrId);
        if (stack.resources().stream().noneMatch(r -> r.logicalId().equals(logicalId))) {
            throw AwsException.validation("Resource " + logicalId + " does not exist for stack " + stack.name());
        }
        change(stack.id(), s -> s.withSignal(new Signal(logicalId, uniqueId, success)));
    }

    /** Goes on with the operations that were under way when an earlier process ended. */
    public void resume() {
        table.list().stream().filter(Stack::isBusy).forEach(s -> executor.execute(() -> work.run(s.id())));
    }

    /** Stops working; what is under way goes on at the next start. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
