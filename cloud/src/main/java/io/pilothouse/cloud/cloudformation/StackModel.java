package io.pilothouse.cloud.cloudformation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored records of CloudFormation. */
public final class StackModel {
    private StackModel() {}

    /**
     * A resource of a stack.
     *
     * @param properties the evaluated properties, JSON
     */
    public record StackResource(
            String logicalId,
            String type,
            String physicalId,
            String status,
            String reason,
            Map<String, String> attributes,
            String properties,
            long changedMillis) {}

    /** Something that happened. */
    public record Event(
            String id, String logicalId, String physicalId, String type, String status, String reason, long atMillis) {}

    /** An output. */
    public record Output(
            String key,
            String value,
            String description,
            @Nullable String exportName) {}

    /** A signal that a resource waits for. */
    public record Signal(String logicalId, String uniqueId, boolean success) {}

    /** What a caller asked for. */
    public record Request(
            String template,
            Map<String, String> parameters,
            Map<String, String> tags,
            List<String> capabilities,
            String onFailure) {}

    /**
     * A stack.
     *
     * @param id its ARN
     * @param request what is or is becoming
     * @param previous what was before an update under way, to roll back to
     */
    public record Stack(
            String id,
            String name,
            String status,
            String reason,
            Request request,
            @Nullable Request previous,
            List<StackResource> resources,
            List<Event> events,
            List<Output> outputs,
            List<Signal> signals,
            long createdMillis,
            long updatedMillis,
            long deletedMillis) {

        private static final int MAX_EVENTS = 300;

        /** The same in another status, with the event that tells of it. */
        public Stack to(String newStatus, String newReason, String eventId, long now) {
            boolean gone = newStatus.equals("DELETE_COMPLETE");
            return new Stack(
                    id,
                    name,
                    newStatus,
                    newReason,
                    request,
                    previous,
                    resources,
                    plus(new Event(eventId, name, id, "AWS::CloudFormation::Stack", newStatus, newReason, now)),
                    outputs,
                    signals,
                    createdMillis,
                    updatedMillis,
                    gone ? now : deletedMillis);
        }

        /** The same with one resource put in, and the event that tells of it. */
        public Stack with(StackResource resource, String eventId) {
            List<StackResource> all = new ArrayList<>(resources);
            int at = -1;
            for (int i = 0; i < all.size(); i++) {
                at = all.get(i).logicalId().equals(resource.logicalId()) ? i : at;
            }
            if (at < 0) {
                all.add(resource);
            } else {
                all.set(at, resource);
            }
            Event event = new Event(
                    eventId,
                    resource.logicalId(),
                    resource.physicalId(),
                    resource.type(),
                    resource.status(),
                    resource.reason(),
                    resource.changedMillis());
            return new Stack(
                    id,
                    name,
                    status,
                    reason,
                    request,
                    previous,
                    all,
                    plus(event),
                    outputs,
                    signals,
                    createdMillis,
                    updatedMillis,
                    deletedMillis);
        }

        private List<Event> plus(Event event) {
            List<Event> all = new ArrayList<>(events);
            all.add(event);
            return all.size() > MAX_EVENTS ? all.subList(all.size() - MAX_EVENTS, all.size()) : all;
        }

        /** The same with these outputs. */
        public Stack withOutputs(List<Output> newOutputs) {
            return new Stack(
                    id,
                    name,
                    status,
                    reason,
                    request,
                    previous,
                    resources,
                    events,
                    newOutputs,
                    signals,
                    createdMillis,
                    updatedMillis,
                    deletedMillis);
        }

        /** The same with one signal more; a second one of the same sender counts for nothing. */
        public Stack withSignal(Signal signal) {
            List<Signal> all = new ArrayList<>(signals);
            if (all.stream()
                    .noneMatch(s -> s.logicalId().equals(signal.logicalId())
                            && s.uniqueId().equals(signal.uniqueId()))) {
                all.add(signal);
            }
            return new Stack(
                    id,
                    name,
                    status,
                    reason,
                    request,
                    previous,
                    resources,
                    events,
                    outputs,
                    all,
                    createdMillis,
                    updatedMillis,
                    deletedMillis);
        }

        /** The same on its way to another request. */
        public Stack becoming(Request next, @Nullable Request before, long now) {
            return new Stack(
                    id,
                    name,
                    status,
                    reason,
                    next,
                    before,
                    resources,
                    events,
                    outputs,
                    signals,
                    createdMillis,
                    now,
                    deletedMillis);
        }

        /** The same without a resource. */
        public Stack without(String logicalId) {
            return new Stack(
                    id,
                    name,
                    status,
                    reason,
                    request,
                    previous,
                    resources.stream()
                            .filter(r -> !r.logicalId().equals(logicalId))
                            .toList(),
                    events,
                    outputs,
                    signals,
                    createdMillis,
                    updatedMillis,
                    deletedMillis);
        }

        /** Whether an operation is under way. */
        public boolean isBusy() {
            return status.endsWith("_IN_PROGRESS");
        }
    }
}
