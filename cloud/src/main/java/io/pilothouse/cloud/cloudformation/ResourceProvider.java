package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.AwsException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes, changes and removes the resources of one type. Every call may come again after a crash and must then do no harm. */
public interface ResourceProvider {
    /** What a stack knows of a resource of its own. */
    record Made(String physicalId, Map<String, String> attributes) {}

    /**
     * Whose resource it is.
     *
     * @param suffix twelve letters and digits, always the same for this resource of this stack
     * @param hexId seventeen hex digits, likewise
     */
    record Context(String stackName, String stackId, String logicalId, String suffix, String hexId) {
        /** A name of at most that many characters, in CloudFormation's form. */
        public String name(int maxLength) {
            String head = stackName + "-" + logicalId;
            int room = maxLength - suffix.length() - 1;
            return (head.length() > room ? head.substring(0, room) : head) + "-" + suffix;
        }
    }

    /** The properties that it knows. */
    Set<String> properties();

    /** Makes the resource, or finds the one it made before. */
    Made create(Context context, JsonNode properties);

    /**
     * Changes it in place.
     *
     * @throws AwsException when these properties cannot be changed in place
     */
    default Made update(Context context, Made made, JsonNode before, JsonNode after) {
        throw AwsException.validation("Updates of this resource are not supported here: " + context.logicalId());
    }

    /** Removes it; one that is gone is no error. */
    void delete(Context context, Made made, JsonNode properties);

    /** The members that a rolling update replaces, in order; empty for what has no members. */
    default List<String> members(Made made) {
        return List.of();
    }

    /** Replaces one member. */
    default void replace(String member) {
        throw new IllegalStateException("no members");
    }

    /** Whether it has come to rest after a create or update. */
    default boolean isSettled(Made made) {
        return true;
    }
}
