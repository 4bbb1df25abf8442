package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.Lister;
import java.io.IOException;

/** GET of one object or of a list. */
final class ReadEndpoint {
    private final Lister lister;

    ReadEndpoint(Lister lister) {
        this.lister = lister;
    }

    void one(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.offer());
        var object = lister.get(
                form.definition(),
                request.info().namespace(),
                request.info().name(),
                request.query().first("resourceVersion"));
        ObjectWriter.object(request, output, 200, form, object);
    }

    void list(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.listOffer());
        var options = FieldSelectors.resolve(form, ListOptions.parse(request.query()));
        ObjectWriter.list(
                request,
                output,
                form,
                lister.list(form.definition(), request.info().namespace(), options));
    }
}
