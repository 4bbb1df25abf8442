package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import java.util.List;

/** What must hold for the paths of files in volumes. */
public final class PathRules {
    private static final long MAX_MODE = 0777;

    private PathRules() {}

    /** No step up. */
    public static boolean noBacksteps(Field path) {
        return !hasBacksteps(path.text()) || path.invalid(path.text(), "must not contain '..'");
    }

    static boolean hasBacksteps(String path) {
        return List.of(path.split("/", -1)).contains("..");
    }

    /** A path below the folder that it is relative to. */
    static boolean descending(Field path) {
        boolean relative = !path.text().startsWith("/") || path.invalid(path.text(), "must be a relative path");
        return noBacksteps(path) && relative;
    }

    /** A descending path whose name is not one of those that the kubelet keeps for itself. */
    static boolean notReserved(Field path) {
        boolean fine = descending(path);
        String text = path.text();
        return (text.startsWith("..") && !text.startsWith("../"))
                ? path.invalid(text, "must not start with '..'")
                : fine;
    }

    /** The permissions of a file, if given. */
    static boolean mode(Field mode) {
        return !mode.present()
                || (mode.number() >= 0 && mode.number() <= MAX_MODE)
                || mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
    }

    /** core/v1 KeyToPath: which key of an object becomes which file. */
    static void keyToPath(Field item) {
        item.child("key").mustExist();
        item.child("path").mustExist();
        notReserved(item.child("path"));
        mode(item.child("mode"));
    }
}
