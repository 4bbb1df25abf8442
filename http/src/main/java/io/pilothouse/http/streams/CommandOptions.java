package io.pilothouse.http.streams;

/**
 * Which streams a command has.
 *
 * @param tty with a terminal: standard error goes with standard output, and sizes are told
 */
public record CommandOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    /** Checks that there is one, and leaves standard error out of a terminal's. */
    public CommandOptions {
        if (!stdin && !stdout && !stderr) {
            throw new IllegalArgumentException("you must specify at least 1 of stdin, stdout, stderr");
        }
        stderr = stderr && !tty;
    }

    /**
     * From a request's query, as {@code stdin=true&tty=1}, or as the kubelet has it, {@code input=1&output=1&error=1&tty=1}.
     *
     * @throws IllegalArgumentException when no stream is asked for
     */
    public static CommandOptions fromQuery(String rawQuery) {
        return new CommandOptions(
                flag(rawQuery, "stdin") || flag(rawQuery, "input"),
                flag(rawQuery, "stdout") || flag(rawQuery, "output"),
                flag(rawQuery, "stderr") || flag(rawQuery, "error"),
                flag(rawQuery, "tty"));
    }

    private static boolean flag(String rawQuery, String name) {
        for (String part : rawQuery.split("&", -1)) {
            if (part.equals(name + "=true") || part.equals(name + "=1")) {
                return true;
            }
        }
        return false;
    }
}
