package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import java.util.List;
import java.util.Map;

/** Where metrics come from. Values are thousandths; selectors are in their text form, empty where there is none. */
interface Metrics {
    /** Of each pod what it, or one of its containers, uses of a resource; pods of which not all is known are left out. */
    Map<String, Sample> resource(String namespace, String resource, String selector, String container)
            throws MetricException;

    /** Of each pod the value of a metric. */
    Map<String, Sample> pods(String namespace, String metric, String selector, String metricSelector)
            throws MetricException;

    /** The value of an object's metric. */
    long object(String namespace, CrossVersionObjectReference object, String metric, String metricSelector)
            throws MetricException;

    /** The values of a metric that belongs to no object. */
    List<Long> external(String namespace, String metric, String metricSelector) throws MetricException;
}
