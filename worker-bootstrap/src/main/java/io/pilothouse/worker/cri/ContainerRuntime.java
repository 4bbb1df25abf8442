package io.pilothouse.worker.cri;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What runs pods. Blocks: for virtual threads. Safe on any. */
public interface ContainerRuntime extends AutoCloseable {
    /** The label with the pod's UID, on sandboxes and containers. */
    String POD_UID = "io.kubernetes.pod.uid";

    /** A sandbox; not ready when its process has ended. */
    record Sandbox(
            String id, String name, String namespace, String uid, int attempt, boolean ready, long createdNanos) {}

    /** Where a container is in its life. */
    enum State {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    /** The annotation with the image as the pod names it. */
    String WANTED_IMAGE = "pilothouse.io/image";

    /**
     * A container as it is now; times are nanoseconds of the epoch, 0 when not yet.
     *
     * @param wanted the image as the pod named it when the container was made; empty when unknown
     */
    record Container(
            String id,
            String name,
            int attempt,
            State state,
            long createdNanos,
            long startedNanos,
            long finishedNanos,
            int exitCode,
            String image,
            String imageRef,
            String reason,
            String message,
            String logPath,
            String wanted) {}

    /**
     * An image on the machine.
     *
     * @param uid the user that it runs as, when given as a number
     * @param user the user that it runs as, when given as a name; else empty
     */
    record Image(String id, List<String> tags, List<String> digests, long bytes, OptionalLong uid, String user) {}

    /** What a command gave. */
    record ExecResult(byte[] stdout, byte[] stderr, int exitCode) {}

    /** Name and version, as {@code containerd://1.7.24}. */
    String version() throws IOException;

    /** Why pods can't be started; empty when they can. */
    String notReady() throws IOException;

    /** All sandboxes. */
    List<Sandbox> sandboxes() throws IOException;

    /** Starts a sandbox; returns its id. */
    String runSandbox(SandboxSpec spec) throws IOException;

    /** Ends all that runs in it. Does nothing when it is gone. */
    void stopSandbox(String id) throws IOException;

    /** Removes it with its containers. Does nothing when it is gone. */
    void removeSandbox(String id) throws IOException;

    /** The sandbox's addresses; none for one on the host's network. */
    List<String> addresses(String sandboxId) throws IOException;

    /** The sandbox's containers, all attempts. */
    List<Container> containers(String sandboxId) throws IOException;

    /** How many bytes the sandbox's containers have written to their own layers, by the containers' names; at most some seconds old. */
    Map<String, Long> written(String sandboxId) throws IOException;

    /** Makes a container; returns its id. */
    String create(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) throws IOException;

    /** Starts its process. */
    void start(String containerId) throws IOException;

    /** Ends it: SIGTERM, and SIGKILL after the grace. */
    void stop(String containerId, Duration grace) throws IOException;

    /** Removes it. */
    void remove(String containerId) throws IOException;

    /** The container's log was moved away: writes on in a new file. */
    void reopenLog(String containerId) throws IOException;

    /** Runs a command in a container to its end. */
    ExecResult exec(String containerId, List<String> command, Duration timeout) throws IOException;

    /** Where to carry on with an exec (a command) or an attach (none). */
    URI stream(String containerId, List<String> command, boolean tty, boolean stdin, boolean stdout, boolean stderr)
            throws IOException;

    /** Where to carry on with a port-forward. */
    URI portForward(String sandboxId) throws IOException;

    /** An image, if it is on the machine. */
    Optional<Image> image(String name) throws IOException;

    /** All images. */
    List<Image> images() throws IOException;

    /**
     * Gets an image from its registry.
     *
     * @param auth for it: user and password
     * @return its id
     */
    String pull(String name, Optional<Auth> auth) throws IOException;

    /** A registry's credentials. */
    record Auth(String user, String password) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "Auth[" + user + "]";
        }
    }

    /** Whether pods only seem to run. */
    default boolean simulated() {
        return false;
    }

    @Override
    void close();
}
