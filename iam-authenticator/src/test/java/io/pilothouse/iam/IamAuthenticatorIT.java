package io.pilothouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pilothouse.cloud.CloudConfig;
import io.pilothouse.cloud.EmbeddedCloud;
import io.pilothouse.cloud.ec2.Launches;
import io.pilothouse.cloud.state.EtcdStateStore;
import io.pilothouse.iam.mapping.AccessEntries;
import io.pilothouse.iam.mapping.AccessEntries.Association;
import io.pilothouse.iam.mapping.AccessEntries.Entry;
import io.pilothouse.iam.mapping.AccessEntryMapper;
import io.pilothouse.iam.mapping.AuthenticationMode;
import io.pilothouse.iam.mapping.ConfigMapMapper;
import io.pilothouse.iam.mapping.Ec2PrivateDnsNames;
import io.pilothouse.iam.policy.AccessPolicies;
import io.pilothouse.iam.policy.AccessPolicies.Decision;
import io.pilothouse.iam.policy.RequestAttributes;
import io.pilothouse.iam.token.StsVerifier;
import io.pilothouse.iam.token.TokenParser;
import io.pilothouse.iam.webhook.WebhookServer;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.testing.EtcdProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of the real AWS CLI, verified by the embedded STS. */
class IamAuthenticatorIT {
    @TempDir
    private Path directory;

    private static String output(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(n -> n.startsWith("AWS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private static String token(EmbeddedCloud cloud, String cluster, boolean overridden) throws Exception {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "AWS_ACCESS_KEY_ID",
                cloud.rootKey().id(),
                "AWS_SECRET_ACCESS_KEY",
                cloud.rootKey().secret(),
                "HOME",
                "/nonexistent"));
        if (overridden) {
            environment.put("AWS_ENDPOINT_URL", cloud.endpoint().toString());
        }
        String out = output(
                environment,
                "aws",
                "--region",
                "pilot-1",
                "eks",
                "get-token",
                "--cluster-name",
                cluster,
                "--output",
                "json");
        return new ObjectMapper().readTree(out).path("status").path("token").asText();
    }

    @Test
    void tokensOfTheCliBecomeIdentities() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start();
                EtcdStore store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
                EmbeddedCloud cloud = EmbeddedCloud.start(
                        new CloudConfig(
                                "pilot-1",
                                "111122223333",
                                directory.resolve("cloud"),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                false,
                                Map.of()),
                        new EtcdStateStore(store),
                        parts -> List.of())) {
            Ec2PrivateDnsNames names = new Ec2PrivateDnsNames(
                    cloud.endpoint(),
                    "pilot-1",
                    cloud.rootKey().id(),
                    cloud.rootKey().secret(),
                    Clock.systemUTC());
            assertThat(names.find("i-00000000000000000")).isEmpty();
            var instance =
                    cloud.parts().instances().launch(Launches.NOTHING, "subnet-0defaulta", "r-1", null, Map.of());
            assertThat(names.find(instance.id())).contains(instance.placement().dnsName());
            cloud.parts().instances().terminate(instance.id(), "test");
            Path file = directory.resolve("entries.json");
            AccessEntryMapper entries = new AccessEntryMapper(file);
            ConfigMapMapper awsAuth = new ConfigMapMapper(
                    () -> entries.entries().authenticationMode().readsConfigMap());
            IamAuthenticator authenticator = new IamAuthenticator(
                    new TokenParser("aws", "pilot-1", Set.of(cloud.endpoint().getAuthority()), Clock.systemUTC()),
                    new StsVerifier("demo", cloud.endpoint()),
                    List.of(entries, awsAuth),
                    names);
            String standard = token(cloud, "demo", false);
            assertThatThrownBy(() -> authenticator.authenticate(standard)).hasMessageContaining("not mapped");

            awsAuth.update(
                    Map.of(
                            "mapUsers",
                            "- {userarn: 'arn:aws:iam::111122223333:root', username: boss, groups: ['system:masters']}\n- broken\n"));
            assertThat(authenticator.authenticate(standard).groups()).containsExactly("system:masters");
            new AccessEntries(List.of(), AuthenticationMode.API).write(file);
            assertThatThrownBy(() -> authenticator.authenticate(standard)).hasMessageContaining("not mapped");
            awsAuth.update(Map.of());

            new AccessEntries(
                            List.of(new Entry(
                                    "arn:aws:iam::111122223333:root",
                                    "111122223333",
                                    "STANDARD",
                                    "arn:aws:iam::111122223333:root",
                                    List.of("devs"),
                                    List.of(new Association(
                                            "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                                            "namespace",
                                            List.of("dev-*"))))),
                            AuthenticationMode.API_AND_CONFIG_MAP)
                    .write(file);
            Identity identity = authenticator.authenticate(token(cloud, "demo", true));
            assertThat(identity.username()).isEqualTo("arn:aws:iam::111122223333:root");
            assertThat(identity.uid()).isEqualTo("aws-iam-authenticator:111122223333:111122223333");
            AccessPolicies policies = new AccessPolicies(entries::entries);
            assertThat(policies.authorize(
                            identity.extra(), RequestAttributes.resource("list", "", "pods", "", "dev-a")))
                    .isEqualTo(Decision.ALLOW);
            assertThat(policies.authorize(
                            identity.extra(), RequestAttributes.resource("get", "", "secrets", "", "dev-a")))
                    .isEqualTo(Decision.NO_OPINION);
            assertThat(policies.authorize(identity.extra(), RequestAttributes.resource("list", "", "pods", "", "prod")))
                    .isEqualTo(Decision.NO_OPINION);

            String other = token(cloud, "other", false);
            assertThatThrownBy(() -> authenticator.authenticate(other)).hasMessageContaining("expected 200, got 403");
            try (WebhookServer webhook =
                    WebhookServer.start("127.0.0.1", 0, directory.resolve("state"), authenticator)) {
                String url = "https://127.0.0.1:" + webhook.port() + "/authenticate";
                String body =
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{\"token\":\""
                                + standard + "\"}}";
                String ca = directory.resolve("state/cert.pem").toString();
                assertThat(output(Map.of(), "curl", "-sS", "--cacert", ca, "-d", body, url))
                        .contains("\"authenticated\":true")
                        .contains("authentication.k8s.io/v1\"");
                assertThat(output(
                                Map.of(),
                                "curl",
                                "-sS",
                                "--cacert",
                                ca,
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_code}",
                                "-d",
                                body.replace(standard, "x"),
                                url))
                        .isEqualTo("403");
                assertThat(output(
                                Map.of(), "curl", "-sS", "--cacert", ca, "-o", "/dev/null", "-w", "%{http_code}", url))
                        .isEqualTo("405");
            }
        }
    }
}
