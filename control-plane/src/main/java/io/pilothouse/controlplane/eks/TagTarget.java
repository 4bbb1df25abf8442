package io.pilothouse.controlplane.eks;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Something that has tags, found by its ARN. */
record TagTarget(Map<String, String> tags, Consumer<Map<String, String>> change) {
    static TagTarget find(EksContext context, String arn) {
        EksStore store = context.store();
        EksNames names = context.names();
        Stream<TagTarget> clusters = store.clusters().list().stream()
                .filter(c -> names.cluster(c.name()).equals(arn))
                .map(c -> new TagTarget(
                        c.spec().tags(),
                        t -> store.clusters()
                                .update(c.name(), x -> x.with(x.spec().tagged(t)))));
        Stream<TagTarget> nodegroups = store.nodegroups().list().stream()
                .filter(n -> names.nodegroup(n).equals(arn))
                .map(n -> new TagTarget(
                        n.spec().tags(),
                        t -> store.nodegroups()
                                .update(
                                        EksStore.key(n.cluster(), n.name()),
                                        x -> x.with(x.spec().tagged(t), x.modifiedMillis()))));
        Stream<TagTarget> entries = store.entries().list().stream()
                .filter(e -> !e.internal() && names.accessEntry(e).equals(arn))
                .map(e -> new TagTarget(
                        e.tags(),
                        t -> store.entries().update(EksStore.key(e.cluster(), e.principalArn()), x -> x.tagged(t))));
        Optional<TagTarget> found =
                Stream.of(clusters, nodegroups, entries).flatMap(s -> s).findFirst();
        return found.orElseThrow(
                () -> EksException.tagTargetNotFound("The specified resourceArn was not found: " + arn));
    }

    void store(Map<String, String> next) {
        change.accept(next);
    }
}
