package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.pod.DisabledFields;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.PodWarnings;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The strategy of a kind that makes pods of a template: what is off is dropped from the template, and its oddities are told. */
public abstract class TemplateStrategy implements Strategy {
    private final FieldPath path;

    /** Takes where the template stands. */
    protected TemplateStrategy(String first, String... more) {
        this.path = FieldPath.of(first, more);
    }

    /** The template of an object. */
    protected abstract JsonNode template(JsonNode object);

    /** What must hold for an object, new or changed. */
    protected abstract void check(Field object, PodRules rules);

    /** What may not change. */
    protected void checkUpdate(Field object, ObjectNode old) {}

    @Override
    public void prepareForCreate(ObjectNode object, WriteContext context) {
        DisabledFields.dropFromTemplate(template(object), null);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        DisabledFields.dropFromTemplate(template(object), template(old));
    }

    @Override
    public List<FieldError> validate(ObjectNode object, WriteContext context) {
        var errors = new ArrayList<FieldError>();
        check(Field.of(object, errors), PodRules.newTemplate());
        return errors;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        var errors = new ArrayList<FieldError>();
        var field = Field.of(object, errors);
        check(field, PodRules.template(template(old)));
        checkUpdate(field, old);
        return errors;
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        if (old == null) {
            var all = new ArrayList<>(nameWarnings(object));
            all.addAll(PodWarnings.ofTemplate(path, template(object)));
            return all;
        }
        return ObjectMeta.generation(object) == ObjectMeta.generation(old)
                ? List.of()
                : PodWarnings.ofTemplate(path, template(object));
    }

    /** Those of a new object's name; kinds whose names are not those of pods have none. */
    protected List<String> nameWarnings(ObjectNode object) {
        return PodWarnings.ofWorkloadName(object);
    }
}
