package io.pilothouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.process.RunningProcess;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of one cluster through the real AWS CLI: a region service in its own process over real etcd members, API servers and an endpoint.
 * The tests go on where the one before ended.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegionIT {
    private static final String ACCOUNT = "123456789012";
    private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/nodes";
    private static final String CREATE = "create-cluster --role-arn arn:aws:iam::" + ACCOUNT + ":role/eks"
            + " --access-config authenticationMode=API_AND_CONFIG_MAP --resources-vpc-config subnetIds=subnet-0defaulta,subnet-0defaultb --name ";
    private static final String DESCRIBE = "aws eks describe-cluster --name demo --output text --query cluster.status";

    private Path directory;
    private RegionProcess region;
    private String kubectl = "";

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        region = new RegionProcess(directory);
        region.awaitServing();
        kubectl = "kubectl --kubeconfig " + region.data().resolve("clusters/demo/kubeconfigs/admin.yaml") + " ";
    }

    @AfterAll
    void end() {
        region.close();
    }

    @Test
    @Order(1)
    void aCreationGoesOnAfterTheRegionServiceWasKilled() throws Exception {
        JsonNode made = region.eks(CREATE + "demo --tags team=a --client-request-token once")
                .path("cluster");
        assertThat(made.path("status").asText()).isEqualTo("CREATING");
        assertThat(made.path("arn").asText()).isEqualTo("arn:aws:eks:us-east-1:" + ACCOUNT + ":cluster/demo");
        region.kill();
        region.restart();
        region.await(DESCRIBE, "ACTIVE");
        assertThat(region.eks(CREATE + "demo --tags team=a --client-request-token once")
                        .path("cluster")
                        .path("id"))
                .isEqualTo(made.path("id"));
        assertThat(region.refused(CREATE + "demo"))
                .contains("ResourceInUseException", "Cluster already exists with name: demo");
        assertThat(region.ok(kubectl + "get ns default -o name")).isEqualTo("namespace/default");
    }

    @Test
    @Order(2)
    void whatIsWrongGetsAmazonsErrors() throws Exception {
        assertThat(region.refused(CREATE + ".demo")).contains("InvalidParameterException");
        assertThat(region.refused("describe-cluster --name nope"))
                .contains("ResourceNotFoundException", "No cluster found for name: nope.");
        assertThat(region.refused("list-addons --cluster-name demo")).contains("ListAddons is not supported");
        assertThat(region.refused("list-nodegroups --cluster-name demo --page-size 500"))
                .contains("InvalidParameterException");
        for (String path : new String[] {"/clusters", "/clusters/demo", "/clusters/demo/nothing", "/access-policies"}) {
            HttpResponse<String> unsigned = region.get(path);
            assertThat(unsigned.statusCode()).as(path).isEqualTo(403);
            assertThat(unsigned.headers().firstValue("x-amzn-errortype"))
                    .as(path)
                    .hasValue("MissingAuthenticationTokenException");
            assertThat(Json.parse(unsigned.body()).path("message").asText())
                    .as(path)
                    .containsIgnoringCase("missing authentication token");
        }
        String user = region.credentials().get("AWS_ACCESS_KEY_ID") + ":"
                + region.credentials().get("AWS_SECRET_ACCESS_KEY");
        String signed = region.ok("curl -sS -i --aws-sigv4 aws:amz:us-east-1:eks --user " + user + " "
                + region.endpoint() + "/clusters/demo/nothing");
        assertThat(signed)
                .contains(" 403 ")
                .containsIgnoringCase("x-amzn-errortype: MissingAuthenticationTokenException");
    }

    @Test
    @Order(3)
    void tags() throws Exception {
        String arn = "--resource-arn arn:aws:eks:us-east-1:" + ACCOUNT + ":cluster/demo";
        region.ok("aws eks tag-resource " + arn + " --tags env=test,team=b");
        assertThat(region.eks("list-tags-for-resource " + arn).path("tags"))
                .isEqualTo(Json.parse("{\"env\":\"test\",\"team\":\"b\"}"));
        region.ok("aws eks untag-resource " + arn + " --tag-keys env");
        assertThat(region.eks("describe-cluster --name demo").path("cluster").path("tags"))
                .isEqualTo(Json.parse("{\"team\":\"b\"}"));
        assertThat(region.refused(
                        "list-tags-for-resource --resource-arn arn:aws:eks:us-east-1:" + ACCOUNT + ":cluster/nope"))
                .contains("NotFoundException");
    }

    @Test
    @Order(4)
    void nodeGroupsAndPages() throws Exception {
        Path trust = Files.writeString(
                directory.resolve("trust.json"),
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}");
        region.ok("aws iam create-role --role-name nodes --assume-role-policy-document file://" + trust);
        String group = "create-nodegroup --cluster-name demo --node-role " + ROLE
                + " --subnets subnet-0defaulta --scaling-config minSize=0,maxSize=1,desiredSize=0 --nodegroup-name ";
        assertThat(region.eks(group + "one").path("nodegroup").path("status").asText())
                .isEqualTo("CREATING");
        assertThat(region.refused(group + "one")).contains("ResourceInUseException");
        region.eks(group + "two");
        region.await(
                "aws eks describe-nodegroup --cluster-name demo --nodegroup-name two --query nodegroup.status --output text",
                "ACTIVE");

        JsonNode first = region.eks("list-nodegroups --cluster-name demo --max-items 1");
        assertThat(first.path("nodegroups")).isEqualTo(Json.parse("[\"one\"]"));
        JsonNode second = region.eks("list-nodegroups --cluster-name demo --max-items 1 --starting-token "
                + first.path("NextToken").asText());
        assertThat(second).isEqualTo(Json.parse("{\"nodegroups\":[\"two\"]}"));
        assertThat(region.eks("list-nodegroups --cluster-name demo --page-size 1")
                        .path("nodegroups"))
                .hasSize(2);

        region.eks("delete-nodegroup --cluster-name demo --nodegroup-name one");
        region.await(
                "aws eks describe-nodegroup --cluster-name demo --nodegroup-name one", "ResourceNotFoundException");
        assertThat(region.refused("delete-cluster --name demo")).contains("ResourceInUseException");
        region.eks("delete-nodegroup --cluster-name demo --nodegroup-name two");
        region.await("aws eks list-nodegroups --cluster-name demo --output text --query length(nodegroups)", "0");
    }

    @Test
    @Order(5)
    void accessEntriesAndPolicies() throws Exception {
        String of = " --cluster-name demo --principal-arn " + ROLE;
        String policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
        JsonNode entry =
                region.eks("create-access-entry --kubernetes-groups devs" + of).path("accessEntry");
        assertThat(entry.path("username").asText())
                .isEqualTo("arn:aws:sts::" + ACCOUNT + ":assumed-role/nodes/{{SessionName}}");
        assertThat(region.refused("create-access-entry" + of)).contains("ResourceInUseException");
        assertThat(region.refused(
                        "create-access-entry --kubernetes-groups system:masters --cluster-name demo --principal-arn "
                                + ROLE + "2"))
                .contains("InvalidParameterException");
        region.eks("associate-access-policy --access-scope type=namespace,namespaces=dev --policy-arn " + policy + of);
        assertThat(region.eks("list-associated-access-policies" + of)
                        .path("associatedAccessPolicies")
                        .path(0)
                        .path("policyArn")
                        .asText())
                .isEqualTo(policy);
        assertThat(Files.readString(region.data().resolve("clusters/demo/access-entries.json")))
                .contains("AmazonEKSViewPolicy", "API_AND_CONFIG_MAP");
        assertThat(region.eks("list-access-entries --cluster-name demo").path("accessEntries"))
                .hasSize(2);
        region.ok("aws eks disassociate-access-policy --policy-arn " + policy + of);
        region.ok("aws eks delete-access-entry" + of);
        assertThat(region.refused("describe-access-entry" + of)).contains("ResourceNotFoundException");
    }

    @Test
    @Order(6)
    void theAuthenticationModeOnlyGoesForward() throws Exception {
        String update = region.eks("update-cluster-config --name demo --access-config authenticationMode=API")
                .path("update")
                .path("id")
                .asText();
        region.await(
                "aws eks describe-update --name demo --output text --query update.status --update-id " + update,
                "Successful");
        assertThat(region.eks("list-updates --name demo")
                        .path("updateIds")
                        .path(0)
                        .asText())
                .isEqualTo(update);
        assertThat(region.refused("update-cluster-config --name demo --access-config authenticationMode=CONFIG_MAP"))
                .contains("InvalidRequestException");
        assertThat(Files.readString(region.data().resolve("clusters/demo/access-entries.json")))
                .contains("\"authenticationMode\":\"API\"");
    }

    @Test
    @Order(7)
    void aBackupBringsBackWhatWasLost() throws Exception {
        region.ok(kubectl + "create configmap kept -n default --from-literal=a=b");
        String id = Json.parse(region.backup("create --cluster demo"))
                .path("backup")
                .path("id")
                .asText();
        assertThat(region.backup("list --cluster demo")).contains(id);
        assertThat(region.backup("verify --cluster demo " + id)).contains("\"verified\":true");
        region.ok(kubectl + "delete configmap kept -n default");
        region.backup("restore --cluster demo " + id);
        region.await(DESCRIBE, "ACTIVE");
        region.await(kubectl + "get configmap kept -n default -o name", "configmap/kept");
    }

    @Test
    @Order(8)
    void deadProcessesComeBackAndTheOthersLiveOnWithoutTheRegionService() throws Exception {
        region.kill();
        RunningProcess survivor = region.part("demo", "master-1");
        region.part("demo", "master-0").end(Duration.ZERO);
        region.part("demo", "etcd-1").end(Duration.ZERO);
        region.await(kubectl + "get configmap kept -n default -o name", "configmap/kept");
        region.restart();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> region.part("demo", "master-0").isAlive()
                        && region.part("demo", "etcd-1").isAlive());
        assertThat(region.part("demo", "master-1")).isEqualTo(survivor);
        assertThat(survivor.isAlive()).isTrue();
    }

    @Test
    @Order(9)
    void renewedCertificatesAreServedAndTheEndpointAnswersMeanwhile() throws Exception {
        RunningProcess untouched = region.part("demo", "master-0");
        Path pki = region.data().resolve("clusters/demo/pki");
        Map<String, Integer> ports = Map.of("master-1", port("master-1"), "master-2", port("master-2"));
        // What is missing is made anew, as is what ends soon.
        Files.delete(pki.resolve("master-1/serving.crt"));
        Files.delete(pki.resolve("master-2/serving.crt"));
        region.ok("aws eks create-access-entry --cluster-name demo --principal-arn " + ROLE);
        for (var master : ports.entrySet()) {
            Path wanted = pki.resolve(master.getKey() + "/serving.crt");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        region.ok(kubectl + "get configmap kept -n default");
                        return served(master.getValue())
                                .equals(Pem.certificates(wanted).getFirst());
                    });
        }
        assertThat(region.part("demo", "master-0")).isEqualTo(untouched);
    }

    private int port(String master) throws IOException {
        String command =
                Files.readString(Path.of("/proc/" + region.part("demo", master).pid() + "/cmdline"));
        return Integer.parseInt(command.replaceAll("(?s).*--secure-port=(\\d+).*", "$1"));
    }

    /** The certificate that a server shows. */
    private X509Certificate served(int port) throws IOException {
        var tls = ClientTls.trusting(Pem.certificates(region.data().resolve("clusters/demo/pki/ca.crt")));
        try (SSLSocket socket =
                (SSLSocket) tls.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    @Order(10)
    void aDeletedClusterLeavesNothing() throws Exception {
        RunningProcess master = region.part("demo", "master-1");
        assertThat(region.eks("delete-cluster --name demo")
                        .path("cluster")
                        .path("status")
                        .asText())
                .isEqualTo("DELETING");
        region.await("aws eks list-clusters --output text --query length(clusters)", "0");
        assertThat(region.data().resolve("clusters/demo")).doesNotExist();
        assertThat(master.isAlive()).isFalse();
    }
}
