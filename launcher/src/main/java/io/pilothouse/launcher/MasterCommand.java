package io.pilothouse.launcher;

import io.pilothouse.apiserver.flags.FlagException;
import io.pilothouse.apiserver.flags.FlagSet;
import io.pilothouse.apiserver.flags.Program;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.apiserver.server.ApiServerOptions;
import io.pilothouse.controllers.ControllerManager;
import io.pilothouse.controllers.ControllerManagerOptions;
import io.pilothouse.iam.mapping.Ec2PrivateDnsNames;
import io.pilothouse.iam.mapping.PrivateDnsNames;
import io.pilothouse.scheduler.Scheduler;
import io.pilothouse.scheduler.SchedulerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** {@code pilothouse master}: API server, controllers, scheduler and IAM authenticator in one process, until it is told to end. */
final class MasterCommand {
    static final String NAME = "master";
    static final String DESCRIPTION = "A master: API server, controllers, scheduler and IAM authenticator";

    private final ApiServerOptions apiServer = new ApiServerOptions();
    private final MasterOptions master = new MasterOptions();

    /** Runs it with what follows its name. @return the process's exit code */
    int run(String... arguments) {
        var flags = new FlagSet("pilothouse " + NAME);
        master.declare(flags);
        apiServer.declare(flags);
        return new Program(flags, DESCRIPTION, ApiServerCommand.VERSION).run(arguments, this::serve);
    }

    private int serve() throws IOException, InterruptedException {
        apiServer.onVerbosity(Verbosity::set);
        var clock = Clock.systemUTC();
        var ended = new CountDownLatch(1);
        ApiServer server;
        try {
            server = ApiServer.start(apiServer, IamExtensions.of(master, nodeNames(clock), clock), clock);
        } catch (IllegalArgumentException e) {
            throw new FlagException(String.valueOf(e.getMessage()));
        }
        var controllers = ControllerManager.start(controllerOptions(), clock);
        var scheduler = Scheduler.start(schedulerOptions(), clock);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            // Work first, so that another master takes over while this one still answers.
                            scheduler.close();
                            controllers.close();
                            server.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }

    private ControllerManagerOptions controllerOptions() {
        var options = new ControllerManagerOptions();
        options.client.kubeconfig = master.controllersKubeconfig;
        options.clusterSigningCertFile = master.clusterSigningCertFile;
        options.clusterSigningKeyFile = master.clusterSigningKeyFile;
        options.serviceAccountPrivateKeyFile = master.serviceAccountPrivateKeyFile;
        options.rootCaFile = master.rootCaFile;
        options.useServiceAccountCredentials = true;
        return options;
    }

    private SchedulerOptions schedulerOptions() {
        var options = new SchedulerOptions();
        options.client.kubeconfig = master.schedulerKubeconfig;
        return options;
    }

    /** Names of nodes come from EC2; without keys for it, no instance has a name and no node can join by it. */
    private PrivateDnsNames nodeNames(Clock clock) throws IOException {
        var file = master.awsCredentialsFile;
        var endpoint = master.stsEndpoint;
        if (file == null || endpoint == null) {
            return instance -> Optional.empty();
        }
        Map<String, String> keys = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int at = line.indexOf('=');
            if (at > 0) {
                keys.put(
                        line.substring(0, at).replace("export ", "").trim(),
                        line.substring(at + 1).trim());
            }
        }
        String id = keys.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = keys.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        if (id.isEmpty() || secret.isEmpty()) {
            throw new IOException(file + ": AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both there");
        }
        return new Ec2PrivateDnsNames(endpoint, master.region, id, secret, clock);
    }
}
