package io.pilothouse.iam;

import io.pilothouse.iam.mapping.AccessEntryMapper;
import io.pilothouse.iam.mapping.IdentityMapper;
import io.pilothouse.iam.mapping.MountedFileMapper;
import io.pilothouse.iam.token.CachingVerifier;
import io.pilothouse.iam.token.StsVerifier;
import io.pilothouse.iam.token.TokenParser;
import io.pilothouse.iam.webhook.WebhookServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The webhook on its own, for any API server with {@code --authentication-token-webhook-config-file}. */
@Command(name = "authenticator", mixinStandardHelpOptions = true, description = "Serves the IAM TokenReview webhook.")
public final class AuthenticatorCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(AuthenticatorCommand.class);

    @Option(
            names = {"-i", "--cluster-id"},
            required = true,
            description = "The cluster's id, which tokens must be made for.")
    private String clusterId = "";

    @Option(
            names = {"-c", "--config"},
            description = "File with server.mapRoles, server.mapUsers and server.mapAccounts, for MountedFile.")
    private @Nullable Path config;

    @Option(
            names = "--backend-mode",
            split = ",",
            defaultValue = "MountedFile",
            description = "MountedFile and DynamicFile, in the order in which they are asked.")
    private List<String> backends = List.of();

    @Option(names = "--dynamicfilepath", description = "JSON file of access entries, for DynamicFile.")
    private @Nullable Path dynamicFile;

    @Option(
            names = "--state-dir",
            defaultValue = "/var/aws-iam-authenticator",
            description = "Where cert.pem and key.pem are kept.")
    private Path stateDirectory = Path.of("/var/aws-iam-authenticator");

    @Option(names = "--address", defaultValue = "127.0.0.1", description = "Address to listen on.")
    private String address = "127.0.0.1";

    @Option(names = "--port", defaultValue = "21362", description = "Port to listen on.")
    private int port;

    @Option(names = "--partition", defaultValue = "aws", description = "The AWS partition.")
    private String partition = "aws";

    @Option(names = "--region", required = true, description = "The region whose STS host tokens may name.")
    private String region = "";

    @Option(names = "--sts-endpoint", description = "Where to connect instead of to the STS host that a token names.")
    private @Nullable URI stsEndpoint;

    @Option(
            names = "--local-sts-host",
            description = "host:port of an STS that tokens may name besides, over http too.")
    private Set<String> localStsHosts = Set.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Clock clock = Clock.systemUTC();
        IamAuthenticator authenticator = new IamAuthenticator(
                new TokenParser(partition, region, localStsHosts, clock),
                new CachingVerifier(new StsVerifier(clusterId, stsEndpoint), Duration.ofSeconds(30), clock),
                mappers(),
                instance -> {
                    throw new IOException("{{EC2PrivateDNSName}} is not supported by the standalone webhook");
                });
        try (WebhookServer server = WebhookServer.start(address, port, stateDirectory, authenticator)) {
            log.atInfo()
                    .addKeyValue("address", address)
                    .addKeyValue("port", server.port())
                    .log("listening");
            CountDownLatch stop = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
            stop.await();
        }
        return 0;
    }

    private List<IdentityMapper> mappers() {
        List<IdentityMapper> mappers = new ArrayList<>();
        for (String backend : backends) {
            mappers.add(
                    switch (backend) {
                        case "MountedFile" -> new MountedFileMapper(needed(config, "--config", backend));
                        case "DynamicFile" -> new AccessEntryMapper(needed(dynamicFile, "--dynamicfilepath", backend));
                        default ->
                            throw wrong("--backend-mode " + backend
                                    + " is not supported here; supported are MountedFile and DynamicFile");
                    });
        }
        return mappers;
    }

    private Path needed(@Nullable Path path, String option, String backend) {
        if (path == null) {
            throw wrong("--backend-mode " + backend + " needs " + option);
        }
        return path;
    }

    private RuntimeException wrong(String message) {
        return spec == null
                ? new IllegalArgumentException(message)
                : new ParameterException(spec.commandLine(), message);
    }
}
