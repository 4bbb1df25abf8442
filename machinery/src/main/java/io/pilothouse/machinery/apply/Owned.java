package io.pilothouse.machinery.apply;

/**
 * What a manager owns.
 *
 * @param apiVersion the version in which the paths are meant
 * @param time when it last changed, as written; empty for never
 */
record Owned(FieldSet fields, String apiVersion, String time) {
    Owned with(FieldSet changed) {
        return new Owned(changed, apiVersion, time);
    }

    Owned at(String changed) {
        return new Owned(fields, apiVersion, changed);
    }
}
