package io.pilothouse.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM (RFC 7468): certificates, and private keys as PKCS#8, PKCS#1 (RSA) or SEC 1 (EC). */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] RSA_ALGORITHM = hex("300d06092a864886f70d0101010500");
    private static final byte[] EC_OID = hex("06072a8648ce3d0201");

    private Pem() {}

    /** All certificates of a file, in order. */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        return certificates(Files.readAllBytes(file), file.toString());
    }

    /**
     * All certificates, in order; other blocks are passed over.
     *
     * @param source named in errors
     * @throws IOException when there is none or one is malformed
     */
    public static List<X509Certificate> certificates(byte[] pem, String source) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
            while (block.find()) {
                if (block.group(1).equals("CERTIFICATE")) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2), source))));
                }
            }
        } catch (CertificateException e) {
            throw new IOException(source + ": malformed certificate", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(source + ": no PEM certificate");
        }
        return certificates;
    }

    /** The first private key of a file. */
    public static PrivateKey privateKey(Path file) throws IOException {
        return privateKey(Files.readAllBytes(file), file.toString());
    }

    /**
     * The first private key; RSA, EC or Ed25519.
     *
     * @param source named in errors
     * @throws IOException when there is none, it is encrypted or malformed
     */
    public static PrivateKey privateKey(byte[] pem, String source) throws IOException {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return pkcs8(decode(block.group(2), source), source);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrap(RSA_ALGORITHM, decode(block.group(2), source)), source);
                }
                case "EC PRIVATE KEY" -> {
                    byte[] sec1 = decode(block.group(2), source);
                    return pkcs8(wrap(der(0x30, EC_OID, sec1Curve(sec1, source)), sec1), source);
                }
                default -> {} // certificates and EC PARAMETERS may stand before it
            }
        }
        throw new IOException(source + ": no usable PEM private key");
    }

    private static byte[] decode(String base64, String source) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(source + ": malformed base64", e);
        }
    }

    private static PrivateKey pkcs8(byte[] der, String source) throws IOException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Not of this kind: the encoding names its algorithm, and a factory refuses all others.
            }
        }
        throw new IOException(source + ": malformed or unsupported private key");
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(0x30, new byte[] {2, 1, 0}, algorithm, der(0x04, key));
    }

    /** The [0] parameters of an ECPrivateKey, which name the curve. */
    private static byte[] sec1Curve(byte[] sec1, String source) throws IOException {
        int[] at = {0};
        header(sec1, at); // SEQUENCE
        while (at[0] < sec1.length) {
            int tag = sec1[at[0]] & 0xff;
            int length = header(sec1, at);
            if (tag == 0xa0 && at[0] + length <= sec1.length) {
                return java.util.Arrays.copyOfRange(sec1, at[0], at[0] + length);
            }
            at[0] += length;
        }
        throw new IOException(source + ": EC key without a named curve");
    }

    private static int header(byte[] der, int[] at) {
        int length = der[at[0] + 1] & 0xff;
        at[0] += 2;
        if (length > 0x80) {
            int count = length - 0x80;
            length = 0;
            for (int i = 0; i < count; i++) {
                length = (length << 8) | (der[at[0]++] & 0xff);
            }
        }
        return length;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int size = content.size();
        if (size < 0x80) {
            out.write(size);
        } else {
            out.write(0x82);
            out.write(size >> 8);
            out.write(size);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text);
    }
}
