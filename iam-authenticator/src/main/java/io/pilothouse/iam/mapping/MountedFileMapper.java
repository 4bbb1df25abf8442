package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Mappings in aws-iam-authenticator's own configuration file: server.mapRoles, server.mapUsers, server.mapAccounts. */
public final class MountedFileMapper implements IdentityMapper {
    private final WatchedFile<MappingTable> file;

    /** Mappings of that file. */
    public MountedFileMapper(Path path) {
        file = new WatchedFile<>(path, MountedFileMapper::parse, MappingTable.empty());
    }

    @Override
    public String name() {
        return "MountedFile";
    }

    @Override
    public Optional<IdentityMapping> find(VerifiedPrincipal principal) {
        return file.content().find(principal);
    }

    private static MappingTable parse(byte[] bytes) {
        try {
            Object root =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(bytes, StandardCharsets.UTF_8));
            Object server = root instanceof Map<?, ?> map ? map.get("server") : null;
            if (server instanceof Map<?, ?> s) {
                return MappingTable.of(list(s.get("mapRoles")), list(s.get("mapUsers")), list(s.get("mapAccounts")));
            }
            return MappingTable.empty();
        } catch (YAMLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
