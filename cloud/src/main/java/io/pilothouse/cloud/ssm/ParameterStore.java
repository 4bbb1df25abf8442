package io.pilothouse.cloud.ssm;

import io.pilothouse.cloud.ec2.CatalogueActions;
import io.pilothouse.cloud.protocol.UriCodec;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.util.Optional;

/** Parameters, those of the account and the public ones that name machine images. */
public final class ParameterStore {
    private static final String PUBLIC = "/aws/service/";
    private final Table<Parameter> parameters;

    /** A parameter; type String, StringList or SecureString. */
    public record Parameter(String name, String type, String value, long version, long modifiedMillis) {
        @Override
        public String toString() {
            return "Parameter[" + name + "]";
        }
    }

    /** Over the region's state. */
    public ParameterStore(StateStore store) {
        parameters = new Table<>(store, "ssm/parameters", Parameter.class);
    }

    /** The account's own parameters, by encoded name. */
    Table<Parameter> own() {
        return parameters;
    }

    static String key(String name) {
        return UriCodec.encode(name, false);
    }

    /** A parameter by name. All public image parameters of EKS name the one image there is. */
    public Optional<Parameter> find(String name) {
        if (name.startsWith(PUBLIC)) {
            boolean image = (name.startsWith(PUBLIC + "eks/optimized-ami/")
                            || name.startsWith(PUBLIC + "bottlerocket/")
                            || name.startsWith(PUBLIC + "ami-amazon-linux-latest/"))
                    && (name.endsWith("/image_id") || name.contains("ami-amazon-linux-latest"));
            return image ? Optional.of(new Parameter(name, "String", CatalogueActions.IMAGE, 1, 0)) : Optional.empty();
        }
        return parameters.find(key(name));
    }
}
