package io.pilothouse.apiserver.negotiation;

import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;

/**
 * What an endpoint can answer with.
 *
 * @param routeTypes the media types that upstream's router knows the endpoint by: it refuses other ones first and in words of its
 *     own, and takes no range but that of everything; empty where no router looks
 * @param protobuf whether objects have a protobuf form
 * @param transforms whether the answer can be a table, or metadata alone
 */
public record Offer(List<String> routeTypes, boolean protobuf, boolean transforms) {
    private static final List<String> TYPES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> STREAM_TYPES =
            List.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch");

    /** One built-in object. */
    public static final Offer OBJECT = new Offer(TYPES, true, true);
    /** A list or watch of a built-in kind. */
    public static final Offer LIST = new Offer(
            List.of(TYPES.get(0), TYPES.get(1), TYPES.get(2), STREAM_TYPES.get(0), STREAM_TYPES.get(1)), true, true);
    /** Custom resources. */
    public static final Offer CUSTOM = new Offer(List.of(), false, true);
    /** A Status. */
    public static final Offer STATUS = new Offer(List.of(), true, false);
    /** What is only answered: a review, a binding. */
    public static final Offer ANSWER = new Offer(TYPES, true, false);
    /** A document that is made of JSON alone, at an address that the router knows. */
    public static final Offer DOCUMENT = new Offer(TYPES, false, false);
    /** The same where no router looks. */
    public static final Offer ROOT_DOCUMENT = new Offer(List.of(), false, false);

    public Offer {
        routeTypes = List.copyOf(routeTypes);
    }

    /** @throws StatusException 406 if the route is not known by any of the types */
    void requireRoute(String accept) {
        if (routeTypes.isEmpty() || accept.isEmpty()) {
            return;
        }
        for (String part : accept.split(",", -1)) {
            int end = part.indexOf(';');
            String name = (end < 0 ? part : part.substring(0, end)).strip();
            if (name.equals("*/*") || routeTypes.contains(name)) {
                return;
            }
        }
        throw routeRefusal(routeTypes);
    }

    /** 406 in the router's words. */
    public static StatusException routeRefusal(List<String> types) {
        return new StatusException(Status.failure(
                406,
                "NotAcceptable",
                "406: Not Acceptable\n\nAvailable representations: " + String.join(", ", types),
                Status.Details.NONE));
    }

    static StatusException refusal() {
        return StatusException.notAcceptable(TYPES);
    }

    /** 406 for a form that cannot be streamed. */
    public static StatusException streamRefusal() {
        return StatusException.notAcceptable(STREAM_TYPES);
    }
}
