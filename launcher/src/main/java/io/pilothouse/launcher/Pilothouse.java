package io.pilothouse.launcher;

import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.http.HttpServer;

/** The one command behind {@code bin/pilothouse}; each part of the product is a subcommand. */
public final class Pilothouse {
    private Pilothouse() {}

    /** Runs a part and exits with its code: 0 done, 1 failed, 2 the command line is wrong. */
    public static void main(String[] args) {
        HeapKeeper.start();
        System.exit(run(args));
    }

    /** A server's start is waited for: its flags are read without picocli, none of whose classes is loaded then. */
    private static int run(String[] args) {
        return switch (args.length == 0 ? "" : args[0]) {
            case ApiServerCommand.NAME -> {
                loadNatives();
                yield new ApiServerCommand(Verbosity::set).run(rest(args));
            }
            case MasterCommand.NAME -> {
                loadNatives();
                yield new MasterCommand().run(rest(args));
            }
            case WarmUpCommand.NAME -> new WarmUpCommand().run(rest(args));
            default -> Parts.run(args);
        };
    }

    /** What no server can start without, beside the reading of the command line; whoever needs it before it is there waits. */
    private static void loadNatives() {
        Thread.ofPlatform().daemon().name("native-libraries").start(HttpServer::loadNatives);
    }

    private static String[] rest(String[] args) {
        var rest = new String[args.length - 1];
        System.arraycopy(args, 1, rest, 0, rest.length);
        return rest;
    }
}
