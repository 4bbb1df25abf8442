package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Roles, users and accounts as aws-auth and the mounted file list them: roles are looked at before users, and accounts last. */
public record MappingTable(List<IdentityMapping> roles, List<IdentityMapping> users, Set<String> accounts) {
    private static final Logger log = LoggerFactory.getLogger(MappingTable.class);

    public MappingTable {
        roles = List.copyOf(roles);
        users = List.copyOf(users);
        accounts = Set.copyOf(accounts);
    }

    /** A table without entries. */
    public static MappingTable empty() {
        return new MappingTable(List.of(), List.of(), Set.of());
    }

    /** Reads the data of the aws-auth ConfigMap; entries that cannot be used are logged and left out. */
    public static MappingTable ofConfigMap(Map<String, String> data) {
        return of(yaml(data, "mapRoles"), yaml(data, "mapUsers"), yaml(data, "mapAccounts"));
    }

    /** Reads lists of {rolearn, username, groups}, {userarn, …} and account ids. */
    static MappingTable of(List<?> roles, List<?> users, List<?> accounts) {
        List<String> ids = accounts.stream()
                .map(String::valueOf)
                .map(MappingTable::accountId)
                .toList();
        return new MappingTable(entries(roles, "rolearn"), entries(users, "userarn"), Set.copyOf(ids));
    }

    /** The first entry that names the principal. */
    public Optional<IdentityMapping> find(VerifiedPrincipal principal) {
        String arn = principal.canonicalArn().toLowerCase(Locale.ROOT);
        return roles.stream()
                .filter(m -> m.canonicalArn().equals(arn))
                .findFirst()
                .or(() ->
                        users.stream().filter(m -> m.canonicalArn().equals(arn)).findFirst())
                .or(() -> accounts.contains(principal.accountId())
                        ? Optional.of(new IdentityMapping(arn, "", principal.canonicalArn(), List.of()))
                        : Optional.empty());
    }

    /** YAML reads an unquoted account id as a number and drops its leading zeros. */
    private static String accountId(String text) {
        return text.matches("\\d{1,11}") ? "0".repeat(12 - text.length()) + text : text;
    }

    private static List<?> yaml(Map<String, String> data, String key) {
        String text = data.get(key);
        if (text == null || text.isBlank()) {
            return List.of();
        }
        try {
            Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            if (value instanceof List<?> list) {
                return list;
            }
            log.atWarn().addKeyValue("key", key).log("not a list of mappings; ignored");
        } catch (YAMLException e) {
            log.atWarn()
                    .addKeyValue("key", key)
                    .addKeyValue("error", e.getMessage())
                    .log("unreadable mappings; ignored");
        }
        return List.of();
    }

    private static List<IdentityMapping> entries(List<?> list, String arnKey) {
        List<IdentityMapping> entries = new ArrayList<>();
        for (Object one : list) {
            if (one instanceof Map<?, ?> map
                    && map.get(arnKey) instanceof String arn
                    && !arn.isBlank()
                    && map.get("username") instanceof String username) {
                List<String> groups = map.get("groups") instanceof List<?> g
                        ? g.stream().map(String::valueOf).toList()
                        : List.of();
                entries.add(new IdentityMapping(arn.strip(), "", username, groups));
            } else {
                log.atWarn().addKeyValue("needs", arnKey + ", username").log("mapping without a needed field; ignored");
            }
        }
        return entries;
    }
}
