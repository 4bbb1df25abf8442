package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.request.GoNumbers;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.selector.FieldSelector;
import io.pilothouse.machinery.selector.LabelSelector;
import io.pilothouse.machinery.selector.SelectorException;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to list or watch (meta/v1 ListOptions), read from a query and checked.
 *
 * @param resourceVersion as sent; empty for the most recent
 * @param match Exact, NotOlderThan, or empty
 * @param limit how many at the most; 0 for all
 * @param timeoutSeconds 0 where the client does not say
 */
public record ListOptions(
        LabelSelector labels,
        FieldSelector fields,
        String resourceVersion,
        String match,
        long limit,
        String continueToken,
        long timeoutSeconds,
        boolean watch,
        boolean allowBookmarks,
        boolean sendInitialEvents,
        boolean sendInitialEventsDeclined) {

    private static final GroupKind KIND = new GroupKind("meta.k8s.io", "ListOptions");

    /** @throws StatusException 400 for a parameter that cannot be read, 422 for a combination that is not allowed */
    public static ListOptions parse(Query query) {
        boolean watch = flag(query, "watch");
        // A watch from now on begins with the state, as if the client had asked for it.
        boolean plain = !query.has("sendInitialEvents")
                && query.first("resourceVersionMatch").isEmpty();
        String version = query.first("resourceVersion");
        boolean fromNow = watch && plain && (version.isEmpty() || version.equals("0"));
        var options = new ListOptions(
                labels(query.first("labelSelector")),
                fields(query.first("fieldSelector")),
                version,
                fromNow ? "NotOlderThan" : query.first("resourceVersionMatch"),
                number(query, "limit"),
                query.first("continue"),
                number(query, "timeoutSeconds"),
                watch,
                flag(query, "allowWatchBookmarks"),
                fromNow || flag(query, "sendInitialEvents"),
                query.has("sendInitialEvents") && !flag(query, "sendInitialEvents"));
        options.check(fromNow || query.has("sendInitialEvents"));
        return options;
    }

    private static LabelSelector labels(String text) {
        try {
            return LabelSelector.parse(text);
        } catch (SelectorException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static FieldSelector fields(String text) {
        try {
            return FieldSelector.parse(text);
        } catch (SelectorException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static boolean flag(Query query, String name) {
        return query.has(name) && !RequestInfo.isFalse(query.first(name));
    }

    private static long number(Query query, String name) {
        if (!query.has(name)) {
            return 0;
        }
        String text = query.first(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw StatusException.badRequest(GoNumbers.parseIntError(text));
        }
    }

    private void check(boolean initialEventsGiven) {
        var errors = new ArrayList<FieldError>();
        if (watch) {
            checkWatch(initialEventsGiven, errors);
        } else {
            checkList(initialEventsGiven, errors);
        }
        if (!errors.isEmpty()) {
            throw StatusException.invalid(KIND, "", errors);
        }
    }

    private void checkList(boolean initialEventsGiven, List<FieldError> errors) {
        var path = FieldPath.of("resourceVersionMatch");
        if (!match.isEmpty()) {
            if (resourceVersion.isEmpty()) {
                errors.add(FieldError.forbidden(
                        path, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }
            if (!continueToken.isEmpty()) {
                errors.add(FieldError.forbidden(path, "resourceVersionMatch is forbidden when continue is provided"));
            }
            if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
                errors.add(FieldError.notSupported(path, match, List.of("Exact", "NotOlderThan", "")));
            }
            if (match.equals("Exact") && resourceVersion.equals("0")) {
                errors.add(FieldError.forbidden(
                        path, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }
        if (initialEventsGiven) {
            errors.add(
                    FieldError.forbidden(FieldPath.of("sendInitialEvents"), "sendInitialEvents is forbidden for list"));
        }
    }

    private void checkWatch(boolean initialEventsGiven, List<FieldError> errors) {
        var path = FieldPath.of("resourceVersionMatch");
        if (initialEventsGiven && !match.equals("NotOlderThan")) {
            errors.add(FieldError.forbidden(
                    path, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        if (match.isEmpty()) {
            return;
        }
        if (!initialEventsGiven) {
            errors.add(FieldError.forbidden(
                    path, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (!match.equals("NotOlderThan")) {
            errors.add(FieldError.notSupported(path, match, List.of("NotOlderThan")));
        }
        if (!continueToken.isEmpty()) {
            errors.add(FieldError.forbidden(path, "resourceVersionMatch is forbidden when continue is provided"));
        }
    }

    /**
     * The same for one object.
     *
     * @throws StatusException 400 if the field selector wants another one
     */
    public ListOptions ofName(String name) {
        var only = fields("metadata.name=" + name);
        if (!fields.isEverything() && !fields.matches(field -> field.equals("metadata.name") ? name : "")) {
            throw StatusException.badRequest("fieldSelector metadata.name doesn't match requested name");
        }
        return withFields(only);
    }

    /** The same with another selector of fields. */
    public ListOptions withFields(FieldSelector selector) {
        return new ListOptions(
                labels,
                selector,
                resourceVersion,
                match,
                limit,
                continueToken,
                timeoutSeconds,
                watch,
                allowBookmarks,
                sendInitialEvents,
                sendInitialEventsDeclined);
    }

    /** The key of the one object that can be wanted, where a selector names it. */
    Optional<String> onlyKey(ResourceDefinition definition, String namespace) {
        return definition.namespaced() && namespace.isEmpty()
                ? Optional.empty()
                : equal("metadata.name").map(name -> definition.key(namespace, name));
    }

    /** A field that must have a value, and that the cache has ready of each object of the resource. */
    Optional<FieldSelector.Term> indexedTerm(ResourceDefinition definition) {
        return fields.terms().stream()
                .filter(FieldSelector.Term::equal)
                .filter(term -> definition.cachedForm().asHandled()
                        && definition.selectableFields().containsKey(term.field()))
                .findFirst();
    }

    private Optional<String> equal(String field) {
        return fields.terms().stream()
                .filter(term -> term.equal() && term.field().equals(field))
                .map(FieldSelector.Term::value)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** Whether every object is wanted. */
    public boolean selectsAll() {
        return labels.isEverything() && fields.isEverything();
    }

    /** Whether an object is among the wanted. */
    public boolean selects(StoredObject object, ResourceDefinition definition) {
        return labels.matches(object.labels()) && fields.matches(field -> object.field(field, definition));
    }
}
