package io.pilothouse.controllers.serviceaccount;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.objects.Owners;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Fills Secrets of type kubernetes.io/service-account-token with a token of the service account that they name, and deletes those whose account
 * is gone.
 */
public final class LegacyTokenController {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String NAME = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";
    private static final String INDEX = "service-account";

    private final ControllerContext context;
    private final Cache<ServiceAccount> accounts;
    private final Cache<Secret> secrets;
    private final LegacyTokenSigner signer;
    private final Optional<String> rootCa;

    /**
     * Joins a context.
     *
     * @param rootCa PEM certificates that verify the API server, for the secrets
     * @throws IOException if the key cannot be read
     */
    public LegacyTokenController(ControllerContext context, int workers, Path privateKey, Optional<String> rootCa)
            throws IOException {
        this.context = context;
        this.accounts = context.cache(ServiceAccount.class);
        this.secrets = context.cache(Secret.class);
        this.signer = LegacyTokenSigner.load(privateKey);
        this.rootCa = rootCa;
        var queue = context.queue("serviceaccount-token", workers, this::reconcile);
        secrets.index(
                INDEX,
                secret -> isToken(secret)
                        ? List.of(secret.getMetadata().getNamespace() + "/" + account(secret))
                        : List.of());
        secrets.on(secret -> queueToken(queue, secret), (before, after) -> queueToken(queue, after), deleted -> {});
        accounts.onAny(
                account -> secrets.byIndex(INDEX, Key.of(account).path()).forEach(secret -> queue.add(Key.of(secret))));
    }

    private static void queueToken(io.pilothouse.controllers.workqueue.WorkQueue<Key> queue, Secret secret) {
        if (isToken(secret)) {
            queue.add(Key.of(secret));
        }
    }

    private static boolean isToken(Secret secret) {
        return TYPE.equals(secret.getType());
    }

    private static String annotation(Secret secret, String name) {
        var annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    private static String account(Secret secret) {
        return annotation(secret, NAME);
    }

    private Outcome reconcile(Key key) {
        var found = secrets.find(key).filter(LegacyTokenController::isToken);
        if (found.isEmpty() || Owners.isDeleting(found.get())) {
            return Outcome.done();
        }
        Secret secret = found.get();
        var account = owner(secret);
        if (account.isEmpty()) {
            delete(secret);
        } else if (!wanted(secret, account.get()).equals(secret)) {
            fill(key, account.get());
        }
        return Outcome.done();
    }

    /** The account that a secret names, by its uid too where the secret knows it. */
    private Optional<ServiceAccount> owner(Secret secret) {
        String namespace = secret.getMetadata().getNamespace();
        // The account may be newer than the cache.
        return accounts.find(namespace, account(secret))
                .or(() -> Optional.ofNullable(context.client()
                        .serviceAccounts()
                        .inNamespace(namespace)
                        .withName(account(secret))
                        .get()))
                .filter(account -> annotation(secret, UID).isEmpty()
                        || annotation(secret, UID).equals(account.getMetadata().getUid()));
    }

    private void delete(Secret secret) {
        try {
            context.client().resource(secret).delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 404 && e.getCode() != 409) {
                throw e;
            }
        }
    }

    /** The live secret, completed: the cached one may lack a token that it has by now. */
    private void fill(Key key, ServiceAccount account) {
        Secret live = context.client()
                .secrets()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get();
        if (live == null
                || !isToken(live)
                || Owners.isDeleting(live)
                || !account(live).equals(account.getMetadata().getName())) {
            return;
        }
        Secret wanted = wanted(live, account);
        if (!wanted.equals(live)) {
            context.client().resource(wanted).update();
        }
    }

    private Secret wanted(Secret secret, ServiceAccount account) {
        String namespace = secret.getMetadata().getNamespace();
        String name = account.getMetadata().getName();
        String uid = account.getMetadata().getUid();
        Map<String, String> data = new HashMap<>(Objects.requireNonNullElse(secret.getData(), Map.of()));
        if (Objects.requireNonNullElse(data.get("token"), "").isEmpty()) {
            data.put("token", encode(signer.sign(namespace, secret.getMetadata().getName(), name, uid)));
        }
        rootCa.ifPresent(bundle -> data.put("ca.crt", encode(bundle)));
        data.put("namespace", encode(namespace));
        return new SecretBuilder(secret)
                .editMetadata()
                .addToAnnotations(NAME, name)
                .addToAnnotations(UID, uid)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
