package io.pilothouse.apiserver.authz;

import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;

/** What a request without the right is told. */
public final class Forbidden {
    private Forbidden() {}

    public static StatusException of(Attributes attributes, Decision decision) {
        String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
        String user = "User \"" + attributes.user().name() + "\"";
        if (!attributes.resourceRequest()) {
            String text =
                    escaped(user + " cannot " + attributes.verb() + " path \"" + attributes.path() + "\"") + reason;
            return new StatusException(Status.failure(403, "Forbidden", "forbidden: " + text, Status.Details.NONE));
        }
        var resource = new GroupResource(attributes.group(), attributes.resource());
        String where = attributes.namespace().isEmpty()
                ? " at the cluster scope"
                : " in the namespace \"" + attributes.namespace() + "\"";
        String what = escaped(user + " cannot " + attributes.verb() + " resource \"" + attributes.fullResource()
                        + "\" in API group \"" + attributes.group() + "\"" + where)
                + reason;
        return StatusException.forbidden(resource, attributes.name(), what);
    }

    /** A path is the client's: its refusal must not look like a page to a browser. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
