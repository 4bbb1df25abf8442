package io.pilothouse.apiserver.encryption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** What must hold for an EncryptionConfiguration, in upstream's words. */
final class EncryptionValidation {
    private static final List<String> PROVIDERS = List.of("kms", "aesgcm", "aescbc", "secretbox", "identity");
    private static final List<Integer> AES_SIZES = List.of(16, 24, 32);
    private static final List<Integer> BOX_SIZES = List.of(SecretBox.KEY);
    private static final Set<String> NOT_REST =
            Set.of("apiserveripinfo", "serviceipallocations", "servicenodeportallocations");

    private final Function<String, Duration> durations;
    private final List<FieldError> errors = new ArrayList<>();
    private final Set<String> services = new HashSet<>();

    private EncryptionValidation(Function<String, Duration> durations) {
        this.durations = durations;
    }

    static List<FieldError> check(JsonNode config, Function<String, Duration> durations) {
        var validation = new EncryptionValidation(durations);
        validation.root(Field.of(config, validation.errors));
        return validation.errors;
    }

    private void root(Field config) {
        var entries = config.child("resources");
        if (entries.isEmpty()) {
            entries.required("at least one resources is required");
            return;
        }
        entries.each(this::entry);
        if (errors.isEmpty()) {
            masked(config.value());
        }
    }

    private void entry(Field entry) {
        var resources = entry.child("resources");
        var providers = entry.child("providers");
        if (resources.isEmpty()) {
            resources.required("at least one " + resources.path() + " is required");
        }
        overlap(resources);
        resources.each(EncryptionValidation::resource);
        if (providers.isEmpty()) {
            providers.required("at least one " + providers.path() + " is required");
        }
        providers.each(this::provider);
    }

    private static void overlap(Field resources) {
        var patterns = new ArrayList<EncryptionConfig.Pattern>();
        resources.value().forEach(r -> patterns.add(EncryptionConfig.Pattern.parse(r.asText())));
        if (new HashSet<>(patterns).size() < patterns.size()) {
            resources.invalid("the same resource cannot be specified multiple times");
        }
        boolean overlaps = false;
        for (int i = 0; i < patterns.size(); i++) {
            for (int j = 0; j < patterns.size(); j++) {
                var one = patterns.get(i);
                var other = patterns.get(j);
                overlaps |= !one.equals(other)
                        && (one.equals(new EncryptionConfig.Pattern("*", "*"))
                                || (one.group().equals(other.group())
                                        && (one.resource().equals("*")
                                                || other.resource().equals("*"))));
            }
        }
        if (overlaps) {
            resources.invalid(
                    "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked");
        }
    }

    private static void resource(Field resource) {
        String text = resource.text();
        var pattern = EncryptionConfig.Pattern.parse(text);
        if (!text.toLowerCase(Locale.ROOT).equals(text)) {
            resource.invalid("resource name should not contain capital letters");
        } else if (text.equals("*")) {
            resource.invalid(
                    "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources");
        } else if (NOT_REST.contains(text)) {
            resource.invalid("resources which do not have REST API/s cannot be encrypted");
        } else if (pattern.group().equals("events.k8s.io")) {
            resource.invalid(
                    "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file");
        } else if (pattern.group().equals("extensions")) {
            resource.invalid("'extensions' group has been removed and cannot be used for encryption");
        } else if (pattern.group().equals("*") && !pattern.resource().equals("*")) {
            resource.invalid("encrypting the same resource across groups is not supported");
        }
    }

    private void provider(Field provider) {
        var found = PROVIDERS.stream().filter(p -> provider.child(p).present()).toList();
        if (found.isEmpty()) {
            provider.invalid(
                    "REDACTED",
                    "provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity");
        } else if (found.size() > 1) {
            provider.invalid(
                    "REDACTED",
                    "more than one provider specified in a single element, should split into different list elements");
        }
        if (provider.child("kms").present()) {
            service(provider.child("kms"));
        }
        keys(provider.child("aesgcm"), AES_SIZES);
        keys(provider.child("aescbc"), AES_SIZES);
        keys(provider.child("secretbox"), BOX_SIZES);
    }

    private static void keys(Field provider, List<Integer> sizes) {
        if (!provider.present()) {
            return;
        }
        var keys = provider.child("keys");
        if (keys.isEmpty()) {
            keys.required("at least one keys is required");
        }
        keys.each(key -> {
            if (key.child("name").isEmpty()) {
                key.child("name").required("name is a mandatory field for a key");
            }
            secret(key.child("secret"), sizes);
        });
    }

    private static void secret(Field secret, List<Integer> sizes) {
        if (secret.isEmpty()) {
            secret.required("secret is a mandatory field for a key");
            return;
        }
        try {
            int length = Base64.getDecoder().decode(secret.text()).length;
            if (!sizes.contains(length)) {
                secret.invalid(
                        "REDACTED",
                        "secret is not of the expected length, got " + length + ", expected one of "
                                + sizes.toString().replace(",", ""));
            }
        } catch (IllegalArgumentException e) {
            secret.invalid("REDACTED", "secrets must be base64 encoded");
        }
    }

    private void service(Field kms) {
        var name = kms.child("name");
        if (name.isEmpty()) {
            name.required("name is a mandatory field for a provider");
        }
        if (name.text().contains(":")) {
            name.invalid("invalid KMS provider name " + name.text() + ", must not contain ':'");
        }
        if (!services.add(name.text())) {
            name.invalid("duplicate KMS provider name " + name.text() + ", names must be unique");
        }
        timeout(kms.child("timeout"));
        endpoint(kms.child("endpoint"));
        var size = kms.child("cachesize");
        if (size.present()) {
            size.invalid("cachesize is not supported in v2");
        }
        var version = kms.child("apiVersion");
        if (version.isEmpty() || version.is("v1")) {
            version.invalid("KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2"
                    + " instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.");
        } else if (!version.is("v2")) {
            version.invalid("unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported");
        }
    }

    private void timeout(Field timeout) {
        if (!timeout.present()) {
            return;
        }
        try {
            if (durations.apply(timeout.text()).isZero()) {
                timeout.invalid("timeout should be a positive value");
            }
        } catch (IllegalArgumentException e) {
            timeout.invalid("timeout should be a positive value");
        }
    }

    private static void endpoint(Field endpoint) {
        if (endpoint.isEmpty()) {
            endpoint.invalid("", "endpoint is a mandatory field for a kms");
            return;
        }
        try {
            var scheme = URI.create(endpoint.text()).getScheme();
            if (!"unix".equals(scheme)) {
                endpoint.invalid("unsupported scheme \"" + (scheme == null ? "" : scheme)
                        + "\" for KMS provider, only unix is supported");
            }
        } catch (IllegalArgumentException e) {
            endpoint.invalid("invalid endpoint for kms provider, error: " + e.getMessage());
        }
    }

    /** What an earlier entry covers can't be reached by a later one. */
    private void masked(JsonNode config) {
        var seen = new HashSet<EncryptionConfig.Pattern>();
        for (var entry : config.path("resources")) {
            for (var resource : entry.path("resources")) {
                var pattern = EncryptionConfig.Pattern.parse(resource.asText());
                for (var cover : List.of(
                        new EncryptionConfig.Pattern(pattern.group(), "*"), new EncryptionConfig.Pattern("*", "*"))) {
                    if (seen.contains(cover)) {
                        Field.of(config, errors)
                                .child("resources")
                                .invalid(
                                        MissingNode.getInstance(),
                                        "resource \"" + resource.asText() + "\" is masked by earlier rule \"*."
                                                + cover.group() + "\"");
                    }
                }
                seen.add(pattern);
            }
        }
    }
}
