package io.pilothouse.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SecretCipherTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final byte[] CONTEXT = "/registry/secrets/a/b".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PLAIN = "k8s\0 a value of some length".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();

    @Test
    void readsWhatTheCiphersOfThePlatformMade() throws GeneralSecurityException {
        byte[] vector = HEX.parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        var cbc = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cbc.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new IvParameterSpec(vector));
        assertThat(AesCbc.of(KEY, random).decrypt(Bytes.join(vector, cbc.doFinal(PLAIN)), CONTEXT))
                .isEqualTo(PLAIN);

        byte[] nonce = Arrays.copyOf(vector, 12);
        assertThat(AesGcm.of(KEY, random).decrypt(Bytes.join(nonce, gcm(KEY, nonce)), CONTEXT))
                .isEqualTo(PLAIN);
    }

    private static byte[] gcm(byte[] key, byte[] nonce) throws GeneralSecurityException {
        var gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        gcm.updateAAD(CONTEXT);
        return gcm.doFinal(PLAIN);
    }

    @Test
    void anExtendedNonceIsTheInfoOfAKeyDerivedWithHmac() throws GeneralSecurityException {
        byte[] info = HEX.parseHex("a0".repeat(32));
        var hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        hmac.update(info);
        hmac.update((byte) 1);
        byte[] nonce = new byte[12];
        byte[] sealed = Bytes.join(info, Bytes.join(nonce, gcm(hmac.doFinal(), nonce)));

        assertThat(ExtendedNonceGcm.of(KEY, random).decrypt(sealed, CONTEXT)).isEqualTo(PLAIN);
    }

    @Test
    void readsTheBoxOfNaclsOwnTests() throws GeneralSecurityException {
        byte[] key = HEX.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        byte[] sealed = HEX.parseHex(
                "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"
                        + "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a"
                        + "c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
                        + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");

        assertThat(HEX.formatHex(new SecretBox(key, random).decrypt(sealed, CONTEXT)))
                .startsWith(
                        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129")
                .endsWith("97040e082f937763848645e0705");
    }

    @Test
    void readsItsOwnAndRefusesWhatWasChangedOrMoved() throws GeneralSecurityException {
        for (var cipher : List.of(
                AesGcm.of(KEY, random),
                ExtendedNonceGcm.of(KEY, random),
                new SecretBox(KEY, random),
                AesCbc.of(KEY, random))) {
            byte[] sealed = cipher.encrypt(PLAIN, CONTEXT);
            assertThat(cipher.decrypt(sealed, CONTEXT)).isEqualTo(PLAIN);
            if (cipher instanceof AesCbc) {
                continue;
            }
            sealed[sealed.length - 1] ^= 1;
            assertThatThrownBy(() -> cipher.decrypt(sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
            if (!(cipher instanceof SecretBox)) {
                byte[] whole = cipher.encrypt(PLAIN, CONTEXT);
                assertThatThrownBy(() -> cipher.decrypt(whole, Bytes.of("/registry/secrets/a/c")))
                        .isInstanceOf(GeneralSecurityException.class);
            }
        }
    }
}
