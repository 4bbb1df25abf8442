package io.pilothouse.apiserver.admission.podsecurity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A level in the version of Kubernetes that it is read in.
 *
 * @param minor the version is 1.minor; {@link #LATEST} for the newest
 */
record LevelVersion(Level level, int minor) {
    static final int LATEST = Integer.MAX_VALUE;

    private static final Pattern VERSION = Pattern.compile("v1\\.(0|[1-9]\\d{0,8})");

    /** The minor of a version label. */
    static Optional<Integer> minor(String text) {
        if (text.equals("latest")) {
            return Optional.of(LATEST);
        }
        var matcher = VERSION.matcher(text);
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    boolean isPrivileged() {
        return level == Level.PRIVILEGED;
    }

    boolean equivalent(LevelVersion other) {
        return (isPrivileged() && other.isPrivileged()) || equals(other);
    }

    @Override
    public String toString() {
        return level + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
