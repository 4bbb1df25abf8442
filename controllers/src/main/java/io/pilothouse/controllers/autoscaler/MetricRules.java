package io.pilothouse.controllers.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifier;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricIdentifierBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatusBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricTarget;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricValueStatus;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricValueStatusBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pilothouse.controllers.objects.SelectorText;
import io.pilothouse.machinery.quantity.Quantity.Format;
import io.pilothouse.machinery.selector.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each type of metric calls for. */
record MetricRules(
        Metrics metrics, KubernetesSerialization serialization, ReplicaCalculator calculator, Target target) {
    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";

    /** @throws Proposal.Failure where the metric cannot be had or makes no sense */
    Proposal propose(MetricSpec spec) throws Proposal.Failure {
        return switch (spec.getType()) {
            case "Object" -> object(spec);
            case "Pods" -> pods(spec);
            case "Resource" -> {
                var source = spec.getResource();
                yield resource(
                        source.getName(),
                        "",
                        source.getTarget(),
                        value -> new MetricStatusBuilder()
                                .withType("Resource")
                                .withNewResource()
                                .withName(source.getName())
                                .withCurrent(value)
                                .endResource()
                                .build());
            }
            case "ContainerResource" -> {
                var source = spec.getContainerResource();
                yield resource(
                        source.getName(),
                        source.getContainer(),
                        source.getTarget(),
                        value -> new MetricStatusBuilder()
                                .withType("ContainerResource")
                                .withNewContainerResource()
                                .withName(source.getName())
                                .withContainer(source.getContainer())
                                .withCurrent(value)
                                .endContainerResource()
                                .build());
            }
            case "External" -> external(spec);
            default -> {
                String why = "unknown metric source type \"" + spec.getType() + "\"";
                throw new Proposal.Failure("InvalidMetricSourceType", why, why);
            }
        };
    }

    @FunctionalInterface
    private interface Status {
        MetricStatus of(MetricValueStatus value);
    }

    private Proposal resource(String resource, String container, MetricTarget wanted, Status status)
            throws Proposal.Failure {
        boolean ofContainer = !container.isEmpty();
        try {
            return resourceOf(resource, container, wanted, status);
        } catch (MetricException e) {
            throw new Proposal.Failure(
                    ofContainer ? "FailedGetContainerResourceMetric" : "FailedGetResourceMetric",
                    e.words(),
                    "failed to get " + (ofContainer ? container + " container" : resource + " resource")
                            + " metric value: " + e.words());
        }
    }

    private Proposal resourceOf(String resource, String container, MetricTarget wanted, Status status)
            throws MetricException {
        boolean cpu = resource.equals(CPU);
        int current = target.specReplicas();
        if (wanted.getAverageValue() != null) {
            try {
                var samples = samples(resource, container);
                var found = calculator.average(current, milli(wanted.getAverageValue()), cpu, samples);
                var value = new MetricValueStatusBuilder()
                        .withAverageValue(quantity(found.usage(), resource))
                        .build();
                return new Proposal(found.replicas(), resource + " resource", status.of(value));
            } catch (MetricException e) {
                throw e.at("failed to get " + resource + " usage");
            }
        }
        if (wanted.getAverageUtilization() == null) {
            throw new MetricException("invalid resource metric source: neither an average utilization target nor an"
                    + " average value (usage) target was set");
        }
        try {
            var samples = samples(resource, container);
            var requests = new PodRequests(serialization);
            var found = calculator.utilization(
                    current,
                    wanted.getAverageUtilization(),
                    cpu,
                    samples,
                    () -> requests.of(calculator.pods(), container, resource));
            var value = new MetricValueStatusBuilder()
                    .withAverageUtilization(found.utilization())
                    .withAverageValue(quantity(found.usage(), resource))
                    .build();
            return new Proposal(
                    found.replicas(),
                    resource + (container.isEmpty() ? "" : " container")
                            + " resource utilization (percentage of request)",
                    status.of(value));
        } catch (MetricException e) {
            throw e.at("failed to get " + resource + " utilization");
        }
    }

    private java.util.Map<String, Sample> samples(String resource, String container) throws MetricException {
        try {
            return metrics.resource(target.namespace(), resource, target.selector(), container);
        } catch (MetricException e) {
            throw e.at("unable to get metrics for resource " + resource);
        }
    }

    private Proposal pods(MetricSpec spec) throws Proposal.Failure {
        var metric = spec.getPods().getMetric();
        try {
            java.util.Map<String, Sample> samples;
            try {
                samples = metrics.pods(target.namespace(), metric.getName(), target.selector(), selector(metric));
            } catch (MetricException e) {
                throw e.at("unable to get metric " + metric.getName());
            }
            var wanted = spec.getPods().getTarget().getAverageValue();
            var found = calculator.average(target.specReplicas(), milli(wanted), false, samples);
            return new Proposal(
                    found.replicas(),
                    "pods metric " + metric.getName(),
                    new MetricStatusBuilder()
                            .withType("Pods")
                            .withNewPods()
                            .withMetric(identifier(metric))
                            .withCurrent(average(found.usage()))
                            .endPods()
                            .build());
        } catch (MetricException e) {
            throw new Proposal.Failure(
                    "FailedGetPodsMetric", e.words(), "failed to get pods metric value: " + e.words());
        }
    }

    private Proposal object(MetricSpec spec) throws Proposal.Failure {
        var source = spec.getObject();
        var metric = source.getMetric();
        var wanted = source.getTarget();
        boolean byValue = "Value".equals(wanted.getType()) && wanted.getValue() != null;
        boolean shared = "AverageValue".equals(wanted.getType()) && wanted.getAverageValue() != null;
        String before = "";
        try {
            if (!byValue && !shared) {
                throw new MetricException(
                        "invalid object metric source: neither a value target nor an average value target was set");
            }
            before = shared ? "failed to get " + metric.getName() + " object metric: " : "";
            long usage = objectUsage(spec);
            var found = byValue
                    ? calculator.value(target.specReplicas(), milli(wanted.getValue()), usage)
                    : calculator.share(target.statusReplicas(), milli(wanted.getAverageValue()), usage);
            return new Proposal(
                    found.replicas(),
                    byValue
                            ? source.getDescribedObject().getKind() + " metric " + metric.getName()
                            : externalName(metric),
                    new MetricStatusBuilder()
                            .withType("Object")
                            .withNewObject()
                            .withDescribedObject(source.getDescribedObject())
                            .withMetric(identifier(metric))
                            .withCurrent(byValue ? value(found.usage()) : average(found.usage()))
                            .endObject()
                            .build());
        } catch (MetricException e) {
            throw new Proposal.Failure(
                    "FailedGetObjectMetric", e.words(), "failed to get object metric value: " + before + e.words());
        }
    }

    private long objectUsage(MetricSpec spec) throws MetricException {
        var object = spec.getObject().getDescribedObject();
        var metric = spec.getObject().getMetric();
        try {
            return metrics.object(target.namespace(), object, metric.getName(), selector(metric));
        } catch (MetricException e) {
            // Upstream's text has its parts in this order.
            throw new MetricException("unable to get metric " + metric.getName() + ": " + object.getKind() + " on "
                    + target.namespace() + " " + object.getName() + "/" + e.words());
        }
    }

    private Proposal external(MetricSpec spec) throws Proposal.Failure {
        var metric = spec.getExternal().getMetric();
        var wanted = spec.getExternal().getTarget();
        String before = "";
        try {
            if (wanted.getAverageValue() == null && wanted.getValue() == null) {
                throw new MetricException(
                        "invalid external metric source: neither a value target nor an average value target was set");
            }
            boolean shared = wanted.getAverageValue() != null;
            before = shared
                    ? "failed to get " + metric.getName() + " external metric: "
                    : "failed to get external metric " + metric.getName() + ": ";
            long usage = sum(externalValues(metric));
            var found = shared
                    ? calculator.share(target.statusReplicas(), milli(wanted.getAverageValue()), usage)
                    : calculator.value(target.specReplicas(), milli(wanted.getValue()), usage);
            return new Proposal(
                    found.replicas(),
                    externalName(metric),
                    new MetricStatusBuilder()
                            .withType("External")
                            .withNewExternal()
                            .withMetric(identifier(metric))
                            .withCurrent(shared ? average(found.usage()) : value(found.usage()))
                            .endExternal()
                            .build());
        } catch (MetricException e) {
            throw new Proposal.Failure(
                    "FailedGetExternalMetric",
                    e.words(),
                    "failed to get " + metric.getName() + " external metric value: " + before + e.words());
        }
    }

    private List<Long> externalValues(MetricIdentifier metric) throws MetricException {
        try {
            return metrics.external(target.namespace(), metric.getName(), selector(metric));
        } catch (MetricException e) {
            throw e.at("unable to get external metric " + target.namespace() + "/" + metric.getName() + "/"
                    + SelectorText.of(metric.getSelector()));
        }
    }

    private static long sum(List<Long> values) {
        long sum = 0;
        for (long value : values) {
            if (value > 0 && sum > Long.MAX_VALUE - value) {
                return Long.MAX_VALUE;
            }
            sum += value;
        }
        return sum;
    }

    private static String externalName(MetricIdentifier metric) {
        return "external metric " + metric.getName() + "(" + SelectorText.of(metric.getSelector()) + ")";
    }

    private String selector(MetricIdentifier metric) {
        return metric.getSelector() == null
                ? ""
                : LabelSelector.fromNode(serialization.convertValue(metric.getSelector(), JsonNode.class))
                        .toString();
    }

    private static MetricIdentifier identifier(MetricIdentifier metric) {
        return new MetricIdentifierBuilder(metric).build();
    }

    private static MetricValueStatus average(long milli) {
        return new MetricValueStatusBuilder()
                .withAverageValue(quantity(milli, null))
                .build();
    }

    private static MetricValueStatus value(long milli) {
        return new MetricValueStatusBuilder().withValue(quantity(milli, null)).build();
    }

    private static long milli(Quantity quantity) {
        return io.pilothouse.machinery.quantity.Quantity.parse(quantity.toString())
                .toMilli();
    }

    /** As metrics servers write it: memory in powers of two. */
    private static Quantity quantity(long milli, @Nullable String resource) {
        var amount = io.pilothouse.machinery.quantity.Quantity.ofMilli(milli);
        return Quantity.parse((MEMORY.equals(resource) ? amount.in(Format.BINARY_SI) : amount).toString());
    }
}
