package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.Submissions;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.List;

/** What all reviews have in common: the question is read, answered in its status, and sent back. */
abstract class ReviewAction {
    /** Fills the status of a question. */
    abstract void answer(ApiRequest request, ObjectNode review);

    void handle(ApiRequest request, ResourceDefinition definition, ServedVersion version, Submissions submissions)
            throws IOException {
        var review = submissions.read(request, definition, version.kind(), version.schema());
        answer(request, review);
        ActionSupport.respond(request, 201, review, version.schema());
    }

    static StatusException invalid(List<FieldError> errors) {
        return StatusException.invalid(new GroupKind("authorization.k8s.io", ""), "", errors);
    }
}
