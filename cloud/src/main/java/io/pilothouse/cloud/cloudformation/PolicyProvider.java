package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.IamModel.Policies;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamModel.User;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.iam.PolicyDocument;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** AWS::IAM::Policy: an inline policy of roles and users. */
final class PolicyProvider implements ResourceProvider {
    private final IamStore iam;

    PolicyProvider(IamStore iam) {
        this.iam = iam;
    }

    @Override
    public Set<String> properties() {
        return Set.of("PolicyName", "PolicyDocument", "Roles", "Users");
    }

    @Override
    public Made create(Context context, JsonNode properties) {
        String document = properties.path("PolicyDocument").toString();
        PolicyDocument.parse(document);
        Props.texts(properties.path("Roles")).forEach(iam::role);
        Props.texts(properties.path("Users")).forEach(iam::user);
        set(properties, Props.required(properties, "PolicyName"), document);
        return new Made(context.name(128), Map.of());
    }

    @Override
    public Made update(Context context, Made made, JsonNode before, JsonNode after) {
        set(before, Props.required(before, "PolicyName"), null);
        create(context, after);
        return made;
    }

    @Override
    public void delete(Context context, Made made, JsonNode properties) {
        set(properties, Props.required(properties, "PolicyName"), null);
    }

    private void set(JsonNode properties, String name, @Nullable String document) {
        for (String role : Props.texts(properties.path("Roles"))) {
            iam.roles()
                    .update(
                            role,
                            r -> new Role(
                                    r.name(),
                                    r.path(),
                                    r.id(),
                                    r.createdMillis(),
                                    r.trust(),
                                    r.description(),
                                    r.maxSessionSeconds(),
                                    r.tags(),
                                    with(r.policies(), name, document)));
        }
        for (String user : Props.texts(properties.path("Users"))) {
            iam.users()
                    .update(
                            user,
                            u -> new User(
                                    u.name(),
                                    u.path(),
                                    u.id(),
                                    u.createdMillis(),
                                    u.tags(),
                                    with(u.policies(), name, document)));
        }
    }

    private static Policies with(Policies policies, String name, @Nullable String document) {
        TreeMap<String, String> inline = new TreeMap<>(policies.inline());
        if (document == null) {
            inline.remove(name);
        } else {
            inline.put(name, document);
        }
        return new Policies(inline, policies.attached());
    }
}
