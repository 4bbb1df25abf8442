package io.pilothouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How long readers wait while others write. */
final class UnderWrites {
    private static final int SECONDS = 20;
    private static final int WRITERS = 4;
    private static final int READS_A_SECOND = 100;

    private UnderWrites() {}

    /**
     * What was measured.
     *
     * @param writesASecond that were acknowledged
     * @param get of one object
     * @param list of a hundred
     */
    record Result(double writesASecond, Load.Result get, Load.Result list) {}

    /**
     * Reads while others write.
     *
     * @param pod the path of one
     * @param rate of writes a second to try for
     */
    static Result measure(ServerUnderTest server, Path folder, String pod, int rate)
            throws IOException, InterruptedException {
        var body = Files.writeString(folder.resolve("map.json"), """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "m-"}, "data": {"a": "b"}}""");
        var writes = new Load(
                rate * SECONDS,
                WRITERS,
                8,
                List.of("-d" + body, "-HContent-Type: application/json", "--rps=" + rate / WRITERS),
                List.of("/api/v1/namespaces/default/configmaps"));
        var writersFolder = Files.createDirectories(folder.resolve("writers"));
        var output = writersFolder.resolve("output.txt");
        long start = System.nanoTime();
        var writers = new ProcessBuilder(writes.command(server, writersFolder))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int reads = READS_A_SECOND * SECONDS / 4;
        var get = Load.get(reads, 1, 4, pod).with("--rps=" + READS_A_SECOND).attempt(server, folder);
        var list = Load.get(reads, 1, 4, "/api/v1/pods?limit=100&resourceVersion=0")
                .with("--rps=" + READS_A_SECOND)
                .attempt(server, folder);
        int code = writers.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        var told = Files.readString(output, StandardCharsets.UTF_8);
        if (code != 0) {
            throw new IOException(told);
        }
        int acknowledged = Integer.parseInt(told.replaceAll("(?s).* (\\d+) succeeded.*", "$1"));
        return new Result(acknowledged / seconds, get, list);
    }
}
