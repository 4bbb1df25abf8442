package io.pilothouse.controlplane;

import io.pilothouse.apiserver.server.ApiServerCommand;
import io.pilothouse.backup.BackupCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What tests start in the place of the product's launcher, which this module doesn't know: the region service, API servers without the other parts of a master, and endpoints. */
@Command(
        name = "pilothouse",
        subcommands = {RegionCommand.class, EndpointCommand.class, BackupCommand.class})
public final class TestProgram {
    private TestProgram() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(ApiServerCommand.NAME)) {
            System.exit(new ApiServerCommand(level -> {}).run(Arrays.copyOfRange(args, 1, args.length)));
        }
        System.exit(new CommandLine(new TestProgram()).execute(args));
    }

    /** A script that runs it with this test's classes. */
    static Path script(Path directory) throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path arguments = Files.writeString(directory.resolve("java.args"), "-cp\n\"" + classes + "\"\n");
        Path script = Files.writeString(
                directory.resolve("pilothouse"),
                "#!/bin/sh\nexec '" + ProcessHandle.current().info().command().orElseThrow()
                        + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -Xshare:auto --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow @'"
                        + arguments + "' io.pilothouse.controlplane.TestProgram \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }
}
