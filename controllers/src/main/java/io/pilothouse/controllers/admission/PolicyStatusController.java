package io.pilothouse.controllers.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ParamKind;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Variable;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Patches;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import io.pilothouse.controllers.workqueue.WorkQueue;
import io.pilothouse.machinery.cel.PolicyTypeCheck;
import io.pilothouse.machinery.codec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells in the status of validating admission policies where their expressions do not fit the types that they are for. */
public final class PolicyStatusController {
    private static final String NAME = "validatingadmissionpolicy-status";
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/";

    private final ControllerContext context;
    private final Cache<ValidatingAdmissionPolicy> policies;

    /** A type and what checks expressions against it. */
    private record Check(ServedType type, PolicyTypeCheck expressions) {}

    /** Joins a context. */
    public PolicyStatusController(ControllerContext context, int workers) {
        this.context = context;
        this.policies = context.cache(ValidatingAdmissionPolicy.class);
        WorkQueue<Key> queue = context.queue(NAME, workers, this::reconcile);
        policies.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
    }

    private Outcome reconcile(Key key) {
        policies.find(key)
                .filter(policy -> generation(policy) > observed(policy))
                .ifPresent(policy -> {
                    var status = JsonNodeFactory.instance.objectNode().put("observedGeneration", generation(policy));
                    var checking = status.putObject("typeChecking");
                    var warnings = warnings(policy);
                    if (!warnings.isEmpty()) {
                        checking.set("expressionWarnings", warnings);
                    }
                    var applied = JsonNodeFactory.instance
                            .objectNode()
                            .put("apiVersion", "admissionregistration.k8s.io/v1")
                            .put("kind", "ValidatingAdmissionPolicy");
                    applied.putObject("metadata").put("name", key.name());
                    applied.set("status", status);
                    Patches.apply(context.client(), POLICIES + key.name() + "/status", NAME, Json.text(applied));
                });
        return Outcome.done();
    }

    private static long generation(ValidatingAdmissionPolicy policy) {
        return Objects.requireNonNullElse(policy.getMetadata().getGeneration(), 0L);
    }

    private static long observed(ValidatingAdmissionPolicy policy) {
        return policy.getStatus() == null
                ? 0
                : Objects.requireNonNullElse(policy.getStatus().getObservedGeneration(), 0L);
    }

    private ArrayNode warnings(ValidatingAdmissionPolicy policy) {
        var checks = checks(policy);
        var warnings = JsonNodeFactory.instance.arrayNode();
        var validations = policy.getSpec().getValidations();
        for (int i = 0; i < validations.size(); i++) {
            String path = "spec.validations[" + i + "].";
            warn(warnings, path + "expression", validations.get(i).getExpression(), checks);
            warn(warnings, path + "messageExpression", validations.get(i).getMessageExpression(), checks);
        }
        return warnings;
    }

    private static void warn(ArrayNode warnings, String field, @Nullable String expression, List<Check> checks) {
        if (expression == null || expression.isEmpty()) {
            return;
        }
        var problems = new ArrayList<String>();
        for (var check : checks) {
            check.expressions()
                    .problem(expression)
                    .ifPresent(problem -> problems.add(check.type() + ": " + problem + "\n"));
        }
        if (!problems.isEmpty()) {
            warnings.addObject().put("fieldRef", field).put("warning", String.join("\n", problems));
        }
    }

    private List<Check> checks(ValidatingAdmissionPolicy policy) {
        var schemas = new ServedSchemas(context.client());
        var paramKind = policy.getSpec().getParamKind();
        JsonNode params =
                paramKind == null ? null : schemas.find(type(paramKind)).orElse(null);
        var checks = new ArrayList<Check>();
        for (var type : new MatchedTypes(context.client()).of(policy)) {
            schemas.find(type).ifPresent(schema -> {
                var check = new PolicyTypeCheck(type.kind(), schema, paramKind != null, params);
                for (Variable variable : policy.getSpec().getVariables()) {
                    check.declare(variable.getName(), variable.getExpression());
                }
                checks.add(new Check(type, check));
            });
        }
        return checks;
    }

    private static ServedType type(ParamKind kind) {
        String version = kind.getApiVersion();
        int slash = version.indexOf('/');
        return new ServedType(
                slash < 0 ? "" : version.substring(0, slash), version.substring(slash + 1), kind.getKind());
    }
}
