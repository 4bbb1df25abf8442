package io.pilothouse.controllers.events;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Patches;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 events in the background. The same event again counts up the one that was written. At most 1000 wait; more are dropped, since
 * events are hints. Safe for use by many threads.
 */
public final class EventRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int WAITING = 1000;
    private static final int REMEMBERED = 4096;

    private record Said(ObjectReference about, String type, String reason, String message) {}

    private record Written(String namespace, String name, int count) {}

    private final KubernetesClient client;
    private final String component;
    private final Clock clock;
    private final BlockingQueue<Said> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Map<Said, Written> written = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Said, Written> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Thread writer;

    /** Starts a recorder that signs as {@code component}. */
    public EventRecorder(KubernetesClient client, String component, Clock clock) {
        this.client = client;
        this.component = component;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("events-" + component).start(this::write);
    }

    /** Says that something went as it should. */
    public void normal(HasMetadata about, String reason, String message) {
        say(about, "Normal", reason, message);
    }

    /** Says that something went wrong. */
    public void warning(HasMetadata about, String reason, String message) {
        say(about, "Warning", reason, message);
    }

    private void say(HasMetadata about, String type, String reason, String message) {
        var reference = new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .build();
        String bounded = message.length() > 1024 ? message.substring(0, 1021) + "..." : message;
        if (!waiting.offer(new Said(reference, type, reason, bounded))) {
            LOG.atDebug().addKeyValue("reason", reason).log("event dropped");
        }
    }

    private void write() {
        try {
            while (true) {
                Said said = waiting.take();
                try {
                    write(said);
                } catch (KubernetesClientException e) {
                    LOG.atDebug().addKeyValue("reason", said.reason).log("event not written: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Said said) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Written before = written.get(said);
        if (before != null) {
            try {
                int count = before.count + 1;
                Patches.merge(
                        client,
                        Patches.path(before.namespace, "events", before.name),
                        "{\"count\":" + count + ",\"lastTimestamp\":\"" + now + "\"}");
                written.put(said, new Written(before.namespace, before.name, count));
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != 404) {
                    throw e;
                }
            }
        }
        String namespace = said.about.getNamespace() == null ? "default" : said.about.getNamespace();
        String name = said.about.getName() + "."
                + Long.toHexString(clock.millis() * 1_000_000 + Math.floorMod(System.nanoTime(), 1_000_000));
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withInvolvedObject(said.about)
                .withType(said.type)
                .withReason(said.reason)
                .withMessage(said.message)
                .withNewSource()
                .withComponent(component)
                .endSource()
                .withReportingComponent(component)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
        client.v1().events().inNamespace(namespace).resource(event).create();
        written.put(said, new Written(namespace, name, 1));
    }

    /** Stops writing; what waits is dropped. */
    @Override
    public void close() {
        writer.interrupt();
    }
}
