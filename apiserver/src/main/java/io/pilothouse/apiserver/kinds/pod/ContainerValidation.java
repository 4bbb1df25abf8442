package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Containers of every kind: what they have in common, and what only regular, init or ephemeral ones may say. */
final class ContainerValidation {
    private static final String NOT_EPHEMERAL = "cannot be set for an Ephemeral Container";
    private static final String ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always";
    /** What an ephemeral container may not say, in the order of upstream's fields. */
    private static final List<String> NOT_IN_EPHEMERAL = List.of(
            "ports",
            "resources",
            "resizePolicy",
            "restartPolicy",
            "restartPolicyRules",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle");

    private ContainerValidation() {}

    static void regular(Field containers, PodScope scope) {
        if (!containers.mustExist()) {
            return;
        }
        var names = new HashSet<String>();
        containers.each(container -> {
            common(container, scope);
            unique(container, names);
            container.child("lifecycle").ifPresent(l -> HandlerValidation.lifecycle(l, scope));
            HandlerValidation.probes(container, scope);
            RestartValidation.container(container);
        });
        PortValidation.hostPorts(containers.items(), new HashSet<>());
    }

    private static void unique(Field container, Set<String> names) {
        var name = container.child("name");
        if (!names.add(name.text())) {
            name.duplicate();
        }
    }

    static void init(Field containers, PodScope scope) {
        var names = new HashSet<String>();
        scope.spec().path("containers").forEach(c -> names.add(c.path("name").asText("")));
        for (var container : containers.items()) {
            common(container, scope);
            RestartValidation.initContainer(container);
            var name = container.child("name");
            if (names.contains(name.text())) {
                name.duplicate();
            } else if (!name.isEmpty()) {
                names.add(name.text());
            }
            // Upstream counts each init container as the first of its list here.
            PortValidation.hostPorts(
                    List.of(container.placedAt(containers.path().index(0))), new HashSet<>());
            boolean sidecar = Containers.isSidecar(container.value());
            if (sidecar) {
                container.child("lifecycle").ifPresent(l -> HandlerValidation.lifecycle(l, scope));
                HandlerValidation.probes(container, scope);
            } else {
                for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                    container.child(field).ifPresent(f -> f.forbidden(ONLY_SIDECARS));
                }
            }
            if (!sidecar && !scope.rules().allows(Allowance.RESTARTS_OF_INIT_CONTAINERS)) {
                RestartValidation.noRestartOnResize(container);
            }
        }
    }

    static void ephemeral(Field containers, PodScope scope) {
        var others = new HashSet<String>();
        scope.spec().path("containers").forEach(c -> others.add(c.path("name").asText("")));
        scope.spec()
                .path("initContainers")
                .forEach(c -> others.add(c.path("name").asText("")));
        var names = new HashSet<>(others);
        containers.each(container -> {
            common(container, scope);
            image(container);
            unique(container, names);
            var target = container.child("targetContainerName");
            if (!target.isEmpty() && !others.contains(target.text())) {
                target.notFound();
            }
            for (String field : NOT_IN_EPHEMERAL) {
                if (!container.child(field).isEmpty()) {
                    container.child(field).forbidden(NOT_EPHEMERAL);
                }
            }
            container.child("volumeMounts").each(mount -> {
                for (String field : List.of("subPath", "subPathExpr")) {
                    if (!mount.child(field).isEmpty()) {
                        mount.child(field).forbidden(NOT_EPHEMERAL);
                    }
                }
            });
        });
    }

    private static void common(Field container, PodScope scope) {
        if (container.child("name").mustExist()) {
            container.child("name").matches(LabelFormat::label);
        }
        container.child("image").mustExist();
        container.child("terminationMessagePolicy").requiredOneOf("File", "FallbackToLogsOnError");
        PortValidation.ports(container.child("ports"));
        EnvironmentValidation.variables(container.child("env"));
        EnvironmentValidation.sources(container.child("envFrom"));
        MountValidation.mounts(container, scope.volumes());
        MountValidation.devices(container, scope.volumes());
        pullPolicy(container.child("imagePullPolicy"));
        ResourceRules.container(container.child("resources"), scope.claims(), scope.rules());
        RestartValidation.resizePolicies(container.child("resizePolicy"), scope.neverRestarts());
        SecurityValidation.container(container.child("securityContext"), scope.hostUsers());
    }

    static void pullPolicy(Field policy) {
        policy.requiredOneOf("Always", "IfNotPresent", "Never");
    }

    /** In a pod, though not in a template, an image's name has no spaces around it. */
    static void image(Field container) {
        var image = container.child("image");
        String text = image.text();
        if (!text.strip().equals(text)) {
            image.add(FieldError.invalid(image.path(), text, "must not have leading or trailing whitespace"));
        }
    }
}
