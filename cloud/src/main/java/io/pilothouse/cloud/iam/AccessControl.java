package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.PolicyDocument.Question;
import io.pilothouse.cloud.iam.PolicyDocument.Verdict;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates the identity policies of callers. The account's root may do everything. Safe for many threads. */
public final class AccessControl implements QueryService.Authorizer {
    /** What everyone may do who has a valid signature. */
    private static final Set<String> FREE = Set.of("sts:GetCallerIdentity", "sts:GetSessionToken");

    private final IamStore iam;

    /** Over the account's principals. */
    public AccessControl(IamStore iam) {
        this.iam = iam;
    }

    /**
     * Whether a caller's identity policies allow an action.
     *
     * @param action such as {@code eks:CreateCluster}
     * @param resource the ARN of what it acts upon, or {@code *}
     */
    public boolean allows(CallerIdentity caller, String action, String resource) {
        if (caller.type() == PrincipalType.ROOT || FREE.contains(action)) {
            return true;
        }
        Question question = new Question(action, resource, context(caller));
        boolean allowed = false;
        for (PolicyDocument document : documents(caller)) {
            Verdict verdict = document.evaluate(question);
            if (verdict == Verdict.DENY) {
                return false;
            }
            allowed |= verdict == Verdict.ALLOW;
        }
        return allowed;
    }

    /**
     * Refuses what the caller's policies do not allow.
     *
     * @throws AwsException AccessDenied in the words and with the code of the protocol
     */
    public void require(CallerIdentity caller, String action, String resource, Protocol protocol) {
        if (!allows(caller, action, resource)) {
            String message = "User: " + caller.arn() + " is not authorized to perform: " + action
                    + (resource.equals("*") ? "" : " on resource: " + resource)
                    + " because no identity-based policy allows the " + action + " action";
            throw switch (protocol) {
                case EC2 ->
                    new AwsException(
                            403,
                            "UnauthorizedOperation",
                            "You are not authorized to perform this operation. " + message);
                case REST_JSON -> new AwsException(403, "AccessDeniedException", message);
                case JSON -> new AwsException(400, "AccessDeniedException", message);
                case QUERY, S3 -> AwsException.accessDenied(message);
            };
        }
    }

    @Override
    public void check(QueryCall call, String service) {
        // Who may assume a role is the trust policy's affair first; the STS service asks itself.
        // An instance may signal its own stack without a policy, as with cfn-signal; CloudFormation asks itself.
        if (!call.action().equals("AssumeRole") && !call.action().equals("SignalResource")) {
            require(
                    call.caller(),
                    service + ":" + call.action(),
                    resource(call, service),
                    service.equals("ec2") ? Protocol.EC2 : Protocol.QUERY);
        }
    }

    /** The condition keys of a caller. */
    static Map<String, String> context(CallerIdentity caller) {
        Map<String, String> context = new HashMap<>();
        context.put("aws:principalarn", caller.arn());
        context.put("aws:principalaccount", caller.accountId());
        context.put("aws:userid", caller.userId());
        context.put("aws:principaltype", caller.type().name().toLowerCase(Locale.ROOT));
        if (caller.type() == PrincipalType.USER) {
            context.put("aws:username", caller.name());
        }
        return context;
    }

    private String resource(QueryCall call, String service) {
        if (service.equals("iam")) {
            Optional<String> role = call.params()
                    .find("RoleName")
                    .map(n -> iam.arns()
                            .role(iam.roles().find(n).map(IamModel.Role::path).orElse("/"), n));
            Optional<String> user = call.params()
                    .find("UserName")
                    .map(n -> iam.arns()
                            .user(iam.users().find(n).map(IamModel.User::path).orElse("/"), n));
            return role.or(() -> user)
                    .or(() -> call.params()
                            .find("InstanceProfileName")
                            .map(n -> iam.arns().instanceProfile("/", n)))
                    .or(() -> call.params().find("PolicyArn"))
                    .orElse(
                            call.caller().type() == PrincipalType.USER
                                    ? call.caller().arn()
                                    : "*");
        }
        if (service.equals("cloudformation")) {
            return call.params()
                    .find("StackName")
                    .map(n -> n.startsWith("arn:") ? n : iam.arns().regional("cloudformation", "stack/" + n + "/*"))
                    .orElse("*");
        }
        return "*";
    }

    private List<PolicyDocument> documents(CallerIdentity caller) {
        List<PolicyDocument> documents = new ArrayList<>();
        iam.policiesOf(caller).ifPresent(policies -> {
            policies.inline().values().forEach(text -> documents.add(PolicyDocument.parse(text)));
            policies.attached()
                    .forEach(arn -> iam.document(arn).map(PolicyDocument::parse).ifPresent(documents::add));
        });
        return documents;
    }
}
