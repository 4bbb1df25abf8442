package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.pod.NewPod;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodStatus;
import io.pilothouse.apiserver.kinds.pod.PodValidation;
import io.pilothouse.apiserver.kinds.pod.PodWarnings;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 Pod. */
public final class Pods {
    private static final long DEFAULT_GRACE_SECONDS = 30;
    private static final List<String> STREAM_VERBS = List.of("create", "get");
    private static final List<String> PROXY_VERBS = List.of("create", "delete", "get", "patch", "update");

    private Pods() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "pods", "pod", "Pod")
                .version("v1", schemas)
                .shortNames("po")
                .categories("all")
                .returnsDeletedObject()
                .generation("spec")
                .resetFields("status", "spec", "metadata.deletionTimestamp", "metadata.ownerReferences")
                .strategy(new Rules())
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new PodViews.Status()))
                .subresource(new Subresource.View(
                        "ephemeralcontainers", List.of("get", "patch", "update"), new PodViews.EphemeralContainers()))
                .subresource(new Subresource.View("resize", List.of("get", "patch", "update"), new PodViews.Resize()))
                .subresource(new Subresource.Action("binding", new GroupVersionKind("", "v1", "Binding")))
                .subresource(new Subresource.Action("eviction", new GroupVersionKind("policy", "v1", "Eviction")))
                .subresource(stream("attach", "PodAttachOptions"))
                .subresource(stream("exec", "PodExecOptions"))
                .subresource(stream("portforward", "PodPortForwardOptions"))
                .subresource(new Subresource.Connection(
                        "log", new GroupVersionKind("", "v1", "PodLogOptions"), List.of("get")))
                .subresource(new Subresource.Connection(
                        "proxy", new GroupVersionKind("", "v1", "PodProxyOptions"), PROXY_VERBS))
                .selectable("spec.nodeName", o -> text(o, "spec", "nodeName"))
                // What old clients call it.
                .selectable("spec.host", o -> text(o, "spec", "nodeName"))
                .selectable("spec.restartPolicy", o -> text(o, "spec", "restartPolicy"))
                .selectable("spec.schedulerName", o -> text(o, "spec", "schedulerName"))
                .selectable("spec.serviceAccountName", o -> text(o, "spec", "serviceAccountName"))
                .selectable(
                        "spec.hostNetwork",
                        o -> Boolean.toString(o.path("spec").path("hostNetwork").asBoolean()))
                .selectable("status.phase", o -> text(o, "status", "phase"))
                .selectable("status.podIP", o -> text(o, "status", "podIP"))
                .selectable("status.podIPs", o -> text(o, "status", "podIP"))
                .selectable("status.nominatedNodeName", o -> text(o, "status", "nominatedNodeName"))
                .columns(PodColumns.all())
                .rowConditions(PodColumns::conditions)
                .build();
    }

    private static Subresource stream(String name, String options) {
        return new Subresource.Connection(name, new GroupVersionKind("", "v1", options), STREAM_VERBS);
    }

    private static String text(ObjectNode object, String part, String field) {
        return object.path(part).path(field).asText("");
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            PodDefaults.pod(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            NewPod.prepare(object, context.now());
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PodValidation.create(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            PodStatus.dropDisabled(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PodValidation.update(object, old);
        }

        @Override
        public boolean deletesGracefully() {
            return true;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return old == null ? PodWarnings.ofPod(object) : List.of();
        }

        @Override
        public long gracePeriodSeconds(ObjectNode object, @Nullable Long requested) {
            long period = requested != null
                    ? requested
                    : object.path("spec").path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS);
            boolean nobodyToFinish = text(object, "spec", "nodeName").isEmpty()
                    || text(object, "status", "phase").equals("Failed")
                    || text(object, "status", "phase").equals("Succeeded");
            if (nobodyToFinish) {
                return 0;
            }
            return period < 0 ? 1 : period;
        }
    }
}
