package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ClusterOf;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.status.StatusException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParamReadCheckTest {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final GroupResource POLICIES = new GroupResource(GROUP, "validatingadmissionpolicies");
    private static final GroupResource BINDINGS = new GroupResource(GROUP, "validatingadmissionpolicybindings");
    private static final String POLICY = """
            {"kind": "ValidatingAdmissionPolicy", "apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "p"},
             "spec": {"failurePolicy": "Fail", "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
              "matchConstraints": {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {},
               "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                "resources": ["pods"], "scope": "*"}]},
              "validations": [{"expression": "true"}]}}""";
    private static final String BINDING = """
            {"kind": "ValidatingAdmissionPolicyBinding", "apiVersion": "admissionregistration.k8s.io/v1",
             "metadata": {"name": "b"},
             "spec": {"policyName": "p", "validationActions": ["Deny"],
              "paramRef": {"name": "c", "namespace": "ns", "parameterNotFoundAction": "Deny"}}}""";

    private final Catalog catalog = BuiltInResources.catalog(BuiltInResources.schemas(BuiltInTypes.load()));
    private final List<Attributes> asked = new ArrayList<>();

    @Test
    void policiesNeedToReadAllTheirParameters() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> check(POLICIES, POLICY, Decision.noOpinion(""), "eve"))
                .withMessage("ValidatingAdmissionPolicy.admissionregistration.k8s.io \"p\" is invalid: spec.paramKind:"
                        + " Forbidden: user &{eve  [devs] map[]} must have \"get\" permission on all objects of the"
                        + " referenced paramKind (kind=ConfigMap, apiVersion=v1)");
        assertThat(asked).containsExactly(attributes("get", "*", "*"));
        check(POLICIES, POLICY, Decision.allow(""), "eve");
    }

    @Test
    void bindingsNeedToReadWhatTheyReferTo() {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> check(BINDINGS, BINDING, Decision.noOpinion(""), "eve"))
                .withMessageEndingWith("spec.paramRef: Forbidden: user &{eve  [devs] map[]} does not have \"get\""
                        + " permission on the object referenced by paramRef");
        assertThat(asked).containsExactly(attributes("get", "ns", "c"));
    }

    @Test
    void doesNotAskForWhatIsNotWellFormed() {
        check(BINDINGS, BINDING.replace("\"Deny\"]", "\"Deny\", \"Deny\"]"), Decision.noOpinion(""), "eve");
        assertThat(asked).isEmpty();
    }

    private static Attributes attributes(String verb, String namespace, String name) {
        return Attributes.resource(UserInfo.of("eve", "devs"), verb, "", "configmaps", "", namespace, name);
    }

    private void check(GroupResource resource, String object, Decision decision, String user) {
        var checks = ParamReadCheck.all(
                attributes -> {
                    asked.add(attributes);
                    return decision;
                },
                catalog);
        var cluster = new ClusterOf().with(POLICIES, POLICY);
        var context = new WriteContext(UserInfo.of(user, "devs"), "", "", false, Instant.EPOCH, cluster);
        var check = checks.get(resource);
        assertThat(check).isNotNull();
        check.reserve((ObjectNode) Json.tree(object), null, context);
    }
}
