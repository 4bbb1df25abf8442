package io.pilothouse.iam.mapping;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access entries of one cluster, as the control plane hands them to the masters in a JSON file.
 *
 * @param authenticationMode what else counts; both where the file does not say
 */
public record AccessEntries(List<Entry> accessEntries, AuthenticationMode authenticationMode) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public AccessEntries(
            @JsonProperty("accessEntries") @Nullable List<Entry> accessEntries,
            @JsonProperty("authenticationMode") @Nullable AuthenticationMode authenticationMode) {
        this.accessEntries = accessEntries == null ? List.of() : List.copyOf(accessEntries);
        this.authenticationMode =
                authenticationMode == null ? AuthenticationMode.API_AND_CONFIG_MAP : authenticationMode;
    }

    /**
     * One entry.
     *
     * @param principalId the unique id of the principal when the entry was made, or null when it is not known
     */
    public record Entry(
            String principalArn,
            @Nullable String principalId,
            String type,
            String username,
            List<String> groups,
            List<Association> policies) {
        public Entry {
            groups = groups == null ? List.of() : List.copyOf(groups);
            policies = policies == null ? List.of() : List.copyOf(policies);
        }

        /** The entry as the mapping that it is. A role's path is no part of what a session's ARN tells, so it is left out. */
        public IdentityMapping mapping() {
            return new IdentityMapping(
                    withoutPath(principalArn), principalId == null ? "" : principalId, username, groups);
        }

        private static String withoutPath(String arn) {
            int role = arn.indexOf(":role/");
            return role < 0 ? arn : arn.substring(0, role) + ":role/" + arn.substring(arn.lastIndexOf('/') + 1);
        }
    }

    /**
     * An access policy associated with an entry.
     *
     * @param scope "cluster" or "namespace"
     * @param namespaces names, or patterns with an asterisk, that a namespaced scope covers
     */
    public record Association(String policyArn, String scope, List<String> namespaces) {
        public Association {
            namespaces = namespaces == null ? List.of() : List.copyOf(namespaces);
        }
    }

    /** No entries. */
    public static AccessEntries none() {
        return new AccessEntries(List.of(), AuthenticationMode.API_AND_CONFIG_MAP);
    }

    /** Reads the file's form. */
    public static AccessEntries parse(byte[] bytes) throws IOException {
        return JSON.readValue(bytes, AccessEntries.class);
    }

    /** Replaces the file at once, readable by its owner only. */
    public void write(Path path) throws IOException {
        Path temporary = Files.createTempFile(
                path.toAbsolutePath().getParent(),
                ".entries",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(temporary, JSON.writeValueAsBytes(this));
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The entry of a principal, known by its canonical ARN and unique id. */
    public Optional<Entry> find(String canonicalArn, String principalId) {
        String arn = canonicalArn.toLowerCase(Locale.ROOT);
        return accessEntries.stream()
                .filter(e -> {
                    IdentityMapping m = e.mapping();
                    return m.canonicalArn().equals(arn)
                            && (m.principalId().isEmpty() || m.principalId().equals(principalId));
                })
                .findFirst();
    }
}
