package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import io.pilothouse.machinery.cel.AccessCheck.Answer;
import io.pilothouse.machinery.cel.AccessCheck.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link CelAuthorization}'s functions do. */
final class CelPermissions {
    private static final String PLAIN_NAME = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";

    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    /** The authorizer as expressions see it: who asks, and of whom. */
    record Authorizer(AccessCheck check, String account) {}

    private record Path(Authorizer authorizer, String path) {}

    private record Group(Authorizer authorizer, String group) {}

    /** A resource that is asked for. */
    record Resource(
            Authorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector) {

        static Resource of(
                Authorizer authorizer,
                String group,
                String resource,
                String subresource,
                String namespace,
                String name) {
            return new Resource(authorizer, group, resource, subresource, namespace, name, "", "");
        }

        private Resource withSubresource(String text) {
            return new Resource(authorizer, group, resource, text, namespace, name, fieldSelector, labelSelector);
        }

        private Resource withNamespace(String text) {
            return new Resource(authorizer, group, resource, subresource, text, name, fieldSelector, labelSelector);
        }

        private Resource withName(String text) {
            return new Resource(
                    authorizer, group, resource, subresource, namespace, text, fieldSelector, labelSelector);
        }

        private Resource withFieldSelector(String text) {
            return new Resource(authorizer, group, resource, subresource, namespace, name, text, labelSelector);
        }

        private Resource withLabelSelector(String text) {
            return new Resource(authorizer, group, resource, subresource, namespace, name, fieldSelector, text);
        }

        private Question asked(String verb) {
            return new Question(
                    authorizer.account(),
                    verb,
                    "",
                    group,
                    resource,
                    subresource,
                    namespace,
                    name,
                    fieldSelector,
                    labelSelector);
        }
    }

    private CelPermissions() {
        bind(
                "authorizer_path",
                args -> new Path((Authorizer) args[0], (String) args[1]),
                Authorizer.class,
                String.class);
        bind(
                "authorizer_group",
                args -> new Group((Authorizer) args[0], (String) args[1]),
                Authorizer.class,
                String.class);
        bind(
                "authorizer_serviceaccount",
                args -> account((Authorizer) args[0], (String) args[1], (String) args[2]),
                Authorizer.class,
                String.class,
                String.class);
        bind(
                "groupcheck_resource",
                args -> {
                    Group group = (Group) args[0];
                    return Resource.of(group.authorizer(), group.group(), (String) args[1], "", "", "");
                },
                Group.class,
                String.class);
        resources();
        checks();
    }

    static List<CelFunctionBinding> bindings() {
        return new CelPermissions().bindings;
    }

    private void bind(String id, CelFunctionOverload body, Class<?>... classes) {
        bindings.add(CelFunctionBinding.from(id, ImmutableList.copyOf(Arrays.asList(classes)), body));
    }

    private static Authorizer account(Authorizer authorizer, String namespace, String name) {
        if (!name.matches(PLAIN_NAME)) {
            throw new IllegalArgumentException("Invalid service account name: " + name);
        }
        if (!namespace.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
            throw new IllegalArgumentException("Invalid service account namespace: " + namespace);
        }
        return new Authorizer(authorizer.check(), namespace + "/" + name);
    }

    private void resources() {
        bind(
                "resourcecheck_subresource",
                args -> ((Resource) args[0]).withSubresource((String) args[1]),
                Resource.class,
                String.class);
        bind(
                "resourcecheck_namespace",
                args -> ((Resource) args[0]).withNamespace((String) args[1]),
                Resource.class,
                String.class);
        bind(
                "resourcecheck_name",
                args -> ((Resource) args[0]).withName((String) args[1]),
                Resource.class,
                String.class);
        bind(
                "authorizer_fieldselector",
                args -> ((Resource) args[0]).withFieldSelector((String) args[1]),
                Resource.class,
                String.class);
        bind(
                "authorizer_labelselector",
                args -> ((Resource) args[0]).withLabelSelector((String) args[1]),
                Resource.class,
                String.class);
    }

    private void checks() {
        bind(
                "pathcheck_check",
                args -> {
                    Path path = (Path) args[0];
                    Authorizer authorizer = path.authorizer();
                    return authorizer.check().ask(Question.ofPath(authorizer.account(), (String) args[1], path.path()));
                },
                Path.class,
                String.class);
        bind(
                "resourcecheck_check",
                args -> {
                    Resource r = (Resource) args[0];
                    return r.authorizer.check().ask(r.asked((String) args[1]));
                },
                Resource.class,
                String.class);
        bind("decision_errored", args -> !((Answer) args[0]).error().isEmpty(), Answer.class);
        bind("decision_error", args -> ((Answer) args[0]).error(), Answer.class);
        bind("decision_allowed", args -> ((Answer) args[0]).allowed(), Answer.class);
        bind("decision_reason", args -> ((Answer) args[0]).reason(), Answer.class);
        bind(
                "string_jsonpatch_escapeKey_string",
                args -> ((String) args[0]).replace("~", "~0").replace("/", "~1"),
                String.class);
    }
}
