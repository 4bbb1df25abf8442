package io.pilothouse.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.iam.token.CanonicalArn;
import io.pilothouse.iam.token.TokenParser;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenParserTest {
    private static final String GOOD = "https://sts.pilot-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
            + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA1%2F20260101%2Fpilot-1%2Fsts%2Faws4_request"
            + "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=00";
    private final TokenParser parser = new TokenParser(
            "aws",
            "pilot-1",
            Set.of("127.0.0.1:4566"),
            Clock.fixed(Instant.parse("2026-01-01T00:14:59Z"), ZoneOffset.UTC));

    private static String token(String url) {
        return "k8s-aws-v1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(url.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void takesAGoodToken() throws AuthenticationFailure {
        assertThat(parser.parse(token(GOOD)).accessKeyId()).isEqualTo("AKIA1");
        parser.parse(token(GOOD.replace("https://sts.pilot-1.amazonaws.com", "http://127.0.0.1:4566")));
        parser.parse(token(GOOD.replace("sts.pilot-1.amazonaws.com", "sts.amazonaws.com")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https: | http: | unexpected scheme",
                "sts.pilot-1 | sts.other-1 | unexpected hostname",
                ".com/? | .com/x? | unexpected path",
                "&X-Amz-Expires=60 | &X-Amz-Expires=60&x-amz-expires=60 | duplicate query parameter",
                "&X-Amz-Expires=60 | &X-Amz-Expires=60&Foo=1 | non-whitelisted",
                "GetCallerIdentity | GetSessionToken | unexpected action",
                "%3Bx-k8s-aws-id | '' | did not sign",
                "Expires=60 | Expires=901 | invalid X-Amz-Expires",
                "Expires=60 | Expires=x | invalid X-Amz-Expires",
                "20260101T000000Z | 2026 | error parsing X-Amz-Date",
                "20260101T000000Z | 20251231T235900Z | is expired",
            })
    void refusesWhatIsNotOne(String from, String to, String message) {
        assertThatThrownBy(() -> parser.parse(token(GOOD.replace(from, to))))
                .isInstanceOf(AuthenticationFailure.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesOtherForms() {
        assertThatThrownBy(() -> parser.parse("k8s-aws-v1." + "a".repeat(4096))).hasMessageContaining("too large");
        assertThatThrownBy(() -> parser.parse("other")).hasMessageContaining("prefix");
        assertThatThrownBy(() -> parser.parse("k8s-aws-v1.%%%")).hasMessageContaining("base64");
    }

    @Test
    void anAssumedRoleBecomesItsRole() {
        assertThat(CanonicalArn.of("arn:aws:sts::1:assumed-role/dev/s")).isEqualTo("arn:aws:iam::1:role/dev");
        assertThat(CanonicalArn.of("arn:aws:iam::1:user/path/bob")).isEqualTo("arn:aws:iam::1:user/path/bob");
        assertThatThrownBy(() -> CanonicalArn.of("arn:aws:s3:::x")).isInstanceOf(IllegalArgumentException.class);
    }
}
