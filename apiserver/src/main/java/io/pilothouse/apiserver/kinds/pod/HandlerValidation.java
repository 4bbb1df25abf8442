package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.TextFormat;
import java.util.List;
import java.util.function.Consumer;

/** Probes of containers and what runs when they start and stop. */
final class HandlerValidation {
    private static final List<String> LINUX_SIGNALS = List.of(
            "SIGABRT",
            "SIGALRM",
            "SIGBUS",
            "SIGCHLD",
            "SIGCLD",
            "SIGCONT",
            "SIGFPE",
            "SIGHUP",
            "SIGILL",
            "SIGINT",
            "SIGIO",
            "SIGIOT",
            "SIGKILL",
            "SIGPIPE",
            "SIGPOLL",
            "SIGPROF",
            "SIGPWR",
            "SIGQUIT",
            "SIGRTMAX",
            "SIGRTMAX-1",
            "SIGRTMAX-10",
            "SIGRTMAX-11",
            "SIGRTMAX-12",
            "SIGRTMAX-13",
            "SIGRTMAX-14",
            "SIGRTMAX-2",
            "SIGRTMAX-3",
            "SIGRTMAX-4",
            "SIGRTMAX-5",
            "SIGRTMAX-6",
            "SIGRTMAX-7",
            "SIGRTMAX-8",
            "SIGRTMAX-9",
            "SIGRTMIN",
            "SIGRTMIN+1",
            "SIGRTMIN+10",
            "SIGRTMIN+11",
            "SIGRTMIN+12",
            "SIGRTMIN+13",
            "SIGRTMIN+14",
            "SIGRTMIN+15",
            "SIGRTMIN+2",
            "SIGRTMIN+3",
            "SIGRTMIN+4",
            "SIGRTMIN+5",
            "SIGRTMIN+6",
            "SIGRTMIN+7",
            "SIGRTMIN+8",
            "SIGRTMIN+9",
            "SIGSEGV",
            "SIGSTKFLT",
            "SIGSTOP",
            "SIGSYS",
            "SIGTERM",
            "SIGTRAP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGUSR1",
            "SIGUSR2",
            "SIGVTALRM",
            "SIGWINCH",
            "SIGXCPU",
            "SIGXFSZ");
    private static final List<String> WINDOWS_SIGNALS = List.of("SIGKILL", "SIGTERM");

    private HandlerValidation() {}

    static void probes(Field container, PodScope scope) {
        container.child("livenessProbe").ifPresent(probe -> {
            probe(probe, scope);
            mustSucceedOnce(probe);
        });
        container.child("readinessProbe").ifPresent(probe -> {
            probe(probe, scope);
            if (probe.child("terminationGracePeriodSeconds").present()) {
                probe.child("terminationGracePeriodSeconds").invalid("must not be set for readinessProbes");
            }
        });
        container.child("startupProbe").ifPresent(probe -> {
            probe(probe, scope);
            mustSucceedOnce(probe);
        });
    }

    private static void mustSucceedOnce(Field probe) {
        var threshold = probe.child("successThreshold");
        if (threshold.number() != 1) {
            threshold.invalid(threshold.number(), "must be 1");
        }
    }

    private static void probe(Field probe, PodScope scope) {
        handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"), scope);
        for (String field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            probe.child(field).notNegative();
        }
        var grace = probe.child("terminationGracePeriodSeconds");
        if (grace.present() && grace.number() <= 0) {
            grace.invalid("must be greater than 0");
        }
    }

    static void lifecycle(Field lifecycle, PodScope scope) {
        for (String hook : List.of("postStart", "preStop")) {
            lifecycle.child(hook).ifPresent(h -> handler(h, List.of("exec", "httpGet", "tcpSocket", "sleep"), scope));
        }
        lifecycle.child("stopSignal").ifPresent(signal -> stopSignal(signal, scope.os()));
    }

    private static void stopSignal(Field signal, String os) {
        if (os.isEmpty()) {
            signal.forbidden("may not be set for containers with empty `spec.os.name`");
        } else if (os.equals("windows") && !WINDOWS_SIGNALS.contains(signal.text())) {
            signal.notSupported(WINDOWS_SIGNALS);
        } else if (os.equals("linux") && !LINUX_SIGNALS.contains(signal.text())) {
            signal.notSupported(LINUX_SIGNALS);
        }
    }

    private static void handler(Field handler, List<String> kinds, PodScope scope) {
        boolean found = false;
        for (String kind : kinds) {
            var action = handler.child(kind);
            if (!action.present()) {
                continue;
            }
            if (found) {
                action.forbidden("may not specify more than 1 handler type");
            } else {
                found = true;
                check(kind, scope).accept(action);
            }
        }
        if (!found) {
            handler.required("must specify a handler type");
        }
    }

    private static Consumer<Field> check(String kind, PodScope scope) {
        return switch (kind) {
            case "exec" -> action -> action.child("command").mustExist();
            case "httpGet" -> HandlerValidation::httpGet;
            case "sleep" -> action -> sleep(action, scope);
            default -> action -> PortValidation.numberOrName(action.child("port"));
        };
    }

    private static void httpGet(Field get) {
        get.child("path").mustExist();
        PortValidation.numberOrName(get.child("port"));
        get.child("scheme").oneOf("HTTP", "HTTPS");
        // Upstream names the list, not the header.
        get.child("httpHeaders")
                .each(header -> header.child("name")
                        .placedAt(get.child("httpHeaders").path())
                        .matches(TextFormat::headerName));
    }

    private static void sleep(Field sleep, PodScope scope) {
        long seconds = sleep.child("seconds").number();
        if (scope.hasGracePeriod() && (seconds < 0 || seconds > scope.gracePeriod())) {
            sleep.invalid(
                    seconds,
                    "must be non-negative and less than terminationGracePeriodSeconds (" + scope.gracePeriod() + ")");
        }
    }
}
