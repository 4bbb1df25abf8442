package io.pilothouse.launcher;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a master is told besides kube-apiserver's flags. */
final class MasterOptions {
    @Option(names = "--cluster-name", required = true, description = "The name that IAM tokens are made for")
    String clusterName;

    @Option(names = "--region", required = true, description = "The region whose STS tokens may name")
    String region;

    @Option(names = "--partition", defaultValue = "aws", description = "The AWS partition")
    String partition;

    @Option(
            names = "--sts-endpoint",
            description = "Where STS is asked, whatever host a token was signed for; default: that host")
    @Nullable
    URI stsEndpoint;

    @Option(
            names = "--sts-host",
            description = "A further host and port that tokens may be signed for; may be repeated")
    List<String> stsHosts = new ArrayList<>();

    @Option(
            names = "--access-entries-file",
            required = true,
            description = "Access entries and their policies; read again when it changes")
    Path accessEntriesFile;

    @Option(
            names = "--aws-credentials-file",
            description = "Keys for ec2:DescribeInstances, which names nodes: lines of KEY=VALUE")
    @Nullable
    Path awsCredentialsFile;

    @Option(names = "--cluster-signing-cert-file", required = true)
    Path clusterSigningCertFile;

    @Option(names = "--cluster-signing-key-file", required = true)
    Path clusterSigningKeyFile;

    @Option(names = "--service-account-private-key-file", required = true)
    Path serviceAccountPrivateKeyFile;

    @Option(names = "--root-ca-file", required = true)
    Path rootCaFile;

    @Option(
            names = "--controllers-kubeconfig",
            required = true,
            description = "How the controllers reach the API, and as whom")
    Path controllersKubeconfig;

    @Option(
            names = "--scheduler-kubeconfig",
            required = true,
            description = "How the scheduler reaches the API, and as whom")
    Path schedulerKubeconfig;
}
