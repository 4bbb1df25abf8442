package io.pilothouse.backup;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code pilothouse backup}: asks the region service to make, list, verify and restore backups. The region and the credentials come from
 * the variables that the AWS clients read: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and so on.
 */
@Command(name = "backup", description = "Backups of a cluster's etcd", mixinStandardHelpOptions = true)
public final class BackupCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = "--endpoint-url",
            defaultValue = "${env:AWS_ENDPOINT_URL}",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "the region service; default $AWS_ENDPOINT_URL")
    String endpoint;

    @Option(
            names = "--region",
            defaultValue = "${env:AWS_REGION}",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "default $AWS_REGION")
    String region;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "one of create, list, verify, restore is needed");
    }

    @Command(name = "create", description = "Make a backup now")
    int create(@Option(names = "--cluster", required = true) String cluster) {
        return client().call("POST", path(cluster, ""));
    }

    @Command(name = "list", description = "List the backups, oldest first")
    int list(@Option(names = "--cluster", required = true) String cluster) {
        return client().call("GET", path(cluster, ""));
    }

    @Command(name = "verify", description = "Fetch a backup, compare its hash and have etcd read it")
    int verify(@Option(names = "--cluster", required = true) String cluster, @Parameters(paramLabel = "ID") String id) {
        return client().call("POST", path(cluster, "/" + id + "/verification"));
    }

    @Command(
            name = "restore",
            description =
                    "Put a cluster back to a backup, on fresh etcd members; returns at once, the cluster is UPDATING meanwhile")
    int restore(
            @Option(names = "--cluster", required = true) String cluster, @Parameters(paramLabel = "ID") String id) {
        return client().call("POST", path(cluster, "/" + id + "/restoration"));
    }

    private static String path(String cluster, String rest) {
        return "/pilothouse/clusters/" + cluster + "/backups" + rest;
    }

    private RegionClient client() {
        if (endpoint == null || region == null) {
            throw new ParameterException(
                    spec.commandLine(), "set AWS_ENDPOINT_URL and AWS_REGION, or give --endpoint-url and --region");
        }
        return new RegionClient(
                endpoint,
                region,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }
}
