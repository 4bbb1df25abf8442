package io.pilothouse.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The group versions that other servers serve behind this one, for discovery. */
public interface RemoteApis {
    /** No such server. */
    RemoteApis NONE = new RemoteApis() {
        @Override
        public Set<GroupVersion> versions() {
            return Set.of();
        }

        @Override
        public int groupPriority(String group) {
            return 0;
        }

        @Override
        public int versionPriority(GroupVersion version) {
            return 0;
        }

        @Override
        public Optional<List<ObjectNode>> resources(GroupVersion version) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> openApiUrls() {
            return Map.of();
        }

        @Override
        public Optional<ObjectNode> openApi2(GroupVersion version) {
            return Optional.empty();
        }
    };

    Set<GroupVersion> versions();

    /** The place of a group among the others, the highest first; 0 for one that is unknown here. */
    int groupPriority(String group);

    /** The place of a version in its group, the highest first; 0 for one that is unknown here. */
    int versionPriority(GroupVersion version);

    /** A version's resources as aggregated discovery tells them; empty where the server cannot be asked. */
    Optional<List<ObjectNode>> resources(GroupVersion version);

    /** Where the OpenAPI v3 documents of the other servers lie, with their hashes, by their paths below {@code /openapi/v3}. */
    Map<String, String> openApiUrls();

    /** The other server's whole OpenAPI v2 document, asked for now; empty where it has none. */
    Optional<ObjectNode> openApi2(GroupVersion version);
}
