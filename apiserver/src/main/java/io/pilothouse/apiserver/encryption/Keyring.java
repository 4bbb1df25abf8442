package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.util.List;

/** A cipher under several keys, named in what is stored. The first one encrypts, all decrypt. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Keyring(byte[] prefix, List<Key> keys) implements Provider {
    /** A key and its name. */
    record Key(String name, SecretCipher cipher) {
        private byte[] mark() {
            return Bytes.of(name + ":");
        }
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) throws GeneralSecurityException {
        var first = keys.getFirst();
        return Bytes.join(first.mark(), first.cipher().encrypt(plain, context));
    }

    @Override
    public Opened open(byte[] sealed, byte[] context) throws GeneralSecurityException {
        GeneralSecurityException wrong = null;
        for (int i = 0; i < keys.size(); i++) {
            byte[] mark = keys.get(i).mark();
            if (Bytes.startsWith(sealed, mark)) {
                try {
                    byte[] rest = Bytes.slice(sealed, mark.length, sealed.length);
                    return new Opened(keys.get(i).cipher().decrypt(rest, context), i > 0);
                } catch (GeneralSecurityException e) {
                    // Another key may have the same name.
                    wrong = e;
                }
            }
        }
        throw wrong != null
                ? wrong
                : new GeneralSecurityException("no matching key was found for the provided transformer");
    }

    @Override
    public String toString() {
        return "Keyring" + keys.stream().map(Key::name).toList();
    }
}
