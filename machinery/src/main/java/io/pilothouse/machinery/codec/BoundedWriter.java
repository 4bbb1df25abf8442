package io.pilothouse.machinery.codec;

import java.io.StringWriter;

/** Collects text up to a number of characters; beyond it writing fails with a {@link FullException}. */
final class BoundedWriter extends StringWriter {
    private final int most;

    BoundedWriter(int most) {
        this.most = most;
    }

    /** The text grew too long. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException() {
            super("the text is too long", null, false, false);
        }
    }

    private void require(int more) {
        if (getBuffer().length() + more > most) {
            throw new FullException();
        }
    }

    @Override
    public void write(int character) {
        require(1);
        super.write(character);
    }

    @Override
    public void write(char[] text, int from, int length) {
        require(length);
        super.write(text, from, length);
    }

    @Override
    public void write(String text) {
        require(text.length());
        super.write(text);
    }

    @Override
    public void write(String text, int from, int length) {
        require(length);
        super.write(text, from, length);
    }
}
