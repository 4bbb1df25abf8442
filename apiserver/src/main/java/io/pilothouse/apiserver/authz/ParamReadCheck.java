package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.Reserver;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nobody lets an admission policy read parameters that they cannot read themselves: who writes a policy needs to get all objects of its
 * parameters' kind, who writes a binding those that it refers to. Reserves nothing; it stands where reservations are made.
 */
public final class ParamReadCheck implements Reserver {
    private static final String GROUP = "admissionregistration.k8s.io";

    private final Family family;
    private final boolean ofBindings;
    private final Authorizer authorizer;
    private final ResourceIndex resources;

    private ParamReadCheck(Family family, boolean ofBindings, Authorizer authorizer, ResourceIndex resources) {
        this.family = family;
        this.ofBindings = ofBindings;
        this.authorizer = authorizer;
        this.resources = resources;
    }

    /** The two kinds of policy, each with its bindings. */
    private enum Family {
        VALIDATING("ValidatingAdmissionPolicy", "validatingadmissionpolicies", "validatingadmissionpolicybindings"),
        MUTATING("MutatingAdmissionPolicy", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings");

        private final String kind;
        private final String policies;
        private final String bindings;

        Family(String kind, String policies, String bindings) {
            this.kind = kind;
            this.policies = policies;
            this.bindings = bindings;
        }

        GroupResource policies() {
            return new GroupResource(GROUP, policies);
        }

        GroupResource bindings() {
            return new GroupResource(GROUP, bindings);
        }
    }

    /** The checks of policies and bindings of both kinds, by resource. */
    public static Map<GroupResource, Reserver> all(Authorizer authorizer, ResourceIndex resources) {
        var checks = new HashMap<GroupResource, Reserver>();
        for (var family : Family.values()) {
            checks.put(family.policies(), new ParamReadCheck(family, false, authorizer, resources));
            checks.put(family.bindings(), new ParamReadCheck(family, true, authorizer, resources));
        }
        return checks;
    }

    @Override
    public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
        if (!context.user().in(UserInfo.SUPERUSERS) && isWellFormed(object, context)) {
            if (ofBindings) {
                binding(object, context);
            } else {
                policy(object, old, context);
            }
        }
        return Reserver.NONE.reserve(object, old, context);
    }

    @Override
    public void release(ObjectNode object) {}

    /** Of what is not well-formed a client is told that, not what it lacks. */
    private boolean isWellFormed(ObjectNode object, WriteContext context) {
        return resources
                .find(ofBindings ? family.bindings() : family.policies())
                .map(definition ->
                        definition.strategy().validate(object, context).isEmpty())
                .orElse(true);
    }

    private void policy(ObjectNode policy, @Nullable ObjectNode old, WriteContext context) {
        var paramKind = policy.path("spec").path("paramKind");
        if (!paramKind.isObject()
                || (old != null && paramKind.equals(old.path("spec").path("paramKind")))) {
            return;
        }
        if (!allows(Params.of(paramKind, resources), "get", "*", "*", context)) {
            refuse(
                    policy,
                    "paramKind",
                    "user " + shown(context.user())
                            + " must have \"get\" permission on all objects of the referenced paramKind (kind="
                            + paramKind.path("kind").asText() + ", apiVersion="
                            + paramKind.path("apiVersion").asText() + ")");
        }
    }

    private void binding(ObjectNode binding, WriteContext context) {
        var ref = binding.path("spec").path("paramRef");
        if (!ref.isObject()) {
            return;
        }
        String policyName = binding.path("spec").path("policyName").asText();
        var policy = context.cluster().findNow(family.policies(), "", policyName);
        var paramKind =
                policy.map(found -> found.path("spec").path("paramKind")).filter(JsonNode::isObject);
        var params = paramKind.map(kind -> Params.of(kind, resources)).orElse(Params.ALL);
        String name = ref.path("name").asText();
        String verb = name.isEmpty() ? "list" : "get";
        if (allows(params, verb, ref.path("namespace").asText(), name, context)) {
            return;
        }
        String user = shown(context.user());
        String everything = " to determine minimum required permissions and user " + user + " does not have \"" + verb
                + "\" permission for all groups, versions and resources";
        if (policy.isEmpty()) {
            refuse(binding, "paramRef", "unable to get policy " + policyName + everything);
        } else if (paramKind.isPresent() && !params.resolved()) {
            refuse(
                    binding,
                    "paramRef",
                    "unable to resolve paramKind &ParamKind{APIVersion:"
                            + paramKind.get().path("apiVersion").asText() + ",Kind:"
                            + paramKind.get().path("kind").asText() + ",}" + everything);
        } else {
            // Upstream exchanges the two for mutating policies.
            boolean exchanged = family == Family.MUTATING;
            refuse(
                    binding,
                    "paramRef",
                    "user " + (exchanged ? verb : user) + " does not have \"" + (exchanged ? user : verb)
                            + "\" permission on the object referenced by paramRef");
        }
    }

    /** What parameters are, as far as it is known; stars for what is not. */
    private record Params(String group, String resource, boolean resolved) {
        static final Params ALL = new Params("*", "*", true);

        static Params of(JsonNode paramKind, ResourceIndex resources) {
            var version = GroupVersion.parse(paramKind.path("apiVersion").asText());
            return resources.definitions().stream()
                    .filter(d -> d.kind().equals(paramKind.path("kind").asText())
                            && d.groupResource().group().equals(version.group())
                            && d.version(version).isPresent())
                    .findFirst()
                    .map(ResourceDefinition::plural)
                    .map(plural -> new Params(version.group(), plural, true))
                    .orElse(new Params(version.group(), "*", false));
        }
    }

    private boolean allows(Params params, String verb, String namespace, String name, WriteContext context) {
        return authorizer
                .authorize(Attributes.resource(
                        context.user(), verb, params.group(), params.resource(), "", namespace, name))
                .allowed();
    }

    private void refuse(ObjectNode object, String field, String why) {
        throw StatusException.invalid(
                new GroupKind(GROUP, ofBindings ? family.kind + "Binding" : family.kind),
                ObjectMeta.name(object),
                List.of(FieldError.forbidden(FieldPath.of("spec", field), why)));
    }

    /** A user as Go prints one. */
    private static String shown(UserInfo user) {
        String extra = new TreeMap<>(user.extra())
                .entrySet().stream()
                        .map(e -> e.getKey() + ":[" + String.join(" ", e.getValue()) + "]")
                        .collect(Collectors.joining(" "));
        return "&{" + user.name() + " " + user.uid() + " [" + String.join(" ", user.groups()) + "] map[" + extra + "]}";
    }
}
