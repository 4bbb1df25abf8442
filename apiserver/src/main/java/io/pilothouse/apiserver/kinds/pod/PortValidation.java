package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.TextFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The ports of containers, and what names a port elsewhere. */
final class PortValidation {
    private PortValidation() {}

    static void ports(Field ports) {
        var names = new HashSet<String>();
        ports.each(port -> {
            var name = port.child("name");
            if (!name.isEmpty() && name.matches(TextFormat::portName) && !names.add(name.text())) {
                name.duplicate();
            }
            if (port.child("containerPort").mustExist()) {
                port.child("containerPort").hasNumber(TextFormat::portNumber);
            }
            if (!port.child("hostPort").isEmpty()) {
                port.child("hostPort").hasNumber(TextFormat::portNumber);
            }
            port.child("protocol").requiredOneOf("SCTP", "TCP", "UDP");
        });
    }

    /** No two containers take the same port of the host. */
    static void hostPorts(List<Field> containers, Set<String> taken) {
        for (var container : containers) {
            container.child("ports").each(port -> {
                var hostPort = port.child("hostPort");
                if (!hostPort.isEmpty()) {
                    String key = port.child("protocol").text() + "/"
                            + port.child("hostIP").text() + "/" + hostPort.number();
                    if (!taken.add(key)) {
                        hostPort.duplicate(key);
                    }
                }
            });
        }
    }

    /** In the host's network a port is the same inside and outside. */
    static void hostNetwork(Field spec, boolean isPod) {
        if (!spec.child("hostNetwork").isTrue()) {
            return;
        }
        spec.child("containers")
                .each(container -> container.child("ports").each(port -> {
                    long outside = port.child("hostPort").number();
                    if ((isPod || outside != 0)
                            && outside != port.child("containerPort").number()) {
                        port.child("hostPort")
                                .invalid(outside, "must match `containerPort` when `hostNetwork` is true");
                    }
                }));
    }

    /** A port by number or by name. */
    static void numberOrName(Field port) {
        if (port.value().isTextual()) {
            port.matches(TextFormat::portName);
        } else {
            port.hasNumber(TextFormat::portNumber);
        }
    }
}
