package io.pilothouse.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentityLeaseTest {
    @Test
    void isNamedByTheHashOfHostAndComponent() {
        // sha256(0x0009 "localhost" 0x000e "kube-apiserver"), 16 bytes, base32
        assertThat(IdentityLease.identityOf("localhost")).isEqualTo("apiserver-l2yubf4cvcl5c7a3wrubrwqdve");
    }
}
