package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.cel.AdmissionExpressions.Compiled;
import io.pilothouse.machinery.cel.IdentityExpressions;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What must hold for an AuthenticationConfiguration, in upstream's words. */
final class JwtValidation {
    private static final int MOST = 64;
    private static final String PATH = "[A-Za-z0-9/\\-._~%!$&'()+,;=:]+";
    private static final String BOTH = "claim and expression can't both be set";
    private static final String UNVERIFIED =
            "claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression"
                    + " or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression";

    private final List<FieldError> errors = new ArrayList<>();
    private final Set<String> disallowed;
    private boolean verifiesEmail;
    private @Nullable IdentityExpressions expressions;

    private JwtValidation(List<String> disallowed) {
        this.disallowed = new TreeSet<>(disallowed);
    }

    /** @param disallowed issuers that may not be believed this way */
    static List<FieldError> check(JsonNode config, List<String> disallowed) {
        var validation = new JwtValidation(disallowed);
        validation.root(Field.of(config, validation.errors));
        return validation.errors;
    }

    private void root(Field config) {
        var all = config.child("jwt");
        if (all.size() > MOST) {
            all.add(FieldError.tooMany(all.path(), all.size(), MOST));
            return;
        }
        var urls = new HashSet<String>();
        var discoveries = new HashSet<String>();
        all.each(jwt -> {
            authenticator(jwt);
            var url = jwt.child("issuer", "url");
            if (!urls.add(url.text())) {
                url.duplicate();
            }
            var discovery = jwt.child("issuer", "discoveryURL");
            if (!discovery.isEmpty() && !discoveries.add(discovery.text())) {
                discovery.duplicate();
            }
        });
        var anonymous = config.child("anonymous");
        if (anonymous.present()
                && !anonymous.child("enabled").isTrue()
                && anonymous.child("conditions").size() > 0) {
            anonymous.child("conditions").invalid("enabled should be set to true when conditions are defined");
        }
    }

    /** Most configurations have no expression, and to make what reads them takes a tenth of a second of a server's start. */
    private IdentityExpressions expressions() {
        if (expressions == null) {
            expressions = new IdentityExpressions();
        }
        return expressions;
    }

    private void authenticator(Field jwt) {
        verifiesEmail = false;
        issuer(jwt.child("issuer"));
        claimRules(jwt.child("claimValidationRules"));
        mappings(jwt.child("claimMappings"));
        userRules(jwt.child("userValidationRules"));
    }

    private void issuer(Field issuer) {
        var url = issuer.child("url");
        if (url.isEmpty()) {
            url.required("");
        } else {
            url(url, disallowed);
        }
        var discovery = issuer.child("discoveryURL");
        if (!discovery.isEmpty()) {
            if (!url.isEmpty() && trimmed(url.text()).equals(trimmed(discovery.text()))) {
                discovery.invalid("discoveryURL must be different from URL");
            }
            url(discovery, Set.of());
        }
        audiences(issuer);
        var authority = issuer.child("certificateAuthority");
        if (!authority.isEmpty()) {
            try {
                Pem.certificates(authority.text().getBytes(StandardCharsets.UTF_8), "certificateAuthority");
            } catch (IOException e) {
                authority.invalid("<omitted>", "data does not contain any valid RSA or ECDSA certificates");
            }
        }
        var egress = issuer.child("egressSelectorType");
        if (!egress.isEmpty()) {
            egress.invalid("egress selectors are not supported here");
        }
    }

    private static String trimmed(String url) {
        return url.replaceFirst("/+$", "");
    }

    private static void url(Field url, Set<String> disallowed) {
        if (disallowed.contains(url.text())) {
            url.invalid("URL must not overlap with disallowed issuers: [" + String.join(" ", disallowed) + "]");
        }
        try {
            var parsed = new URI(url.text());
            if (!"https".equals(parsed.getScheme())) {
                url.invalid("URL scheme must be https");
            }
            if (parsed.getRawUserInfo() != null) {
                url.invalid("URL must not contain a username or password");
            }
            if (parsed.getRawQuery() != null && !parsed.getRawQuery().isEmpty()) {
                url.invalid("URL must not contain a query");
            }
            if (parsed.getRawFragment() != null && !parsed.getRawFragment().isEmpty()) {
                url.invalid("URL must not contain a fragment");
            }
        } catch (URISyntaxException e) {
            url.invalid(String.valueOf(e.getMessage()));
        }
    }

    private static void audiences(Field issuer) {
        var audiences = issuer.child("audiences");
        var policy = issuer.child("audienceMatchPolicy");
        if (audiences.size() == 0) {
            audiences.required("at least one " + audiences.path() + " is required");
            return;
        }
        var seen = new HashSet<String>();
        audiences.each(audience -> {
            if (audience.isEmpty()) {
                audience.required("");
            }
            if (!seen.add(audience.text())) {
                audience.duplicate();
            }
        });
        if (audiences.size() > 1 && !policy.is("MatchAny")) {
            policy.invalid(policy.text(), "audienceMatchPolicy must be MatchAny for multiple audiences");
        }
        if (audiences.size() == 1 && !policy.isEmpty() && !policy.is("MatchAny")) {
            policy.invalid("audienceMatchPolicy must be empty or MatchAny for single audience");
        }
    }

    private void claimRules(Field rules) {
        var claims = new HashSet<String>();
        var seen = new HashSet<String>();
        rules.each(rule -> {
            var claim = rule.child("claim");
            var expression = rule.child("expression");
            if (!claim.isEmpty() && !expression.isEmpty()) {
                rule.invalid(claim.text(), BOTH);
            } else if (!claim.isEmpty()) {
                onlyWithout(rule.child("message"), "may not be specified when claim is set");
                if (!claims.add(claim.text())) {
                    claim.duplicate();
                }
            } else if (!expression.isEmpty()) {
                onlyWithout(rule.child("requiredValue"), "may not be specified when expression is set");
                if (seen.add(expression.text())) {
                    noteVerified(compile(expression, text -> expressions().claimCondition(text)));
                } else {
                    expression.duplicate();
                }
            } else {
                rule.required("claim or expression is required");
            }
        });
    }

    private static void onlyWithout(Field field, String why) {
        if (!field.isEmpty()) {
            field.invalid(why);
        }
    }

    private void mappings(Field mappings) {
        var username = mappings.child("username");
        var name = prefixed(username, true);
        noteVerified(name);
        prefixed(mappings.child("groups"), false);
        var uid = mappings.child("uid");
        if (!uid.child("claim").isEmpty() && !uid.child("expression").isEmpty()) {
            uid.invalid("", BOTH);
        } else if (!uid.child("expression").isEmpty()) {
            compile(uid.child("expression"), text -> expressions().claim(text));
        }
        var keys = new HashSet<String>();
        mappings.child("extra").each(extra -> extra(extra, keys));
        if (IdentityExpressions.selects(name, "email") && !verifiesEmail) {
            username.child("expression").invalid(UNVERIFIED);
        }
    }

    private void extra(Field extra, Set<String> keys) {
        var key = extra.child("key");
        domainPrefixed(key);
        if (!key.text().equals(key.text().toLowerCase(Locale.ROOT))) {
            key.invalid("must be lowercase");
        }
        int slash = key.text().indexOf('/');
        String domain = "." + (slash < 0 ? "" : key.text().substring(0, slash));
        if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
            key.invalid("k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use");
        }
        var value = extra.child("valueExpression");
        if (!keys.add(key.text())) {
            key.duplicate();
        } else if (value.isEmpty()) {
            value.required("");
        } else {
            noteVerified(compile(value, text -> expressions().claim(text)));
        }
    }

    private static void domainPrefixed(Field key) {
        if (key.isEmpty()) {
            key.required("");
            return;
        }
        int slash = key.text().indexOf('/');
        if (slash <= 0 || slash == key.text().length() - 1) {
            key.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String domain = key.text().substring(0, slash);
        LabelFormat.subdomain(domain).forEach(problem -> key.invalid(domain, problem));
        String path = key.text().substring(slash + 1);
        if (!path.matches(PATH)) {
            key.invalid(path, LabelFormat.regexError("Invalid path", PATH));
        }
    }

    private Compiled prefixed(Field mapping, boolean wanted) {
        var claim = mapping.child("claim");
        var expression = mapping.child("expression");
        var prefix = mapping.child("prefix");
        if (!claim.isEmpty() && !expression.isEmpty()) {
            mapping.invalid("", BOTH);
        } else if (!expression.isEmpty()) {
            if (prefix.present()) {
                prefix.invalid("may not be specified when expression is set");
            }
            return compile(expression, text -> expressions().claim(text));
        } else if (!claim.isEmpty()) {
            if (!prefix.present()) {
                prefix.required(
                        "prefix is required when claim is set. It can be set to an empty string to disable prefixing");
            }
        } else if (wanted) {
            mapping.required("claim or expression is required");
        }
        return new Compiled(null, null);
    }

    private void userRules(Field rules) {
        var seen = new HashSet<String>();
        rules.each(rule -> {
            var expression = rule.child("expression");
            if (expression.isEmpty()) {
                expression.required("");
            } else if (seen.add(expression.text())) {
                compile(expression, text -> expressions().userCondition(text));
            } else {
                expression.duplicate();
            }
        });
    }

    private void noteVerified(Compiled compiled) {
        verifiesEmail |= IdentityExpressions.selects(compiled, "email_verified");
    }

    private static Compiled compile(Field expression, Function<String, Compiled> compiler) {
        var compiled = compiler.apply(expression.text());
        compiled.failure().ifPresent(expression::invalid);
        return compiled;
    }
}
