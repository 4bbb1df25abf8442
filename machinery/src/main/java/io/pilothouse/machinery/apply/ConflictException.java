package io.pilothouse.machinery.apply;

import io.pilothouse.machinery.status.Status.Cause;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Fields of an apply that others own. */
final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient NavigableMap<ManagerKey, FieldSet> conflicts;

    ConflictException(NavigableMap<ManagerKey, FieldSet> conflicts) {
        super("conflict");
        this.conflicts = conflicts;
    }

    NavigableMap<ManagerKey, FieldSet> conflicts() {
        return conflicts;
    }

    /** The 409 that the client sees. */
    StatusException toStatus() {
        List<Cause> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        conflicts.forEach((key, set) -> {
            lines.add("conflicts with " + key.print() + ":");
            set.paths().forEach(path -> {
                causes.add(new Cause("FieldManagerConflict", "conflict with " + key.print(), FieldSet.print(path)));
                lines.add("- " + FieldSet.print(path));
            });
        });
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + causes.getFirst().message() + ": "
                        + causes.getFirst().field()
                : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
        return StatusException.applyConflict(causes, message);
    }
}
