package io.pilothouse.apiserver.kinds;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.field.TextFormat;
import io.pilothouse.machinery.gotext.GoUrl;
import java.util.List;

/** What must hold for whom a webhook calls: upstream's rules for admission and conversion webhooks alike. */
public final class WebhookClients {
    private static final String FORM = "; desired format: https://host[/path]";

    private WebhookClients() {}

    /** A client configuration: a URL or a service. */
    public static void check(Field client) {
        var url = client.child("url");
        var service = client.child("service");
        if (url.present() == service.present()) {
            client.required("exactly one of url or service is required");
        } else if (url.present()) {
            url(url);
        } else {
            service(service);
        }
    }

    private static void url(Field field) {
        GoUrl url;
        try {
            url = GoUrl.parse(field.text());
        } catch (IllegalArgumentException e) {
            field.required("url must be a valid URL: " + e.getMessage() + FORM);
            return;
        }
        if (!url.scheme().equals("https")) {
            field.invalid(url.scheme(), "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.host().isEmpty()) {
            field.invalid(url.host(), "host must be specified" + FORM);
        }
        url.user().ifPresent(user -> field.invalid(user, "user information is not permitted in the URL"));
        if (!url.fragment().isEmpty()) {
            field.invalid(url.fragment(), "fragments are not permitted in the URL");
        }
        if (!url.query().isEmpty()) {
            field.invalid(url.query(), "query parameters are not permitted in the URL");
        }
    }

    private static void service(Field service) {
        // Upstream hands name and namespace over in the other order: it looks at the namespace first, and calls it a
        // name.
        named(service, "namespace", "name");
        named(service, "name", "namespace");
        var port = service.child("port");
        var problems = TextFormat.portNumber(port.number());
        if (!problems.isEmpty()) {
            port.invalid(port.number(), "port is not valid: " + String.join(", ", problems));
        }
        path(service.child("path"));
    }

    private static void named(Field service, String field, String told) {
        if (service.child(field).isEmpty()) {
            service.child(told).required("");
        }
    }

    private static void path(Field field) {
        String path = field.text();
        if (path.isEmpty() || path.equals("/")) {
            return;
        }
        if (path.equals("//")) {
            field.invalid("segment[0] may not be empty");
            return;
        }
        if (!path.startsWith("/")) {
            field.invalid("must start with a '/'");
        }
        String steps = path.substring(1);
        var segments = List.of((steps.endsWith("/") ? steps.substring(0, steps.length() - 1) : steps).split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).isEmpty()) {
                field.invalid("segment[" + i + "] may not be empty");
                continue;
            }
            for (String problem : LabelFormat.subdomain(segments.get(i))) {
                field.invalid("segment[" + i + "]: " + problem);
            }
        }
    }
}
