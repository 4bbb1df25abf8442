package io.pilothouse.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.iam.IamService;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.iam.Ids;
import io.pilothouse.cloud.protocol.AwsEndpoint;
import io.pilothouse.cloud.protocol.AwsHttpHandler;
import io.pilothouse.cloud.sigv4.RequestAuthenticator;
import io.pilothouse.cloud.sigv4.RequestSignature;
import io.pilothouse.cloud.sts.StsService;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** IAM and STS through the AWS CLI. */
class IdentityIT {
    private static HttpServer server;
    private static IamStore iam;
    private static AccessKey root;

    @BeforeAll
    static void start() throws IOException {
        iam = new IamStore(
                new FakeStateStore(),
                new Arns("aws", "pilot-1", "111122223333"),
                new Ids(new SecureRandom()),
                Clock.systemUTC());
        root = iam.rootKey();
        AccessControl access = new AccessControl(iam);
        AwsEndpoint endpoint = new AwsEndpoint(
                new RequestAuthenticator(iam, "pilot-1", Clock.systemUTC()),
                RequestSignature::serviceOf,
                List.of(IamService.create(iam, access), new StsService(iam, access)));
        server = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new AwsHttpHandler(endpoint));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static AwsCli as(String id, String secret) {
        return AwsCli.with("http://127.0.0.1:" + server.address().getPort(), "pilot-1", id, secret);
    }

    @Test
    void aUserIsMadeAndAssumesARole() {
        AwsCli admin = as(root.id(), root.secret());
        assertThat(admin.ok("sts get-caller-identity").path("Arn").asText())
                .isEqualTo("arn:aws:iam::111122223333:root");
        JsonNode user = admin.ok("iam create-user --user-name alice --tags Key=team,Value=a")
                .path("User");
        assertThat(user.path("Arn").asText()).isEqualTo("arn:aws:iam::111122223333:user/alice");
        JsonNode key = admin.ok("iam create-access-key --user-name alice").path("AccessKey");
        AwsCli alice =
                as(key.path("AccessKeyId").asText(), key.path("SecretAccessKey").asText());
        JsonNode who = alice.ok("sts get-caller-identity");
        assertThat(who.path("UserId").asText())
                .isEqualTo(user.path("UserId").asText())
                .startsWith("AIDA");

        assertThat(alice.fails("iam list-users")).contains("AccessDenied").contains("iam:ListUsers");
        admin.ok("iam attach-user-policy --user-name alice --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess");
        assertThat(alice.ok("iam list-users").path("Users")).hasSize(1);
        assertThat(admin.fails("iam delete-user --user-name alice")).contains("DeleteConflict");

        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
                + "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"}}]}";
        JsonNode role = admin.ok("iam", "create-role", "--role-name", "dev", "--assume-role-policy-document", trust)
                .path("Role");
        assertThat(role.path("AssumeRolePolicyDocument").path("Statement")).hasSize(1);
        JsonNode session =
                alice.ok("sts assume-role --role-arn arn:aws:iam::111122223333:role/dev --role-session-name s1");
        JsonNode credentials = session.path("Credentials");
        AwsCli dev = as(
                        credentials.path("AccessKeyId").asText(),
                        credentials.path("SecretAccessKey").asText())
                .and("AWS_SESSION_TOKEN", credentials.path("SessionToken").asText());
        assertThat(dev.ok("sts get-caller-identity").path("Arn").asText())
                .isEqualTo("arn:aws:sts::111122223333:assumed-role/dev/s1");
        assertThat(dev.fails("sts assume-role --role-arn arn:aws:iam::111122223333:role/dev --role-session-name s2"))
                .contains("AccessDenied");
    }

    @Test
    void instanceProfilesHoldOneRole() {
        AwsCli admin = as(root.id(), root.secret());
        admin.ok("iam create-instance-profile --instance-profile-name p");
        assertThat(admin.fails("iam add-role-to-instance-profile --instance-profile-name p --role-name none"))
                .contains("NoSuchEntity");
        assertThat(admin.ok("iam get-instance-profile --instance-profile-name p")
                        .path("InstanceProfile")
                        .path("Roles"))
                .isEmpty();
    }

    @Test
    void badSignaturesAreToldApart() {
        assertThat(as(root.id(), "wrong").fails("sts get-caller-identity")).contains("SignatureDoesNotMatch");
        assertThat(as("AKIANOTTHERE", "wrong").fails("sts get-caller-identity")).contains("InvalidClientTokenId");
        assertThat(as(root.id(), root.secret()).and("AWS_SESSION_TOKEN", "x").fails("sts get-caller-identity"))
                .contains("InvalidClientTokenId");
        assertThat(as(root.id(), root.secret())
                        .and("AWS_REGION", "other-1")
                        .and("AWS_DEFAULT_REGION", "other-1")
                        .fails("sts get-caller-identity"))
                .contains("valid region");
        assertThat(as(root.id(), root.secret()).fails("iam list-groups")).contains("InvalidAction");
    }
}
