package io.pilothouse.controlplane;

import io.pilothouse.backup.Backups.Retention;
import io.pilothouse.cloud.CloudConfig;
import io.pilothouse.cloud.ec2.VpcNetwork;
import io.pilothouse.controlplane.backup.BackupSettings;
import io.pilothouse.controlplane.cluster.Programs;
import io.pilothouse.controlplane.process.Supervisor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pilothouse region}: the region service, until it is told to end; or, with {@code --stop-all}, the end of all it started. */
@Command(
        name = "region",
        description = "The region service: the embedded cloud, the EKS API and the reconcilers",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class RegionCommand implements Callable<Integer> {
    @Option(names = "--data-dir", required = true, description = "where everything is kept")
    Path dataDirectory;

    @Option(names = "--region", defaultValue = "us-east-1", description = "default ${DEFAULT-VALUE}")
    String region;

    @Option(
            names = "--account",
            defaultValue = "123456789012",
            description = "the account's twelve digits; default ${DEFAULT-VALUE}")
    String account;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            description = "the address to listen on; default ${DEFAULT-VALUE}")
    String bind;

    @Option(names = "--port", defaultValue = "4566", description = "default ${DEFAULT-VALUE}")
    int port;

    @Option(
            names = "--isolate",
            arity = "1",
            description =
                    "whether instances get network namespaces and clusters addresses of the VPC; default: when root")
    @org.jspecify.annotations.Nullable
    Boolean isolate;

    @Option(
            names = "--program",
            description =
                    "the pilothouse command that runs masters and endpoints; default: bin/pilothouse in PILOTHOUSE_HOME")
    @org.jspecify.annotations.Nullable
    Path program;

    @Option(
            names = "--masters",
            defaultValue = "master",
            description = "master, or apiserver for masters without controllers, scheduler and authenticator")
    String masters;

    @Option(
            names = "--instance-environment",
            description = "NAME=VALUE for the processes of instances; may be repeated")
    Map<String, String> instanceEnvironment = new TreeMap<>();

    @Option(
            names = "--backup-bucket",
            defaultValue = "pilothouse-backups",
            description = "where backups go; default ${DEFAULT-VALUE}")
    String backupBucket;

    @Option(
            names = "--backup-endpoint",
            description =
                    "an S3-compatible store (credentials from the environment), or amazon for Amazon S3; default: the embedded one")
    @org.jspecify.annotations.Nullable
    String backupEndpoint;

    @Option(
            names = "--backup-every",
            defaultValue = "PT1H",
            description = "ISO 8601 duration; PT0S for no schedule; default ${DEFAULT-VALUE}")
    Duration backupEvery;

    @Option(
            names = "--backup-keep",
            defaultValue = "48",
            description = "how many backups of a cluster to keep; default ${DEFAULT-VALUE}")
    int backupKeep;

    @Option(
            names = "--backup-keep-for",
            defaultValue = "P7D",
            description = "how long, ISO 8601; default ${DEFAULT-VALUE}")
    Duration backupKeepFor;

    @Option(
            names = "--stop-all",
            description = "end all processes, networks and addresses of the data directory, and exit; its files stay")
    boolean stopAll;

    @Override
    public Integer call() throws InterruptedException {
        try {
            return stopAll ? stop() : serve();
        } catch (IOException e) {
            System.err.println("region: " + message(e));
            return 1;
        } catch (IllegalArgumentException e) {
            System.err.println("region: " + e.getMessage());
            return 2;
        }
    }

    private static String message(IOException e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }

    private CloudConfig config(int atPort) {
        boolean isolated = isolate == null ? VpcNetwork.canIsolate() : isolate;
        return new CloudConfig(
                region,
                account,
                dataDirectory.toAbsolutePath().normalize(),
                new InetSocketAddress(bind, atPort),
                isolated,
                environment());
    }

    /** Instances find the product's programs as the region did. */
    private Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>();
        String home = System.getenv("PILOTHOUSE_HOME");
        if (home != null) {
            all.put("PILOTHOUSE_HOME", home);
            all.put("PATH", System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
        }
        all.putAll(instanceEnvironment);
        return all;
    }

    private Programs programs() throws IOException {
        Path found = program;
        String home = System.getenv("PILOTHOUSE_HOME");
        if (found == null && home != null) {
            found = Path.of(home, "bin", "pilothouse");
        }
        if (found == null || !Files.isExecutable(found)) {
            throw new IOException("the pilothouse command is not found: give --program or set PILOTHOUSE_HOME");
        }
        if (!List.of("master", "apiserver").contains(masters)) {
            throw new IllegalArgumentException("--masters is master or apiserver, not " + masters);
        }
        return new Programs(List.of(found.toAbsolutePath().toString()), masters, Map.of());
    }

    private BackupSettings backups() {
        boolean amazon = "amazon".equals(backupEndpoint);
        Optional<URI> endpoint =
                amazon ? Optional.empty() : Optional.ofNullable(backupEndpoint).map(URI::create);
        return new BackupSettings(
                backupBucket, endpoint, amazon, backupEvery, new Retention(backupKeep, backupKeepFor));
    }

    private int serve() throws IOException, InterruptedException {
        Region service = Region.start(config(port), programs(), backups());
        System.out.println("region " + region + " serves at " + service.endpoint() + ", credentials in "
                + dataDirectory.resolve("credentials"));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }

    /** Starts on a free port once more, so that all records are at hand, and ends everything; what is left then is found by its mark. */
    private int stop() throws IOException {
        if (!Files.isDirectory(dataDirectory.resolve("region"))) {
            System.out.println("nothing runs for " + dataDirectory);
            return 0;
        }
        Path data = dataDirectory.toAbsolutePath().normalize();
        RegionStop.run(config(0), data);
        Supervisor.endAllBelow(data, Duration.ofSeconds(5));
        System.out.println("all ended for " + dataDirectory);
        return 0;
    }
}
