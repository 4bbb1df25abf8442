package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** DELETE of one object or of a whole collection. */
final class DeleteEndpoint {
    private static final GroupResource JOBS = new GroupResource("batch", "jobs");

    private final Registry registry;
    private final Lister lister;
    private final Writes writes;
    private final DeleteOptionsReader options;

    DeleteEndpoint(Registry registry, Lister lister, Writes writes, DeleteOptionsReader options) {
        this.registry = registry;
        this.lister = lister;
        this.writes = writes;
        this.options = options;
    }

    void one(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.offer());
        var wanted = options.read(request);
        warnOfOrphans(request, form, wanted);
        var deleted = delete(request, form, request.info().name(), wanted);
        if (deleted.gone() && !form.definition().returnsDeletedObject()) {
            StatusWriter.write(request, 200, success(form.definition().groupResource(), deleted.object()));
            return;
        }
        boolean accepted = !deleted.gone() && Boolean.FALSE.equals(wanted.orphanDependents());
        ObjectWriter.object(request, output, accepted ? 202 : 200, form, deleted.object());
    }

    private static void warnOfOrphans(ApiRequest request, ObjectForm form, DeleteOptions wanted) {
        if (form.definition().groupResource().equals(JOBS)
                && wanted.propagation() == null
                && wanted.orphanDependents() == null) {
            request.warn(
                    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or"
                            + " set propagationPolicy=Orphan to suppress this warning");
        }
    }

    private static Status success(GroupResource resource, StoredObject object) {
        return new Status(
                "Success",
                "",
                "",
                new Status.Details(object.name(), resource.group(), resource.resource(), object.uid(), List.of(), 0),
                0);
    }

    private Registry.Deleted delete(ApiRequest request, ObjectForm form, String name, DeleteOptions wanted) {
        var admission = writes.admissionRequest(request, form, "DELETE", null, null, wanted.dryRun(), "DeleteOptions");
        return registry.delete(form.definition(), name, wanted, writes.context(request, wanted.dryRun()), old -> {
            var asked = admission.with(null, old, name);
            describe(wanted, asked.options());
            writes.admission().mutate(asked);
            writes.admission().validate(asked);
        });
    }

    /** Deletes what a selector selects; answers with the list of what it was. */
    void collection(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.offer());
        var selection = FieldSelectors.resolve(form, ListOptions.parse(request.query()));
        var wanted = options.read(request);
        var page = lister.list(form.definition(), request.info().namespace(), selection);
        var shown = new ArrayList<StoredObject>(page.items().size());
        for (var object : page.items()) {
            try {
                // Over all namespaces, each object is deleted in its own.
                shown.add(delete(request.inNamespace(object.namespace()), form, object.name(), wanted)
                        .object());
            } catch (StatusException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
        ObjectWriter.list(
                request, output, form, new Lister.Page(shown, page.revision(), page.continueToken(), page.remaining()));
    }

    /** Adds what a client says of how to delete to the options that admission sees. */
    private static void describe(DeleteOptions wanted, ObjectNode options) {
        if (wanted.gracePeriodSeconds() != null) {
            options.put("gracePeriodSeconds", wanted.gracePeriodSeconds());
        }
        if (wanted.orphanDependents() != null) {
            options.put("orphanDependents", wanted.orphanDependents());
        }
        if (wanted.propagation() != null) {
            options.put("propagationPolicy", wanted.propagation());
        }
        if (wanted.uid() != null) {
            options.withObjectProperty("preconditions").put("uid", wanted.uid());
        }
        if (wanted.resourceVersion() != null) {
            options.withObjectProperty("preconditions").put("resourceVersion", wanted.resourceVersion());
        }
    }
}
