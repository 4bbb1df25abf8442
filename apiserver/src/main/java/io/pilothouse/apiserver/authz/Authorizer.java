package io.pilothouse.apiserver.authz;

import java.util.ArrayList;
import java.util.List;

/** One way to decide. Authorizers are asked in order; the first that does not say {@link Decision.Kind#NO_OPINION} decides. */
@FunctionalInterface
public interface Authorizer {
    /** Decides; never throws: what could not be found out is a {@link Decision#noOpinion(String)} with its reason. */
    Decision authorize(Attributes attributes);

    /** Asks several in order; where none decides, the answer is no, with all reasons. */
    static Authorizer inOrder(List<Authorizer> authorizers) {
        var all = List.copyOf(authorizers);
        return attributes -> {
            var reasons = new ArrayList<String>();
            var errors = new ArrayList<String>();
            for (var authorizer : all) {
                var decision = authorizer.authorize(attributes);
                if (decision.kind() != Decision.Kind.NO_OPINION) {
                    return decision;
                }
                if (!decision.reason().isEmpty()) {
                    reasons.add(decision.reason());
                }
                if (!decision.error().isEmpty()) {
                    errors.add(decision.error());
                }
            }
            var none = Decision.noOpinion(String.join("\n", reasons));
            return switch (errors.size()) {
                case 0 -> none;
                case 1 -> none.withError(errors.getFirst());
                default -> none.withError("[" + String.join(", ", errors) + "]");
            };
        };
    }
}
