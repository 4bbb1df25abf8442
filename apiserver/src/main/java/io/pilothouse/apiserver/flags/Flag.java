package io.pilothouse.apiserver.flags;

import org.jspecify.annotations.Nullable;

/** One flag of a {@link FlagSet}, with the value that it had when it was declared. */
public final class Flag {
    /** Takes a value over, as it was written; refuses one by an {@link IllegalArgumentException} that says why. */
    interface Setter {
        void set(String text);
    }

    /** With its dashes: a constant, whose hash code is known already. */
    final String dashedName;

    final FlagType type;
    final Setter setter;
    final String description;
    final String section;
    private final @Nullable Object value;

    private char shorthand;
    private boolean required;
    private boolean given;

    Flag(String dashedName, FlagType type, @Nullable Object value, Setter setter, String description, String section) {
        this.dashedName = dashedName;
        this.type = type;
        this.value = value;
        this.setter = setter;
        this.description = description;
        this.section = section;
    }

    /** It must be given. */
    public Flag required() {
        required = true;
        return this;
    }

    /** A letter that stands for its name after a single dash. */
    public Flag shorthand(char letter) {
        shorthand = letter;
        return this;
    }

    /** Without dashes. */
    public String name() {
        return dashedName.substring(2);
    }

    /** The value it had when it was declared, as upstream prints such values. */
    public String text() {
        return type.text(value);
    }

    boolean hasShorthand() {
        return shorthand != 0;
    }

    char shorthand() {
        return shorthand;
    }

    boolean isRequired() {
        return required;
    }

    boolean isMissing() {
        return required && !given;
    }

    void set(String text) {
        setter.set(text);
        given = true;
    }
}
