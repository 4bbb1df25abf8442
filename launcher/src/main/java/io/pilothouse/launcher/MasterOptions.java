package io.pilothouse.launcher;

import io.pilothouse.apiserver.flags.FlagSet;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a master is told besides kube-apiserver's flags. Those that are required are empty until a command line is read. */
final class MasterOptions {
    private static final Path NONE = Path.of("");

    String clusterName = "";
    String region = "";
    String partition = "aws";

    @Nullable
    URI stsEndpoint;

    List<String> stsHosts = new ArrayList<>();
    Path accessEntriesFile = NONE;

    @Nullable
    Path awsCredentialsFile;

    Path clusterSigningCertFile = NONE;
    Path clusterSigningKeyFile = NONE;
    Path serviceAccountPrivateKeyFile = NONE;
    Path rootCaFile = NONE;
    Path controllersKubeconfig = NONE;
    Path schedulerKubeconfig = NONE;

    void declare(FlagSet flags) {
        flags.section("Master");
        flags.text("--cluster-name", clusterName, value -> clusterName = value, "The name that IAM tokens are made for")
                .required();
        flags.text("--region", region, value -> region = value, "The region whose STS tokens may name")
                .required();
        flags.text("--partition", partition, value -> partition = value, "The AWS partition");
        flags.uri(
                "--sts-endpoint",
                stsEndpoint,
                value -> stsEndpoint = value,
                "Where STS is asked, whatever host a token was signed for; default: that host");
        flags.each(
                "--sts-host",
                stsHosts,
                value -> stsHosts = value,
                "A further host and port that tokens may be signed for; may be repeated");
        flags.file(
                "--aws-credentials-file",
                awsCredentialsFile,
                value -> awsCredentialsFile = value,
                "Keys for ec2:DescribeInstances, which names nodes: lines of KEY=VALUE");
        file(
                flags,
                "--access-entries-file",
                value -> accessEntriesFile = value,
                "Access entries and their policies; read again when it changes");
        file(flags, "--cluster-signing-cert-file", value -> clusterSigningCertFile = value, "Signs certificates");
        file(flags, "--cluster-signing-key-file", value -> clusterSigningKeyFile = value, "Its key");
        file(
                flags,
                "--service-account-private-key-file",
                value -> serviceAccountPrivateKeyFile = value,
                "Signs service accounts' tokens that are secrets");
        file(flags, "--root-ca-file", value -> rootCaFile = value, "What such secrets say of who signs certificates");
        file(
                flags,
                "--controllers-kubeconfig",
                value -> controllersKubeconfig = value,
                "How the controllers reach the API, and as whom");
        file(
                flags,
                "--scheduler-kubeconfig",
                value -> schedulerKubeconfig = value,
                "How the scheduler reaches the API, and as whom");
    }

    /** One that must be given. */
    private static void file(FlagSet flags, String name, Consumer<Path> setter, String description) {
        flags.file(name, null, setter, description).required();
    }
}
