package io.pilothouse.cloud.iam;

import io.pilothouse.cloud.iam.IamModel.AccessKey;
import io.pilothouse.cloud.iam.IamModel.InstanceProfile;
import io.pilothouse.cloud.iam.IamModel.ManagedPolicy;
import io.pilothouse.cloud.iam.IamModel.Policies;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamModel.Session;
import io.pilothouse.cloud.iam.IamModel.User;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.CallerIdentity;
import io.pilothouse.cloud.protocol.CallerIdentity.PrincipalType;
import io.pilothouse.cloud.sigv4.CredentialSource;
import io.pilothouse.cloud.state.StateStore;
import io.pilothouse.cloud.state.Table;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The principals of the account and their credentials. Safe for many threads. */
public final class IamStore implements CredentialSource {
    private final Arns arns;
    private final Ids ids;
    private final Clock clock;
    private final Table<User> users;
    private final Table<Role> roles;
    private final Table<InstanceProfile> profiles;
    private final Table<ManagedPolicy> policies;
    private final Table<AccessKey> keys;
    private final Table<Session> sessions;

    /** The store over the region's state. */
    public IamStore(StateStore store, Arns arns, Ids ids, Clock clock) {
        this.arns = arns;
        this.ids = ids;
        this.clock = clock;
        users = new Table<>(store, "iam/users", User.class);
        roles = new Table<>(store, "iam/roles", Role.class);
        profiles = new Table<>(store, "iam/instance-profiles", InstanceProfile.class);
        policies = new Table<>(store, "iam/policies", ManagedPolicy.class);
        keys = new Table<>(store, "iam/access-keys", AccessKey.class);
        sessions = new Table<>(store, "iam/sessions", Session.class);
    }

    /** Names of this account. */
    public Arns arns() {
        return arns;
    }

    /** Random ids. */
    public Ids ids() {
        return ids;
    }

    /** The time. */
    public Clock clock() {
        return clock;
    }

    /** Users by name. */
    public Table<User> users() {
        return users;
    }

    /** Roles by name. */
    public Table<Role> roles() {
        return roles;
    }

    /** Instance profiles by name. */
    public Table<InstanceProfile> profiles() {
        return profiles;
    }

    /** Customer managed policies by name. */
    public Table<ManagedPolicy> policies() {
        return policies;
    }

    /** Access keys by id. */
    public Table<AccessKey> keys() {
        return keys;
    }

    /** A principal without policies. */
    static Policies noPolicies() {
        return new Policies(new TreeMap<>(), new TreeSet<>());
    }

    /** The root's access key: the existing one, or a new one at the first start. */
    public AccessKey rootKey() {
        return keys.list().stream()
                .filter(k -> k.user() == null && k.active())
                .findFirst()
                .orElseGet(() -> createKey(null));
    }

    /** Makes an access key for a user, or for the root when null. */
    public AccessKey createKey(@Nullable String user) {
        AccessKey key = new AccessKey(ids.upper("AKIA", 16), ids.secret(), user, true, clock.millis());
        if (!keys.insert(key.id(), key)) {
            throw new IllegalStateException("access key id drawn twice");
        }
        return key;
    }

    /** A user that must exist. */
    public User user(String name) {
        return users.find(name)
                .orElseThrow(() -> AwsException.noSuchEntity("The user with name " + name + " cannot be found."));
    }

    /** A role that must exist. */
    public Role role(String name) {
        return roles.find(name)
                .orElseThrow(() -> AwsException.noSuchEntity("The role with name " + name + " cannot be found."));
    }

    /** An instance profile that must exist. */
    public InstanceProfile profile(String name) {
        return profiles.find(name)
                .orElseThrow(() -> AwsException.noSuchEntity("Instance Profile " + name + " cannot be found."));
    }

    /** Starts a session of a role; temporary credentials for it. */
    public Session assume(Role role, String sessionName, int seconds) {
        return store(new Session(
                ids.upper("ASIA", 16),
                ids.secret(),
                ids.token(),
                clock.millis() + seconds * 1000L,
                role.name(),
                role.id(),
                sessionName,
                null));
    }

    /** Starts a session of a user, or of the root when null. */
    public Session userSession(@Nullable String user, int seconds) {
        return store(new Session(
                ids.upper("ASIA", 16),
                ids.secret(),
                ids.token(),
                clock.millis() + seconds * 1000L,
                null,
                null,
                null,
                user));
    }

    private Session store(Session session) {
        if (!sessions.insert(session.id(), session)) {
            throw new IllegalStateException("access key id drawn twice");
        }
        return session;
    }

    /** Removes sessions that ended more than an hour ago; until then a client is told that its token has expired. */
    public void removeOldSessions() {
        long before = clock.millis() - 3_600_000;
        sessions.list().stream().filter(s -> s.expiresMillis() < before).forEach(s -> sessions.remove(s.id()));
    }

    @Override
    public Optional<Credential> find(String accessKeyId) {
        if (accessKeyId.contains("/")) {
            return Optional.empty();
        }
        Optional<AccessKey> key = keys.find(accessKeyId).filter(AccessKey::active);
        if (key.isPresent()) {
            return identity(key.get().user(), accessKeyId)
                    .map(who -> new Credential(key.get().secret(), null, Long.MAX_VALUE, who));
        }
        return sessions.find(accessKeyId)
                .flatMap(s ->
                        sessionIdentity(s).map(who -> new Credential(s.secret(), s.token(), s.expiresMillis(), who)));
    }

    private Optional<CallerIdentity> sessionIdentity(Session session) {
        String role = session.role();
        String name = session.sessionName();
        if (role == null || name == null) {
            return identity(session.user(), session.id());
        }
        // A role that was deleted and made again has another id; its old sessions are dead.
        return roles.find(role)
                .filter(r -> r.id().equals(session.roleId()))
                .map(r -> new CallerIdentity(
                        arns.account(),
                        arns.assumedRole(r.name(), name),
                        r.id() + ":" + name,
                        session.id(),
                        PrincipalType.ASSUMED_ROLE,
                        r.name(),
                        name));
    }

    private Optional<CallerIdentity> identity(@Nullable String user, String keyId) {
        if (user == null) {
            return Optional.of(new CallerIdentity(
                    arns.account(), arns.root(), arns.account(), keyId, PrincipalType.ROOT, "root", null));
        }
        return users.find(user)
                .map(u -> new CallerIdentity(
                        arns.account(),
                        arns.user(u.path(), u.name()),
                        u.id(),
                        keyId,
                        PrincipalType.USER,
                        u.name(),
                        null));
    }

    /** The policies of a caller: user or role; the root has none and needs none. */
    Optional<Policies> policiesOf(CallerIdentity caller) {
        return switch (caller.type()) {
            case ROOT -> Optional.empty();
            case USER -> users.find(caller.name()).map(User::policies);
            case ASSUMED_ROLE -> roles.find(caller.name()).map(Role::policies);
        };
    }

    /** The document behind the ARN of a managed policy, ours or AWS's own. */
    public Optional<String> document(String arn) {
        if (arn.startsWith(arns.partitionPrefix() + "iam::aws:policy/")) {
            return AwsManagedPolicies.document(arn);
        }
        return policies.list().stream()
                .filter(p -> arns.policy(p.path(), p.name()).equals(arn))
                .map(ManagedPolicy::document)
                .findFirst();
    }

    /** A changed copy of tags. */
    static Map<String, String> tagged(Map<String, String> tags, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(tags);
        all.putAll(more);
        return all;
    }
}
