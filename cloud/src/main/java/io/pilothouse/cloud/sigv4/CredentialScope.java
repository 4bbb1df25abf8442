package io.pilothouse.cloud.sigv4;

import java.util.List;
import java.util.Optional;

/** What a signature is limited to: a day (yyyyMMdd), a region and a service. */
public record CredentialScope(String accessKeyId, String date, String region, String service) {

    /** Reads {@code AKID/date/region/service/aws4_request}. */
    public static Optional<CredentialScope> parse(String credential) {
        List<String> parts = List.of(credential.split("/", -1));
        if (parts.size() != 5 || !parts.get(4).equals("aws4_request") || parts.contains("")) {
            return Optional.empty();
        }
        return Optional.of(new CredentialScope(parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
    }

    /** The scope as the string to sign has it. */
    public String text() {
        return date + "/" + region + "/" + service + "/aws4_request";
    }
}
