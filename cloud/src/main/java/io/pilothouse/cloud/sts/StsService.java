package io.pilothouse.cloud.sts;

import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamModel.Session;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.iam.PolicyDocument;
import io.pilothouse.cloud.iam.PolicyDocument.Question;
import io.pilothouse.cloud.iam.PolicyDocument.Verdict;
import io.pilothouse.cloud.protocol.AwsCall;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.ServiceHandler;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The STS API. GetCallerIdentity also answers in JSON to those who accept it, as verifiers of Kubernetes tokens do. */
public final class StsService implements ServiceHandler {
    private static final Pattern SESSION = Pattern.compile("[\\w+=,.@-]{2,64}");
    private final IamStore iam;
    private final AccessControl access;
    private final QueryService queries;

    /** The service over the account's principals. */
    public StsService(IamStore iam, AccessControl access) {
        this.iam = iam;
        this.access = access;
        queries = new QueryService("sts", Protocol.QUERY, "https://sts.amazonaws.com/doc/2011-06-15/", access)
                .action("GetCallerIdentity", this::callerIdentity)
                .action("GetAccessKeyInfo", this::accessKeyInfo, "AccessKeyId")
                .action("AssumeRole", this::assumeRole, "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId")
                .action("GetSessionToken", this::sessionToken, "DurationSeconds");
    }

    @Override
    public String service() {
        return "sts";
    }

    @Override
    public Protocol protocol() {
        return Protocol.QUERY;
    }

    @Override
    public String namespace() {
        return queries.namespace();
    }

    @Override
    public boolean claims(AwsRequest unsigned) {
        return unsigned.host().startsWith("sts.") || unsigned.rawQuery().contains("GetCallerIdentity");
    }

    @Override
    public AwsResponse handle(AwsCall call) throws IOException {
        boolean json = call.request().header("accept").orElse("").contains("application/json");
        if (json && call.request().queryParam("Action").orElse("").equals("GetCallerIdentity")) {
            CallerIdentity who = call.caller();
            Map<String, Object> result = Map.of("Account", who.accountId(), "Arn", who.arn(), "UserId", who.userId());
            return AwsResponse.text(
                    200,
                    "application/json",
                    Json.write(Map.of(
                            "GetCallerIdentityResponse",
                            Map.of(
                                    "GetCallerIdentityResult",
                                    result,
                                    "ResponseMetadata",
                                    Map.of("RequestId", call.requestId())))));
        }
        return queries.handle(call);
    }

    private void callerIdentity(QueryCall call, XmlWriter out) {
        out.text("Arn", call.caller().arn())
                .text("UserId", call.caller().userId())
                .text("Account", call.caller().accountId());
    }

    private void accessKeyInfo(QueryCall call, XmlWriter out) {
        String id = call.params().required("AccessKeyId");
        if (iam.find(id).isEmpty()) {
            throw AwsException.validation("Access key not found: " + id);
        }
        out.text("Account", iam.arns().account());
    }

    private void assumeRole(QueryCall call, XmlWriter out) {
        String arn = call.params().required("RoleArn");
        String name = call.params().required("RoleSessionName");
        if (!SESSION.matcher(name).matches()) {
            throw AwsException.validation(
                    "1 validation error detected: Value '" + name
                            + "' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        }
        Role role = iam.roles().list().stream()
                .filter(r -> iam.arns().role(r.path(), r.name()).equals(arn))
                .filter(r -> trusts(r, call, arn))
                .findFirst()
                .orElseThrow(() -> AwsException.accessDenied("User: "
                        + call.caller().arn() + " is not authorized to perform: sts:AssumeRole on resource: " + arn));
        // Role chaining is limited to an hour, as in AWS.
        int max = call.caller().type() == PrincipalType.ASSUMED_ROLE ? 3600 : role.maxSessionSeconds();
        int seconds = call.params().integer("DurationSeconds").orElse(3600);
        if (seconds < 900 || seconds > max) {
            throw AwsException.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role, or is below 900.");
        }
        Session session = iam.assume(role, name, seconds);
        write(out, session);
        out.open("AssumedRoleUser")
                .text("AssumedRoleId", role.id() + ":" + name)
                .text("Arn", iam.arns().assumedRole(role.name(), name))
                .close();
    }

    /** A principal that the trust policy names itself may assume; one of an account that it names also needs its own policy's leave. */
    private boolean trusts(Role role, QueryCall call, String roleArn) {
        CallerIdentity caller = call.caller();
        if (caller.type() == PrincipalType.ROOT) {
            throw AwsException.accessDenied("Roles may not be assumed by root accounts.");
        }
        Arns arns = iam.arns();
        Map<String, String> context = call.params()
                .find("ExternalId")
                .map(id -> Map.of("sts:externalid", id))
                .orElse(Map.of());
        Question question = new Question("sts:AssumeRole", roleArn, context);
        PolicyDocument trust = PolicyDocument.parse(role.trust());
        Set<String> own = caller.type() == PrincipalType.USER
                ? Set.of(caller.arn())
                : Set.of(
                        caller.arn(),
                        arns.role(
                                iam.roles().find(caller.name()).map(Role::path).orElse("/"), caller.name()));
        Set<String> account = Set.of(arns.root(), arns.account());
        Verdict direct = trust.evaluateTrust(question, own);
        Verdict delegated = trust.evaluateTrust(question, account);
        if (direct == Verdict.DENY || delegated == Verdict.DENY) {
            return false;
        }
        return direct == Verdict.ALLOW
                || (delegated == Verdict.ALLOW && access.allows(caller, "sts:AssumeRole", roleArn));
    }

    private void sessionToken(QueryCall call, XmlWriter out) {
        CallerIdentity caller = call.caller();
        if (caller.type() == PrincipalType.ASSUMED_ROLE || caller.accessKeyId().startsWith("ASIA")) {
            throw AwsException.accessDenied("Cannot call GetSessionToken with session credentials");
        }
        boolean root = caller.type() == PrincipalType.ROOT;
        int seconds = call.params().integer("DurationSeconds").orElse(root ? 3600 : 43200);
        if (seconds < 900 || seconds > 129600) {
            throw AwsException.validation("DurationSeconds must be between 900 and 129600.");
        }
        Optional<String> user = root ? Optional.empty() : Optional.of(caller.name());
        write(out, iam.userSession(user.orElse(null), root ? Math.min(seconds, 3600) : seconds));
    }

    private static void write(XmlWriter out, Session session) {
        out.open("Credentials")
                .text("AccessKeyId", session.id())
                .text("SecretAccessKey", session.secret())
                .text("SessionToken", session.token())
                .time("Expiration", session.expiresMillis())
                .close();
    }
}
