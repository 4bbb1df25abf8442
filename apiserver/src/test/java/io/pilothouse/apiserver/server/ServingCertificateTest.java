package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingCertificateTest {
    @Test
    void holdsForAYearFromFiveMinutesAgo() throws IOException {
        var now = Instant.parse("2030-02-03T04:05:06.7Z");
        var made = ServingCertificate.load(new ApiServerOptions(), Clock.fixed(now, ZoneOffset.UTC))
                .chain()
                .getFirst();
        assertThat(made.getNotBefore()).isEqualTo("2030-02-03T04:00:06Z");
        assertThat(made.getNotAfter()).isEqualTo("2031-02-03T04:00:06Z");
    }

    @Test
    void certDirKeepsTheCertificateForTheNextStart(@TempDir Path directory) throws IOException {
        var options = new ApiServerOptions();
        options.bindAddress = "127.0.0.1";
        options.certDir = directory.resolve("certs");
        var first = ServingCertificate.load(options, Clock.systemUTC());
        var second = ServingCertificate.load(options, Clock.systemUTC());
        assertThat(second.chain()).isEqualTo(first.chain());
        assertThat(second.key().getEncoded()).isEqualTo(first.key().getEncoded());
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("certs/apiserver.key"))))
                .isEqualTo("rw-------");
    }
}
