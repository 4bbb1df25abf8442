package io.pilothouse.machinery.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusExceptionTest {
    @Test
    void notFound() {
        assertThat(Json.text(StatusException.notFound(new GroupResource("apps", "deployments"), "x")
                        .status()
                        .toNode()))
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"deployments.apps \\\"x\\\" not found\","
                                + "\"reason\":\"NotFound\",\"details\":{\"name\":\"x\",\"group\":\"apps\",\"kind\":\"deployments\"},\"code\":404}");
    }

    @Test
    void invalidJoinsEveryErrorOnce() {
        FieldPath path = FieldPath.of("spec", "ports").index(0);
        List<FieldError> errors = List.of(
                FieldError.required(path.child("name"), "must be set"),
                FieldError.required(path.child("name"), "must be set"),
                FieldError.notSupported(path.child("type"), "A", List.of("B", "C")),
                FieldError.tooMany(path, 5, 1),
                FieldError.tooLong(path, 1));
        assertThat(StatusException.invalid(new GroupKind("", "Pod"), "p", errors))
                .hasMessage("Pod \"p\" is invalid: [spec.ports[0].name: Required value: must be set, "
                        + "spec.ports[0].type: Unsupported value: \"A\": supported values: \"B\", \"C\", spec.ports[0]: Too many: 5: must have at most 1 item, "
                        + "spec.ports[0]: Too long: may not be more than 1 byte]");
        assertThat(StatusException.invalid(new GroupKind("", "Pod"), "p", errors)
                        .status()
                        .details()
                        .causes())
                .hasSize(5);
        assertThat(FieldError.invalid(path, List.of("a", 1), "no").body()).isEqualTo("Invalid value: [\"a\",1]: no");
        assertThat(FieldError.invalid(FieldPath.ROOT, null, "no").message())
                .isEqualTo("<nil>: Invalid value: null: no");
    }

    @Test
    void readsItsOwnForm() {
        Status status = StatusException.tooManyRequests("slow", 3).status();
        assertThat(Status.fromNode(status.toNode())).isEqualTo(status);
        assertThat(new StatusException(status).retryAfterSeconds()).hasValue(3);
    }
}
