package io.pilothouse.controlplane.cluster;

import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.iam.IamModel.Policies;
import io.pilothouse.cloud.iam.IamModel.User;
import io.pilothouse.cloud.iam.IamStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The IAM user as whom masters ask EC2 for the names of instances. It may do that and nothing else. */
public final class MasterPrincipal {
    /** Its name. */
    public static final String NAME = "pilothouse-masters";

    private static final String POLICY =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ec2:DescribeInstances\",\"Resource\":\"*\"}]}";

    private MasterPrincipal() {}

    /** Its key; the user, its policy and the key are made when they are missing. */
    public static AccessKey ensure(IamStore iam) {
        Policies only = new Policies(new TreeMap<>(Map.of("name-nodes", POLICY)), new TreeSet<>());
        User wanted = new User(
                NAME, "/pilothouse/", iam.ids().upper("AIDA", 17), iam.clock().millis(), Map.of(), only);
        if (!iam.users().insert(NAME, wanted)) {
            iam.users().update(NAME, u -> new User(u.name(), u.path(), u.id(), u.createdMillis(), u.tags(), only));
        }
        return iam.keys().list().stream()
                .filter(k -> NAME.equals(k.user()) && k.active())
                .findFirst()
                .orElseGet(() -> iam.createKey(NAME));
    }
}
