package io.pilothouse.worker.cri;

import io.pilothouse.http.grpc.GrpcClient;
import io.pilothouse.http.grpc.GrpcException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container runtime behind CRI v1 (its .proto gives the field numbers below). */
public final class CriRuntime implements ContainerRuntime {
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(4);
    private final GrpcClient client;

    /** @param socket the runtime's */
    public CriRuntime(Path socket) {
        this.client = GrpcClient.onSocket(socket);
    }

    private ProtoReader runtime(String method, ProtoWriter request, Duration timeout) throws IOException {
        return new ProtoReader(client.call("/runtime.v1.RuntimeService/" + method, request.bytes(), timeout));
    }

    private ProtoReader image(String method, ProtoWriter request, Duration timeout) throws IOException {
        return new ProtoReader(client.call("/runtime.v1.ImageService/" + method, request.bytes(), timeout));
    }

    private void unlessGone(String method, ProtoWriter request, Duration timeout) throws IOException {
        try {
            runtime(method, request, timeout);
        } catch (GrpcException e) {
            if (e.code() != GrpcException.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static ProtoWriter message() {
        return new ProtoWriter();
    }

    @Override
    public String version() throws IOException {
        ProtoReader version = runtime("Version", message().text(1, "0.1.0"), SHORT);
        return version.text(2) + "://" + version.text(3).replaceFirst("^v", "").replaceFirst("[~+].*$", "");
    }

    @Override
    public String notReady() throws IOException {
        for (ProtoReader condition :
                runtime("Status", message(), SHORT).message(1).messages(1)) {
            if (condition.number(2) == 0
                    && (condition.text(1).equals("RuntimeReady")
                            || condition.text(1).equals("NetworkReady"))) {
                return condition.text(1) + " is false: " + condition.text(4);
            }
        }
        return "";
    }

    @Override
    public List<Sandbox> sandboxes() throws IOException {
        List<Sandbox> all = new ArrayList<>();
        for (ProtoReader s : runtime("ListPodSandbox", message(), SHORT).messages(1)) {
            ProtoReader meta = s.message(2);
            all.add(new Sandbox(
                    s.text(1),
                    meta.text(1),
                    meta.text(3),
                    meta.text(2),
                    (int) meta.number(4),
                    s.number(3) == 0,
                    s.number(4)));
        }
        return all;
    }

    @Override
    public String runSandbox(SandboxSpec spec) throws IOException {
        return runtime("RunPodSandbox", message().message(1, CriMessages.sandbox(spec)), LONG)
                .text(1);
    }

    @Override
    public void stopSandbox(String id) throws IOException {
        unlessGone("StopPodSandbox", message().text(1, id), LONG);
    }

    @Override
    public void removeSandbox(String id) throws IOException {
        unlessGone("RemovePodSandbox", message().text(1, id), LONG);
    }

    @Override
    public List<String> addresses(String sandboxId) throws IOException {
        ProtoReader network = runtime("PodSandboxStatus", message().text(1, sandboxId), SHORT)
                .message(1)
                .message(5);
        List<String> all = new ArrayList<>();
        if (!network.text(1).isEmpty()) {
            all.add(network.text(1));
        }
        for (ProtoReader more : network.messages(2)) {
            all.add(more.text(1));
        }
        return all;
    }

    @Override
    public List<Container> containers(String sandboxId) throws IOException {
        List<Container> all = new ArrayList<>();
        for (ProtoReader listed : runtime(
                        "ListContainers", message().message(1, message().text(3, sandboxId)), SHORT)
                .messages(1)) {
            try {
                all.add(CriMessages.container(
                        runtime("ContainerStatus", message().text(1, listed.text(1)), SHORT)
                                .message(1)));
            } catch (GrpcException e) {
                if (e.code() != GrpcException.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return all;
    }

    @Override
    public Map<String, Long> written(String sandboxId) throws IOException {
        Map<String, Long> all = new HashMap<>();
        for (ProtoReader stats : runtime(
                        "ListContainerStats", message().message(1, message().text(2, sandboxId)), SHORT)
                .messages(1)) {
            String name = stats.message(1).message(2).text(1);
            all.merge(name, stats.message(4).message(3).number(1), Math::max);
        }
        return all;
    }

    @Override
    public String create(String sandboxId, SandboxSpec sandbox, ContainerSpec spec) throws IOException {
        ProtoWriter request = message()
                .text(1, sandboxId)
                .message(2, CriMessages.container(spec, sandbox.shared()))
                .message(3, CriMessages.sandbox(sandbox));
        return runtime("CreateContainer", request, LONG).text(1);
    }

    @Override
    public void start(String containerId) throws IOException {
        runtime("StartContainer", message().text(1, containerId), LONG);
    }

    @Override
    public void stop(String containerId, Duration grace) throws IOException {
        unlessGone("StopContainer", message().text(1, containerId).number(2, grace.toSeconds()), grace.plus(LONG));
    }

    @Override
    public void remove(String containerId) throws IOException {
        unlessGone("RemoveContainer", message().text(1, containerId), LONG);
    }

    @Override
    public void reopenLog(String containerId) throws IOException {
        runtime("ReopenContainerLog", message().text(1, containerId), SHORT);
    }

    @Override
    public ExecResult exec(String containerId, List<String> command, Duration timeout) throws IOException {
        ProtoReader result = runtime(
                "ExecSync",
                message().text(1, containerId).texts(2, command).number(3, timeout.toSeconds()),
                timeout.plusSeconds(5));
        return new ExecResult(result.bytes(1), result.bytes(2), (int) result.number(3));
    }

    @Override
    public URI stream(
            String containerId, List<String> command, boolean tty, boolean stdin, boolean stdout, boolean stderr)
            throws IOException {
        ProtoReader answer = command.isEmpty()
                ? runtime(
                        "Attach",
                        message()
                                .text(1, containerId)
                                .flag(2, stdin)
                                .flag(3, tty)
                                .flag(4, stdout)
                                .flag(5, stderr),
                        SHORT)
                : runtime(
                        "Exec",
                        message()
                                .text(1, containerId)
                                .texts(2, command)
                                .flag(3, tty)
                                .flag(4, stdin)
                                .flag(5, stdout)
                                .flag(6, stderr),
                        SHORT);
        return URI.create(answer.text(1));
    }

    @Override
    public URI portForward(String sandboxId) throws IOException {
        return URI.create(
                runtime("PortForward", message().text(1, sandboxId), SHORT).text(1));
    }

    @Override
    public Optional<Image> image(String name) throws IOException {
        ProtoReader found = image("ImageStatus", message().message(1, message().text(1, name)), SHORT);
        return found.has(1) ? Optional.of(CriMessages.image(found.message(1))) : Optional.empty();
    }

    @Override
    public List<Image> images() throws IOException {
        List<Image> all = new ArrayList<>();
        for (ProtoReader one : image("ListImages", message(), SHORT).messages(1)) {
            all.add(CriMessages.image(one));
        }
        return all;
    }

    @Override
    public String pull(String name, Optional<Auth> auth) throws IOException {
        ProtoWriter request = message().message(1, message().text(1, name));
        auth.ifPresent(a -> request.message(2, message().text(1, a.user()).text(2, a.password())));
        return image("PullImage", request, LONG).text(1);
    }

    @Override
    public void close() {
        client.close();
    }
}
