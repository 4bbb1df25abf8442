package io.pilothouse.iam.mapping;

import java.util.List;
import java.util.Locale;

/**
 * One principal's entry: its canonical ARN in lower case, and the templates of username and groups.
 *
 * @param principalId the unique id that the principal must have, or empty when only the ARN counts
 */
public record IdentityMapping(String canonicalArn, String principalId, String username, List<String> groups) {
    public IdentityMapping {
        canonicalArn = canonicalArn.toLowerCase(Locale.ROOT);
        groups = List.copyOf(groups);
    }
}
