package io.pilothouse.machinery.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.util.List;

/** The functions by which admission expressions ask whether somebody may do something. */
final class CelAuthorization {
    static final CelType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    static final CelType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    static final CelType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    static final CelType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    static final CelType DECISION = OpaqueType.create("kubernetes.authorization.Decision");

    private CelAuthorization() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(
                text("path", "authorizer_path", PATH_CHECK, AUTHORIZER),
                text("group", "authorizer_group", GROUP_CHECK, AUTHORIZER),
                CelFunctionDecl.newFunctionDeclaration(
                        "serviceAccount",
                        CelOverloadDecl.newMemberOverload(
                                "authorizer_serviceaccount",
                                AUTHORIZER,
                                AUTHORIZER,
                                SimpleType.STRING,
                                SimpleType.STRING)),
                text("resource", "groupcheck_resource", RESOURCE_CHECK, GROUP_CHECK),
                text("subresource", "resourcecheck_subresource", RESOURCE_CHECK, RESOURCE_CHECK),
                text("namespace", "resourcecheck_namespace", RESOURCE_CHECK, RESOURCE_CHECK),
                text("name", "resourcecheck_name", RESOURCE_CHECK, RESOURCE_CHECK),
                text("fieldSelector", "authorizer_fieldselector", RESOURCE_CHECK, RESOURCE_CHECK),
                text("labelSelector", "authorizer_labelselector", RESOURCE_CHECK, RESOURCE_CHECK),
                CelFunctionDecl.newFunctionDeclaration(
                        "check",
                        CelOverloadDecl.newMemberOverload("pathcheck_check", DECISION, PATH_CHECK, SimpleType.STRING),
                        CelOverloadDecl.newMemberOverload(
                                "resourcecheck_check", DECISION, RESOURCE_CHECK, SimpleType.STRING)),
                answer("errored", "decision_errored", SimpleType.BOOL),
                answer("error", "decision_error", SimpleType.STRING),
                answer("allowed", "decision_allowed", SimpleType.BOOL),
                answer("reason", "decision_reason", SimpleType.STRING));
    }

    /** Escapes a key for a JSON pointer; only where patches are made. */
    static CelFunctionDecl escapeKey() {
        return CelFunctionDecl.newFunctionDeclaration(
                "jsonpatch.escapeKey",
                CelOverloadDecl.newGlobalOverload(
                        "string_jsonpatch_escapeKey_string", SimpleType.STRING, SimpleType.STRING));
    }

    private static CelFunctionDecl text(String name, String id, CelType result, CelType receiver) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload(id, result, receiver, SimpleType.STRING));
    }

    private static CelFunctionDecl answer(String name, String id, CelType result) {
        return CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newMemberOverload(id, result, DECISION));
    }
}
