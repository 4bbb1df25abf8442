package io.pilothouse.machinery.codec;

/** What becomes of unknown and duplicate fields: dropped, warned of, or refused. */
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT
}
