package io.pilothouse.controllers.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.pilothouse.controllers.pods.PodControl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pods that a job asks for. */
final class NewPods {
    private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

    /** What the server leaves of a name to generate from, before its five random characters. */
    private static final int LONGEST_PREFIX = 58;

    private NewPods() {}

    /** One without an index. */
    static Pod plain(Job job) {
        Pod pod = PodControl.of(job.getSpec().getTemplate(), job);
        return JobPods.isTracked(pod)
                ? pod
                : new PodBuilder(pod)
                        .editMetadata()
                        .addToFinalizers(JobPods.FINALIZER)
                        .endMetadata()
                        .build();
    }

    /**
     * One with an index.
     *
     * @param replaced the failed pod whose count of failures it takes over
     */
    static Pod indexed(Job job, int index, @Nullable Pod replaced) {
        Pod pod = plain(job);
        String text = Integer.toString(index);
        String name = job.getMetadata().getName();
        var made = new PodBuilder(pod)
                .editMetadata()
                .withGenerateName(prefix(name, "-" + index + "-"))
                .addToAnnotations(JobPods.INDEX, text)
                .addToLabels(JobPods.INDEX, text)
                .endMetadata()
                .editSpec()
                .withHostname(name + "-" + index)
                .withInitContainers(withIndex(pod.getSpec().getInitContainers()))
                .withContainers(withIndex(pod.getSpec().getContainers()))
                .endSpec();
        if (JobSpecs.limitsIndexes(job)) {
            countFailures(made, job, replaced);
        }
        return made.build();
    }

    private static void countFailures(PodBuilder made, Job job, @Nullable Pod replaced) {
        int failures = 0;
        int ignored = 0;
        if (replaced != null) {
            boolean counts = FailureVerdict.of(job, replaced).counts();
            failures = JobPods.failures(replaced) + (counts ? 1 : 0);
            ignored = JobPods.ignoredFailures(replaced) + (counts ? 0 : 1);
        }
        made.editMetadata()
                .addToAnnotations(JobPods.FAILURES, Integer.toString(failures))
                .endMetadata();
        if (ignored > 0) {
            made.editMetadata()
                    .addToAnnotations(JobPods.IGNORED_FAILURES, Integer.toString(ignored))
                    .endMetadata();
        }
    }

    private static String prefix(String name, String suffix) {
        return name.substring(0, Math.min(name.length(), LONGEST_PREFIX - suffix.length())) + suffix;
    }

    private static List<Container> withIndex(List<Container> containers) {
        return containers.stream()
                .map(container ->
                        container.getEnv().stream().anyMatch(variable -> INDEX_VARIABLE.equals(variable.getName()))
                                ? container
                                : container
                                        .edit()
                                        .addToEnv(new EnvVarBuilder()
                                                .withName(INDEX_VARIABLE)
                                                .withNewValueFrom()
                                                .withNewFieldRef()
                                                .withFieldPath("metadata.labels['" + JobPods.INDEX + "']")
                                                .endFieldRef()
                                                .endValueFrom()
                                                .build())
                                        .build())
                .toList();
    }
}
