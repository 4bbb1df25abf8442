package io.pilothouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Requests that h2load (of nghttp2-client) sends over HTTP/2 and TLS.
 *
 * @param requests how many in all
 * @param clients connections
 * @param streams that a connection has open at most
 * @param options more of h2load's, such as headers and a body
 * @param paths asked for one after the other, from the beginning again after the last
 * @param most a load that has not ended by then is stuck, and is ended
 */
record Load(int requests, int clients, int streams, List<String> options, List<String> paths, Duration most) {
    private static final Duration MOST = Duration.ofMinutes(10);
    private static final int TIMED_OUT = 124;
    private static final Pattern SUCCEEDED = Pattern.compile(" (\\d+) succeeded");

    /**
     * What came of it.
     *
     * @param failed of them that were not answered with success
     * @param cpuMillis of the server's processor time, all requests together
     * @param seconds from the first request to the last answer
     * @param bytes of the answers' bodies
     * @param latenciesMicros of each request, sorted
     */
    record Result(int requests, int failed, double cpuMillis, double seconds, long bytes, long[] latenciesMicros) {
        double cpuMillisEach() {
            return cpuMillis / requests;
        }

        /** @param quantile between 0 and 1 */
        double latencyMillis(double quantile) {
            if (latenciesMicros.length == 0) {
                return 0;
            }
            int at = (int) Math.min(latenciesMicros.length - 1L, Math.round(latenciesMicros.length * quantile));
            return latenciesMicros[at] / 1000.0;
        }

        /** Median and 99th percentile, to be read. */
        String times() {
            return Figure.number(latencyMillis(0.5)) + " / " + Figure.number(latencyMillis(0.99)) + " ms";
        }
    }

    static Load get(int requests, int clients, int streams, String path) {
        return new Load(requests, clients, streams, List.of(), List.of(path), MOST);
    }

    Load with(String... more) {
        var all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Load(requests, clients, streams, all, paths, most);
    }

    Load times(int other) {
        return new Load(other, clients, streams, options, paths, most);
    }

    Load within(Duration other) {
        return new Load(requests, clients, streams, options, paths, other);
    }

    /** The command line; the log and the list of addresses go into the folder. */
    List<String> command(ServerUnderTest server, Path folder) throws IOException {
        var addresses = Files.write(
                folder.resolve("addresses"),
                paths.stream().map(path -> server.address() + path).toList());
        Files.deleteIfExists(folder.resolve("requests.tsv"));
        var command = new ArrayList<>(List.of(
                "timeout",
                "--kill-after=5",
                Long.toString(most.toSeconds()),
                "h2load",
                "-n" + requests,
                "-c" + clients,
                "-m" + streams,
                "-w24",
                "-W26",
                "-Hauthorization: Bearer " + ServerUnderTest.TOKEN,
                "--log-file=" + folder.resolve("requests.tsv"),
                "-i" + addresses));
        command.addAll(options);
        return command;
    }

    /**
     * Sends it all.
     *
     * @throws IOException when an answer is no success, or h2load fails
     */
    Result run(ServerUnderTest server, Path folder) throws IOException, InterruptedException {
        var result = attempt(server, folder);
        if (result.failed() > 0) {
            throw new IOException(result.failed() + " of " + requests + " requests failed: " + paths);
        }
        return result;
    }

    /**
     * Sends it all; what is refused is counted.
     *
     * @throws IOException when h2load fails
     */
    Result attempt(ServerUnderTest server, Path folder) throws IOException, InterruptedException {
        var meter = server.meter();
        double before = meter.cpuMillis();
        var process = new ProcessBuilder(command(server, folder))
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        double cpu = meter.cpuMillis() - before;
        int code = process.waitFor();
        if (code == TIMED_OUT) {
            throw new IOException("h2load had not ended after " + most.toSeconds() + " s: " + paths);
        }
        if (code != 0) {
            throw new IOException("h2load ended with " + code + ": " + paths + " " + output);
        }
        return result(output, cpu, folder);
    }

    private Result result(String output, double cpu, Path folder) throws IOException {
        var lines = Files.readAllLines(folder.resolve("requests.tsv"));
        long first = Long.MAX_VALUE;
        long last = 0;
        var latencies = new long[lines.size()];
        for (int i = 0; i < latencies.length; i++) {
            var columns = lines.get(i).split("\t", -1);
            long start = Long.parseLong(columns[0]);
            latencies[i] = Long.parseLong(columns[2]);
            first = Math.min(first, start);
            last = Math.max(last, start + latencies[i]);
        }
        Arrays.sort(latencies);
        var data = output.replaceAll("(?s).*\\((\\d+)\\) data.*", "$1");
        return new Result(
                requests, requests - succeeded(output), cpu, (last - first) / 1e6, Long.parseLong(data), latencies);
    }

    /** How many requests h2load says were answered with success. */
    static int succeeded(String output) throws IOException {
        var found = SUCCEEDED.matcher(output);
        if (!found.find()) {
            throw new IOException("h2load told of no requests: " + output);
        }
        return Integer.parseInt(found.group(1));
    }
}
