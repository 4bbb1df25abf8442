package io.pilothouse.apiserver.kinds.pod;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.IpFormat;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How a pod finds others by name, and by which name it is found. */
final class NetworkValidation {
    private static final int MAX_NAME_SERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;
    private static final int LONGEST_HOST_NAME = 64;
    private static final int LONGEST_DOMAIN = 253;
    private static final String DOMAIN_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String DOMAIN = DOMAIN_LABEL + "(\\." + DOMAIN_LABEL + ")*";
    private static final Pattern DOMAIN_PATTERN = Pattern.compile(DOMAIN);

    private NetworkValidation() {}

    static void dns(Field spec) {
        var config = spec.child("dnsConfig");
        var servers = config.child("nameservers");
        if (spec.child("dnsPolicy").is("None")) {
            if (!config.present()) {
                config.required("must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (servers.isEmpty()) {
                servers.required("must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (servers.size() > MAX_NAME_SERVERS) {
            servers.invalid("must not have more than " + MAX_NAME_SERVERS + " nameservers");
        }
        servers.each(server -> server.matches(IpFormat::strictIp));
        searches(config.child("searches"));
        config.child("options").each(option -> {
            if (option.child("name").isEmpty()) {
                option.required("must not be empty");
            }
        });
    }

    private static void searches(Field searches) {
        if (searches.size() > MAX_SEARCHES) {
            searches.invalid("must not have more than " + MAX_SEARCHES + " search paths");
        }
        var all = new ArrayList<String>();
        searches.each(search -> all.add(search.text()));
        if (String.join(" ", all).length() > MAX_SEARCH_CHARACTERS) {
            searches.invalid("must not have more than " + MAX_SEARCH_CHARACTERS
                    + " characters (including spaces) in the search list");
        }
        searches.each(search -> {
            String text = search.text();
            if (!text.equals(".")) {
                String domain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
                domain(domain).forEach(problem -> search.invalid(domain, problem));
            }
        });
    }

    /** A subdomain whose labels may have underscores. */
    private static List<String> domain(String value) {
        var problems = new ArrayList<String>();
        boolean tooLong = value.length() > LONGEST_DOMAIN;
        if (tooLong) {
            problems.add(LabelFormat.tooLong(LONGEST_DOMAIN));
        }
        if (!DOMAIN_PATTERN.matcher(value).matches()) {
            problems.add(LabelFormat.regexError(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and"
                            + " must start and end with an alphanumeric character",
                    DOMAIN,
                    "example.com"));
        }
        return problems;
    }

    static void hostAliases(Field aliases) {
        aliases.each(alias -> {
            alias.child("ip").matches(IpFormat::strictIp);
            alias.child("hostnames").each(name -> name.matches(LabelFormat::subdomain));
        });
    }

    static void hostnameOverride(Field spec) {
        var name = spec.child("hostnameOverride");
        if (!name.present()) {
            return;
        }
        if (spec.child("setHostnameAsFQDN").isTrue()) {
            name.forbidden("may not be specified when setHostnameAsFQDN is true");
        }
        if (spec.child("hostNetwork").isTrue()) {
            name.forbidden("may not be specified when hostNetwork is true");
        }
        if (name.text().length() > LONGEST_HOST_NAME) {
            name.add(FieldError.tooLong(name.path(), LONGEST_HOST_NAME));
        }
        name.matches(LabelFormat::subdomain);
    }
}
