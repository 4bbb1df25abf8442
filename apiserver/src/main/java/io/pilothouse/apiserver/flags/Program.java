package io.pilothouse.apiserver.flags;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;

/** A command from its arguments to its exit code: {@code --help} and {@code --version}, what is wrong with a command line, and failures. */
public final class Program {
    private static final int FAILED = 1;
    private static final int WRONG_COMMAND_LINE = 2;

    private final String name;
    private final FlagSet flags;
    private final String description;
    private final String version;
    private final PrintStream out;
    private final PrintStream err;

    private boolean helpAsked;
    private boolean versionAsked;

    /**
     * A command of this process, whose output and errors go where its do.
     *
     * @param flags all of its own ones
     * @param version the line that {@code --version} prints
     */
    public Program(FlagSet flags, String description, String version) {
        this(flags, description, version, System.out, System.err);
    }

    Program(FlagSet flags, String description, String version, PrintStream out, PrintStream err) {
        this.name = flags.command().substring(flags.command().lastIndexOf(' ') + 1);
        this.flags = flags;
        this.description = description;
        this.version = version;
        this.out = out;
        this.err = err;
        flags.section("Global");
        flags.truth("--help", false, asked -> helpAsked = asked, "help for " + flags.command())
                .shorthand('h');
        flags.truth("--version", false, asked -> versionAsked = asked, "prints the version");
    }

    /**
     * Reads the command line and runs what it asks for.
     *
     * @param body may refuse what its flags say by a {@link FlagException}
     * @return the process's exit code: the body's, 1 when it failed, 2 when the command line is wrong
     */
    public int run(String[] arguments, Callable<Integer> body) {
        try {
            List<String> others = flags.read(arguments);
            if (helpAsked) {
                out.print(FlagUsage.of(flags, description));
                return 0;
            }
            flags.requireNoArguments(others);
            if (versionAsked) {
                out.println(version);
                return 0;
            }
            flags.requireGiven();
            return body.call();
        } catch (FlagException e) {
            err.println(e.getMessage());
            err.println("Run '" + flags.command() + " --help' for usage.");
            return WRONG_COMMAND_LINE;
        } catch (Exception e) {
            err.println(name + ": " + message(e));
            if (Boolean.getBoolean("pilothouse.trace")) {
                e.printStackTrace(err);
            }
            return FAILED;
        }
    }

    /** What went wrong, with all that caused it, in a line. */
    public static String message(Throwable e) {
        var text = new StringBuilder(own(e));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(own(cause));
        }
        return text.toString();
    }

    private static String own(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
