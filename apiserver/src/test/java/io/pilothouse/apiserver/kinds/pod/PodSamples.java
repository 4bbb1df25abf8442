package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;

/** Pods for tests: as a client wrote them, with the defaults filled in. */
final class PodSamples {
    private PodSamples() {}

    /** @param spec the fields of a pod's spec, with single quotes */
    static ObjectNode pod(String spec) {
        var pod = json("{'metadata':{'name':'web','namespace':'default'},'spec':{" + spec + "}}");
        PodDefaults.pod(pod);
        return pod;
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static List<String> messages(List<FieldError> errors) {
        return errors.stream().map(FieldError::message).toList();
    }
}
