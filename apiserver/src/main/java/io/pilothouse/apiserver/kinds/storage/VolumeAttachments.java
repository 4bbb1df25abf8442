package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.core.PersistentVolumeDefaults;
import io.pilothouse.apiserver.kinds.core.PersistentVolumeValidation;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** storage.k8s.io/v1 VolumeAttachment. */
public final class VolumeAttachments {
    private static final int LARGEST_METADATA = 256 * 1024;
    private static final int LONGEST_MESSAGE = 1024;
    private static final String SPEC = "storage.v1.VolumeAttachmentSpec";

    private VolumeAttachments() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "volumeattachments", "volumeattachment", "VolumeAttachment")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .status(new Status())
                .resetFields("status", "metadata", "spec")
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                        "Attacher",
                                        schemas.text(SPEC, "attacher"),
                                        o -> o.path("spec").path("attacher").asText(""))
                                .format("name"),
                        Column.text(
                                "PV",
                                schemas.text("storage.v1.VolumeAttachmentSource", "persistentVolumeName"),
                                o -> o.path("spec")
                                        .path("source")
                                        .path("persistentVolumeName")
                                        .asText("")),
                        Column.text(
                                "Node",
                                schemas.text(SPEC, "nodeName"),
                                o -> o.path("spec").path("nodeName").asText("")),
                        Column.flag(
                                "Attached",
                                schemas.text("storage.v1.VolumeAttachmentStatus", "attached"),
                                o -> o.path("status").path("attached").asBoolean(false)),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            if (object.path("spec").path("source").get("inlineVolumeSpec") instanceof ObjectNode inline) {
                PersistentVolumeDefaults.sources(inline);
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return VolumeAttachments.validate(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return VolumeAttachments.validateUpdate(object, old);
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.KEEPS_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return VolumeAttachments.validateUpdate(object, old);
        }
    }

    private static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        var errors = new ArrayList<>(validate(object));
        if (!object.path("spec").equals(old.path("spec"))) {
            errors.add(FieldError.invalid(
                    FieldPath.of("spec"),
                    InternalForm.of("VolumeAttachmentSpec", object.path("spec")),
                    "field is immutable"));
        }
        return errors;
    }

    private static List<FieldError> validate(ObjectNode object) {
        var errors = new ArrayList<FieldError>();
        var all = Field.of(object, errors);
        var spec = all.child("spec");
        StorageRules.driverName(spec.child("attacher"));
        var source = spec.child("source");
        source(source);
        spec.child("nodeName").matches(LabelFormat::subdomain);
        var status = all.child("status");
        var metadata = status.child("attachmentMetadata");
        if (StorageRules.bytes(metadata) > LARGEST_METADATA) {
            metadata.add(FieldError.tooLong(metadata.path(), LARGEST_METADATA));
        }
        error(status.child("attachError"));
        error(status.child("detachError"));
        source.child("persistentVolumeName").ifPresent(name -> name.matches(LabelFormat::subdomain));
        return errors;
    }

    private static void source(Field source) {
        var inline = source.child("inlineVolumeSpec");
        var name = source.child("persistentVolumeName");
        String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        if (inline.present() && name.present()) {
            source.forbidden(one);
        } else if (inline.present()) {
            PersistentVolumeValidation.inline(inline);
        } else if (!name.present()) {
            source.required(one);
        } else if (name.isEmpty()) {
            name.required("must specify non empty persistentVolumeName");
        }
    }

    private static void error(Field error) {
        var message = error.child("message");
        if (message.text().length() > LONGEST_MESSAGE) {
            // Upstream names the bound of the metadata here.
            message.add(FieldError.tooLong(message.path(), LARGEST_METADATA));
        }
        var code = error.child("errorCode");
        if (code.number() < 0) {
            code.invalid(code.number(), "must be between 0 and 2147483647, inclusive");
        }
    }
}
