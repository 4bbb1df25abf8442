package io.pilothouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How long readers wait while others write. */
final class UnderWrites {
    private static final int WARM_UP_SECONDS = 15;
    private static final int SECONDS = 40;
    private static final int WRITERS = 4;
    private static final int READS_A_SECOND = 100;
    private static final Duration MOST = Duration.ofSeconds(SECONDS * 6L);

    private UnderWrites() {}

    /**
     * What was measured.
     *
     * @param writesASecond that were acknowledged
     * @param get of one object, as of now
     * @param list of a hundred, as of now
     */
    record Result(double writesASecond, Load.Result get, Load.Result list) {}

    /**
     * Reads while others write, once unmeasured and then measured.
     *
     * @param pod the path of one
     * @param rate of writes a second to try for
     * @throws IOException when a request failed, or clients got stuck
     */
    static Result measure(ServerUnderTest server, Path folder, String pod, int rate)
            throws IOException, InterruptedException {
        measure(server, folder, pod, rate, WARM_UP_SECONDS);
        return measure(server, folder, pod, rate, SECONDS);
    }

    private static Result measure(ServerUnderTest server, Path folder, String pod, int rate, int forSeconds)
            throws IOException, InterruptedException {
        var body = Files.writeString(folder.resolve("map.json"), """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "m-"}, "data": {"a": "b"}}""");
        var writes = new Load(
                rate * forSeconds,
                WRITERS,
                8,
                List.of("-d" + body, "-HContent-Type: application/json", "--rps=" + rate / WRITERS),
                List.of("/api/v1/namespaces/default/configmaps"),
                MOST);
        var writersFolder = Files.createDirectories(folder.resolve("writers"));
        var output = writersFolder.resolve("output.txt");
        long start = System.nanoTime();
        var writers = new ProcessBuilder(writes.command(server, writersFolder))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            // The readers are to be done before the writers are: they have two parts of a quarter of the time each.
            int reads = READS_A_SECOND * forSeconds / 4;
            var get = read(reads, pod).run(server, folder);
            // Without a resource version: as of now, and a page. With 0 there are no pages.
            var list = read(reads, "/api/v1/pods?limit=100").run(server, folder);
            int code = writers.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            var told = Files.readString(output, StandardCharsets.UTF_8);
            if (code != 0) {
                throw new IOException("the writers' h2load ended with " + code + ": " + told);
            }
            return new Result(Load.succeeded(told) / seconds, get, list);
        } finally {
            writers.destroy(); // timeout passes it on to h2load
        }
    }

    private static Load read(int times, String path) {
        return Load.get(times, 1, 4, path)
                .with("--rps=" + READS_A_SECOND, "-HAccept: application/json")
                .within(MOST);
    }
}
