package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.apiserver.flags.FlagException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerOptionsTest {
    private static ApiServerOptions parse(String... more) {
        var arguments = new ArrayList<String>();
        arguments.add("--etcd-servers=http://a:1,http://b:1");
        arguments.add("--service-account-issuer=https://issuer.example");
        arguments.add("--service-account-signing-key-file=sa.key");
        arguments.addAll(List.of(more));
        return ApiServerOptions.parse(arguments.toArray(String[]::new));
    }

    @Test
    void etcdMustBeNamed() {
        assertThatThrownBy(ApiServerOptions::parse)
                .isInstanceOf(FlagException.class)
                .hasMessage("required flag(s) \"etcd-servers\" not set");
    }

    @Test
    void theDefaultsAreSound() {
        assertThat(parse().problems()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheValuesIsToldTogether() {
        assertThat(parse(
                                "--etcd-keyfile=k",
                                "--event-ttl=-5s",
                                "--audit-log-mode=x",
                                "--oidc-client-id=c",
                                "--tls-min-version=2")
                        .problems())
                .containsExactly(
                        "--etcd-certfile and --etcd-keyfile go together",
                        "--event-ttl: \"-5s\" is not a duration such as 1h30m or 10s",
                        "invalid audit mode x for --audit-log-mode, allowed modes are \"batch,blocking,blocking-strict\"",
                        "oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set",
                        "--tls-min-version: unknown tls version \"2\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1L << 62})
    void revisionsMayBeRaised(long offset) {
        assertThat(parse("--etcd-revision-offset=" + offset).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, (1L << 62) + 1})
    void revisionsOutOfReachAreRefused(long offset) {
        assertThat(parse("--etcd-revision-offset=" + offset).problems())
                .containsExactly("--etcd-revision-offset: " + offset + " is not between 0 and 4611686018427387904");
    }

    @Test
    void valuesAreShownAsTheyCount() {
        var options =
                parse("--event-ttl=90m", "--oidc-required-claim=a=b", "--profiling=f", "-v3", "--goaway-chance=1e-2");
        assertThat(FlagValues.of(options))
                .containsEntry("etcd-servers", "[http://a:1,http://b:1]")
                .containsEntry("event-ttl", "1h30m0s")
                .containsEntry("etcd-compaction-interval", "5m0s")
                .containsEntry("oidc-required-claim", "a=b")
                .containsEntry("profiling", "false")
                .containsEntry("anonymous-auth", "true")
                .containsEntry("cert-dir", "")
                .containsEntry("v", "3")
                .containsEntry("goaway-chance", "0.01");
        assertThat(options.anonymousAuth).isNull();
    }

    @Test
    void verbosityIsToldAtOnce() {
        var told = new ArrayList<Integer>();
        parse("--v=4").onVerbosity(told::add);
        parse().onVerbosity(told::add);
        assertThat(told).containsExactly(4);
    }
}
