package io.pilothouse.worker.cri;

import io.pilothouse.http.grpc.GrpcException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where there is no container runtime: sandboxes and containers are remembered and no process is started. Containers run for ever, those
 * of pods that are to end end at once with 0. What can't be pretended honestly, as exec, is refused. All methods hold this object's lock.
 */
public final class SimulatedRuntime implements ContainerRuntime {
    /** The annotation of a container that ends by itself. */
    public static final String ENDS = "pilothouse.io/simulated-end";

    private static final int FAILED_PRECONDITION = 9;
    private static final int RESOURCE_EXHAUSTED = 8;
    private final Clock clock;
    private final String address;
    private final Optional<AddressPool> pool;
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, Made> made = new LinkedHashMap<>();
    private int next = 1;

    private record Made(String sandboxId, Container container, Path log, boolean ends) {}

    /**
     * A runtime without sandboxes.
     *
     * @param address the node's, which pods of its network are said to have
     * @param podRange of which all others are said to have one each; empty where there is none, then they have the node's too
     */
    public SimulatedRuntime(String address, String podRange, Clock clock) {
        this.address = address;
        this.pool = podRange.isEmpty() ? Optional.empty() : Optional.of(new AddressPool(podRange));
        this.clock = clock;
    }

    @Override
    public boolean simulated() {
        return true;
    }

    @Override
    public String version() {
        return "simulated://1";
    }

    @Override
    public String notReady() {
        return "";
    }

    @Override
    public synchronized List<Sandbox> sandboxes() {
        return List.copyOf(sandboxes.values());
    }

    @Override
    public synchronized String runSandbox(SandboxSpec spec) throws IOException {
        String own = pool.isEmpty() || spec.shared().hostNetwork()
                ? address
                : pool.get()
                        .take()
                        .orElseThrow(() -> new GrpcException(
                                RESOURCE_EXHAUSTED, "no IP address is left in the node's range for pods"));
        String id = "simulated-" + next++;
        addresses.put(id, own);
        sandboxes.put(id, new Sandbox(id, spec.name(), spec.namespace(), spec.uid(), spec.attempt(), true, nanos()));
        return id;
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public synchronized void stopSandbox(String id) {
        release(id);
        made.replaceAll(
                (k, m) -> m.sandboxId().equals(id) && m.container().state() == State.RUNNING ? ended(m, 137) : m);
        sandboxes.computeIfPresent(
                id, (k, s) -> new Sandbox(id, s.name(), s.namespace(), s.uid(), s.attempt(), false, s.createdNanos()));
    }

    private void release(String id) {
        String own = addresses.remove(id);
        if (own != null) {
            pool.ifPresent(range -> range.release(own));
        }
    }

    @Override
    public synchronized void removeSandbox(String id) {
        sandboxes.remove(id);
        release(id);
        made.values().removeIf(m -> m.sandboxId().equals(id));
    }

    @Override
    public synchronized List<String> addresses(String sandboxId) {
        return List.of(addresses.getOrDefault(sandboxId, address));
    }

    @Override
    public synchronized List<Container> containers(String sandboxId) {
        return made.values().stream()
                .filter(m -> m.sandboxId().equals(sandboxId))
                .map(Made::container)
                .toList();
    }

    @Override
    public Map<String, Long> written(String sandboxId) {
        return Map.of(); // Nothing runs, so nothing is written.
    }

    @Override
    public synchronized String create(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) {
        String id = "simulated-" + next++;
        Container container = new Container(
                id,
                spec.name(),
                spec.attempt(),
                State.CREATED,
                nanos(),
                0,
                0,
                0,
                spec.image(),
                spec.image(),
                "",
                "",
                sandbox.logDirectory() + "/" + spec.logPath(),
                spec.annotations().getOrDefault(WANTED_IMAGE, ""));
        made.put(
                id,
                new Made(
                        sandboxId,
                        container,
                        Path.of(container.logPath()),
                        spec.annotations().containsKey(ENDS)));
        return id;
    }

    @Override
    public synchronized void start(String containerId) throws IOException {
        Made one = find(containerId);
        Files.createDirectories(
                Path.of(one.container().logPath()).toAbsolutePath().getParent());
        Files.writeString(
                one.log(),
                clock.instant()
                        + " stderr F This container is simulated: the node has no container runtime, nothing runs.\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Made running = with(one, State.RUNNING, nanos(), 0, 0);
        made.put(containerId, one.ends() ? ended(running, 0) : running);
    }

    private Made find(String id) throws IOException {
        Made one = made.get(id);
        if (one == null) {
            throw new GrpcException(GrpcException.NOT_FOUND, "no container " + id);
        }
        return one;
    }

    private Made ended(Made m, int code) {
        return with(m, State.EXITED, m.container().startedNanos(), nanos(), code);
    }

    private static Made with(Made m, State state, long started, long finished, int code) {
        Container c = m.container();
        return new Made(
                m.sandboxId(),
                new Container(
                        c.id(),
                        c.name(),
                        c.attempt(),
                        state,
                        c.createdNanos(),
                        started,
                        finished,
                        code,
                        c.image(),
                        c.imageRef(),
                        state == State.EXITED ? code == 0 ? "Completed" : "Error" : "",
                        "",
                        c.logPath(),
                        c.wanted()),
                m.log(),
                m.ends());
    }

    @Override
    public synchronized void stop(String containerId, Duration grace) {
        made.computeIfPresent(containerId, (k, m) -> m.container().state() == State.RUNNING ? ended(m, 143) : m);
    }

    @Override
    public synchronized void remove(String containerId) {
        made.remove(containerId);
    }

    private static GrpcException refused(String what) {
        return new GrpcException(
                FAILED_PRECONDITION,
                what + " is not possible: this node has no container runtime, its pods are simulated");
    }

    @Override
    public void reopenLog(String containerId) {
        // Nothing writes: the one line is written at the start.
    }

    @Override
    public ExecResult exec(String containerId, List<String> command, Duration timeout) throws IOException {
        throw refused("running a command");
    }

    @Override
    public URI stream(
            String containerId, List<String> command, boolean tty, boolean stdin, boolean stdout, boolean stderr)
            throws IOException {
        throw refused(command.isEmpty() ? "attaching" : "running a command");
    }

    @Override
    public URI portForward(String sandboxId) throws IOException {
        throw refused("forwarding a port");
    }

    @Override
    public Optional<Image> image(String name) {
        return Optional.of(new Image(name, List.of(name), List.of(), 0, OptionalLong.empty(), ""));
    }

    @Override
    public List<Image> images() {
        return new ArrayList<>();
    }

    @Override
    public String pull(String name, Optional<Auth> auth) {
        return name;
    }

    @Override
    public void close() {}
}
