package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.Locale;

/** What must hold for the annotations of a template. */
final class MetadataRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private MetadataRules() {}

    static void annotations(Field annotations) {
        long size = 0;
        for (var entry : annotations.value().properties()) {
            String key = entry.getKey();
            size += key.length() + (long) entry.getValue().asText("").length();
            LabelFormat.key(key.toLowerCase(Locale.ROOT)).forEach(problem -> annotations.invalid(key, problem));
        }
        if (size > ANNOTATIONS_LIMIT) {
            annotations.add(FieldError.tooLong(annotations.path(), ANNOTATIONS_LIMIT));
        }
    }
}
