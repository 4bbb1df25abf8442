package io.pilothouse.worker.cri;

import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.Image;
import io.pilothouse.worker.cri.ContainerRuntime.State;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** CRI's larger messages, to and from the wire. */
final class CriMessages {
    private static final int PERIOD_MICROS = 100_000;
    private static final int POD = 0;
    private static final int CONTAINER = 1;
    private static final int NODE = 2;
    private static final int TARGET = 3;
    // What the kubelet hides of /proc and /sys unless told otherwise.
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private CriMessages() {}

    static ProtoWriter sandbox(SandboxSpec spec) {
        ProtoWriter config = new ProtoWriter()
                .message(
                        1,
                        new ProtoWriter()
                                .text(1, spec.name())
                                .text(2, spec.uid())
                                .text(3, spec.namespace())
                                .number(4, spec.attempt()))
                .text(2, spec.shared().hostNetwork() ? "" : spec.hostname())
                .text(3, spec.logDirectory())
                .message(
                        4,
                        new ProtoWriter()
                                .texts(1, spec.dns())
                                .texts(2, spec.searches())
                                .texts(3, spec.dnsOptions()));
        for (SandboxSpec.Port port : spec.ports()) {
            int protocol = switch (port.protocol()) {
                case "UDP" -> 1;
                case "SCTP" -> 2;
                default -> 0;
            };
            config.message(
                    5,
                    new ProtoWriter()
                            .number(1, protocol)
                            .number(2, port.containerPort())
                            .number(3, port.hostPort())
                            .text(4, port.hostIp()));
        }
        ProtoWriter security = new ProtoWriter()
                .message(1, namespaces(spec.shared()))
                .flag(6, spec.shared().privileged());
        return config.map(6, spec.labels())
                .map(7, spec.annotations())
                .message(
                        8,
                        new ProtoWriter()
                                .text(1, spec.cgroupParent())
                                .message(2, security)
                                .map(3, spec.sysctls()));
    }

    private static ProtoWriter namespaces(SandboxSpec.Shared shared) {
        return new ProtoWriter()
                .number(1, shared.hostNetwork() ? NODE : POD)
                .number(2, shared.hostPid() ? NODE : shared.processes() ? POD : CONTAINER)
                .number(3, shared.hostIpc() ? NODE : POD);
    }

    static ProtoWriter container(ContainerSpec spec, SandboxSpec.Shared shared) {
        ProtoWriter config = new ProtoWriter()
                .message(1, new ProtoWriter().text(1, spec.name()).number(2, spec.attempt()))
                .message(2, new ProtoWriter().text(1, spec.image()))
                .texts(3, spec.command())
                .texts(4, spec.args())
                .text(5, spec.workingDirectory());
        spec.environment()
                .forEach(
                        (k, v) -> config.message(6, new ProtoWriter().text(1, k).text(2, v)));
        for (ContainerSpec.Mount mount : spec.mounts()) {
            int propagation = switch (mount.propagation()) {
                case "HostToContainer" -> 1;
                case "Bidirectional" -> 2;
                default -> 0;
            };
            config.message(
                    7,
                    new ProtoWriter()
                            .text(1, mount.containerPath())
                            .text(2, mount.hostPath())
                            .flag(3, mount.readOnly())
                            .number(5, propagation));
        }
        ContainerSpec.Resources r = spec.resources();
        ProtoWriter resources = new ProtoWriter()
                .number(3, r.cpuShares())
                .number(4, r.memoryBytes())
                .number(5, r.oomScore());
        if (r.cpuQuotaMicros() > 0) {
            resources.number(1, PERIOD_MICROS).number(2, r.cpuQuotaMicros());
        }
        return config.map(9, spec.labels())
                .map(10, spec.annotations())
                .text(11, spec.logPath())
                .flag(12, spec.terminal().stdin())
                .flag(13, spec.terminal().stdinOnce())
                .flag(14, spec.terminal().tty())
                .message(
                        15,
                        new ProtoWriter()
                                .message(1, resources)
                                .message(2, security(spec.security(), shared, spec.processTarget())));
    }

    private static ProtoWriter security(ContainerSpec.Security security, SandboxSpec.Shared shared, String target) {
        ProtoWriter context = new ProtoWriter()
                .message(
                        1,
                        new ProtoWriter().texts(1, security.addCapabilities()).texts(2, security.dropCapabilities()))
                .flag(2, security.privileged())
                .message(
                        3,
                        target.isEmpty()
                                ? namespaces(shared)
                                : namespaces(shared).number(2, TARGET).text(4, target));
        wrapped(context, 5, security.user());
        wrapped(context, 12, security.user().isPresent() ? security.group() : Optional.empty());
        context.flag(7, security.readOnlyRoot()).numbers(8, security.groups()).flag(11, security.noNewPrivileges());
        if (!security.privileged()) {
            context.texts(13, MASKED).texts(14, READ_ONLY);
        }
        // 0 is the runtime's default profile, 1 none.
        return context.message(
                15, new ProtoWriter().number(1, security.seccomp().equals("RuntimeDefault") ? 0 : 1));
    }

    private static void wrapped(ProtoWriter context, int field, Optional<Long> value) {
        value.ifPresent(v -> context.message(field, new ProtoWriter().number(1, v)));
    }

    static Container container(ProtoReader status) throws IOException {
        State[] states = State.values();
        int state = (int) status.number(3);
        return new Container(
                status.text(1),
                status.message(2).text(1),
                (int) status.message(2).number(2),
                state < 0 || state >= states.length ? State.UNKNOWN : states[state],
                status.number(4),
                status.number(5),
                status.number(6),
                (int) status.number(7),
                status.message(8).text(1),
                status.text(9),
                status.text(10),
                status.text(11),
                status.text(15),
                status.map(13).getOrDefault(ContainerRuntime.WANTED_IMAGE, ""));
    }

    static Image image(ProtoReader image) throws IOException {
        return new Image(
                image.text(1),
                image.texts(2),
                image.texts(3),
                image.number(4),
                image.has(5) ? OptionalLong.of(image.message(5).number(1)) : OptionalLong.empty(),
                image.text(6));
    }
}
