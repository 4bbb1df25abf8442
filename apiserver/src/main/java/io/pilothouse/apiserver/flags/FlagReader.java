package io.pilothouse.apiserver.flags;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;

/** Walks over a command line once and sets the flags that it names. */
final class FlagReader {
    private final FlagSet flags;
    private String[] arguments = {};

    /** The next argument to look at. */
    private int at;

    FlagReader(FlagSet flags) {
        this.flags = flags;
    }

    /** Sets the flags. @return the arguments that are none */
    List<String> read(String[] line) {
        arguments = line;
        List<String> others = new ArrayList<>();
        while (at < arguments.length) {
            String argument = arguments[at++];
            if (argument.length() < 2 || argument.charAt(0) != '-') {
                others.add(argument);
            } else if (argument.charAt(1) != '-') {
                letters(argument.substring(1));
            } else if (argument.length() > 2) {
                name(argument);
            } else {
                while (at < arguments.length) {
                    others.add(arguments[at++]);
                }
            }
        }
        return others;
    }

    /** {@code --name}, {@code --name=value} or {@code --name value}. */
    private void name(String argument) {
        char first = argument.charAt(2);
        if (first == '-' || first == '=') {
            throw new FlagException("bad flag syntax: " + argument);
        }
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        var flag = flags.named(name.indexOf('_') < 0 ? name : name.replace('_', '-'));
        if (flag == null) {
            throw new FlagException("unknown flag: " + name);
        }
        if (equals >= 0) {
            set(flag, argument.substring(equals + 1));
        } else if (flag.type == FlagType.TRUTH) {
            set(flag, "true");
        } else if (at < arguments.length) {
            set(flag, arguments[at++]);
        } else {
            throw new FlagException("flag needs an argument: " + argument);
        }
    }

    /** {@code -v3}, {@code -v=3}, {@code -v 3}, and letters of flags that are yes or no before it. */
    private void letters(String run) {
        String left = run;
        while (!left.isEmpty()) {
            char letter = left.charAt(0);
            var flag = flags.lettered(letter);
            if (flag == null) {
                throw new FlagException("unknown shorthand flag: '" + letter + "' in -" + left);
            }
            if (left.length() > 2 && left.charAt(1) == '=') {
                set(flag, left.substring(2));
                return;
            }
            if (flag.type == FlagType.TRUTH) {
                set(flag, "true");
                left = left.substring(1);
                continue;
            }
            if (left.length() > 1) {
                set(flag, left.substring(1));
            } else if (at < arguments.length) {
                set(flag, arguments[at++]);
            } else {
                throw new FlagException("flag needs an argument: '" + letter + "' in -" + left);
            }
            return;
        }
    }

    private static void set(Flag flag, String value) {
        try {
            flag.set(value);
        } catch (IllegalArgumentException e) {
            String name = flag.hasShorthand() ? "-" + flag.shorthand() + ", " + flag.dashedName : flag.dashedName;
            throw new FlagException("invalid argument " + GoText.quote(value) + " for " + GoText.quote(name) + " flag: "
                    + e.getMessage());
        }
    }
}
