package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Creates, changes and deletes objects of its own in every way there is, and patches some that it shares with the other writers. Each write has a number. Where an answer
 * is lost it looks at what became of the object.
 */
final class Writer implements Runnable {
    static final List<String> NAMESPACES = List.of("churn-0", "churn-1", "churn-2");
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int NAMES = 3;
    private static final List<String> COLORS = List.of("red", "blue", "green");
    private static final List<String> PHASES = List.of("Pending", "Running", "Succeeded");

    private final int id;
    private final Api api;
    private final Acknowledgements acknowledgements;
    private final Findings findings;
    private final int pauseMillis;
    private final Random random;
    private final Map<Place, ObjectNode> present = new HashMap<>();
    private long numbers;
    private volatile boolean ended;

    private record Place(Kind kind, String namespace, String name) {
        String path() {
            return kind.path(namespace) + "/" + name;
        }
    }

    Writer(int id, Api api, Acknowledgements acknowledgements, Findings findings, int pauseMillis) {
        this.id = id;
        this.api = api;
        this.acknowledgements = acknowledgements;
        this.findings = findings;
        this.pauseMillis = pauseMillis;
        this.random = new Random(id);
    }

    void end() {
        ended = true;
    }

    @Override
    public void run() {
        while (!ended) {
            try {
                step();
                Thread.sleep(random.nextInt(pauseMillis, 2 * pauseMillis));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | IOException e) {
                findings.add("writer " + id, "failed: " + e);
                return;
            }
        }
    }

    private void step() throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        var kind = KINDS.get(random.nextInt(KINDS.size()));
        var namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
        if (dice < 10) {
            share(kind);
            return;
        }
        if (dice < 12) {
            deleteAll(kind, namespace);
            return;
        }
        var place = new Place(kind, namespace, "w" + id + "-" + random.nextInt(NAMES));
        var object = present.get(place);
        if (object == null) {
            create(place);
        } else if (object.path("metadata").has("deletionTimestamp")) {
            finish(place);
        } else if (dice < 50) {
            update(place, object);
        } else if (dice < 65) {
            patch(place, place.path());
        } else if (dice < 80 && kind == Kind.PODS) {
            patch(place, place.path() + "/status");
        } else if (dice < 90) {
            patch(place, place.path());
        } else {
            delete(place, object);
        }
    }

    private String number() {
        return id + "-" + ++numbers;
    }

    private void mark(ObjectNode metadata, String number) {
        metadata.withObject("/annotations").put(Acknowledgements.NUMBER, number);
        metadata.withObject("/labels").put("writer", "w" + id).put("color", COLORS.get(random.nextInt(COLORS.size())));
    }

    private void create(Place place) throws IOException, InterruptedException {
        var number = number();
        var object = place.kind().object(place.namespace(), place.name(), number);
        var metadata = (ObjectNode) object.get("metadata");
        mark(metadata, number);
        if (random.nextInt(5) == 0) {
            metadata.putArray("finalizers").add("churn.pilothouse.io/wait");
        }
        write("POST", place, place.kind().path(place.namespace()), object, number);
    }

    private void update(Place place, ObjectNode object) throws IOException, InterruptedException {
        var number = number();
        mark((ObjectNode) object.get("metadata"), number);
        write("PUT", place, place.path(), object, number);
    }

    private void patch(Place place, String path) throws IOException, InterruptedException {
        var number = number();
        var patch = Api.JSON.createObjectNode();
        mark(patch.putObject("metadata"), number);
        if (path.endsWith("/status")) {
            patch.putObject("status").put("phase", PHASES.get(random.nextInt(PHASES.size())));
        }
        write("PATCH", place, path, patch, number);
    }

    private void write(String method, Place place, String path, ObjectNode body, String number)
            throws IOException, InterruptedException {
        var answer = tryCall(method, path, Optional.of(body));
        if (answer.isEmpty()) {
            acknowledgements.doubtful(number);
            look(place);
        } else {
            taken(place, answer.get());
        }
    }

    private void taken(Place place, JsonNode object) {
        acknowledgements.written(place.kind(), object);
        present.put(place, (ObjectNode) object);
    }

    private void delete(Place place, ObjectNode object) throws IOException, InterruptedException {
        boolean waits = !object.path("metadata").path("finalizers").isEmpty();
        var answer = tryCall("DELETE", place.path() + "?gracePeriodSeconds=0", Optional.empty());
        if (answer.isEmpty()) {
            acknowledgements.doubtfulDeletions(1);
            look(place);
        } else if (waits) {
            taken(place, answer.get());
        } else {
            acknowledgements.deleted(1);
            present.remove(place);
        }
    }

    /** Takes away the finalizer of what is being deleted, which ends it. */
    private void finish(Place place) throws IOException, InterruptedException {
        var patch = Api.JSON.createObjectNode();
        patch.putObject("metadata").putNull("finalizers");
        var answer = tryCall("PATCH", place.path(), Optional.of(patch));
        if (answer.isEmpty()) {
            acknowledgements.doubtfulDeletions(1);
            look(place);
        } else {
            acknowledgements.deleted(1);
            present.remove(place);
        }
    }

    private void deleteAll(Kind kind, String namespace) throws IOException, InterruptedException {
        var mine = new ArrayList<Place>();
        present.forEach((place, object) -> {
            if (place.kind() == kind && place.namespace().equals(namespace)) {
                mine.add(place);
            }
        });
        if (mine.stream().anyMatch(place -> present.get(place).at("/metadata").has("finalizers"))) {
            return;
        }
        var path = kind.path(namespace) + "?gracePeriodSeconds=0&labelSelector=writer%3Dw" + id;
        var answer = tryCall("DELETE", path, Optional.empty());
        if (answer.isEmpty()) {
            acknowledgements.doubtfulDeletions(mine.size());
            for (Place place : mine) {
                look(place);
            }
            return;
        }
        int gone = answer.get().path("items").size();
        if (gone != mine.size()) {
            findings.add("writer " + id, path + " deleted " + gone + " of " + mine.size());
        }
        acknowledgements.deleted(mine.size());
        mine.forEach(present::remove);
    }

    /** Patches an object that all writers patch, perhaps at the same moment. */
    private void share(Kind kind) throws IOException, InterruptedException {
        var number = number();
        var patch = Api.JSON.createObjectNode();
        patch.putObject("metadata").putObject("annotations").put(Acknowledgements.NUMBER, number);
        var path = kind.path(NAMESPACES.getFirst()) + "/shared";
        tryCall("PATCH", path, Optional.of(patch))
                .ifPresentOrElse(
                        object -> acknowledgements.written(kind, object), () -> acknowledgements.doubtful(number));
    }

    /** Learns what became of an object after an answer was lost; waits until the server is back. */
    private void look(Place place) throws IOException, InterruptedException {
        while (true) {
            try {
                var answer = api.call("GET", place.path(), Optional.empty());
                if (answer.succeeded()) {
                    present.put(place, (ObjectNode) answer.body());
                    return;
                }
                if (answer.code() == 404) {
                    present.remove(place);
                    return;
                }
            } catch (IOException notYet) {
                // The server is not back yet.
            }
            Thread.sleep(200);
        }
    }

    /** Empty where it can't be known what became of a request. */
    private Optional<JsonNode> tryCall(String method, String path, Optional<JsonNode> body) throws IOException {
        Api.Answer answer;
        try {
            answer = api.call(method, path, body);
        } catch (IOException lost) {
            return Optional.empty();
        }
        if (answer.succeeded()) {
            return Optional.of(answer.body());
        }
        if (answer.code() != 429 && answer.code() < 500) {
            findings.add("writer " + id, method + " " + path + " was answered " + answer.body());
        }
        return Optional.empty();
    }
}
