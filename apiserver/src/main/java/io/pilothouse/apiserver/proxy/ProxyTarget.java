package io.pilothouse.apiserver.proxy;

import java.util.List;
import java.util.Optional;

/**
 * Where a proxied request goes.
 *
 * @param scheme http or https
 * @param port empty for the scheme's own; may be a name
 * @param kubelet whether it is a kubelet's own port, to which this server shows its certificate
 */
record ProxyTarget(String scheme, String host, String port, boolean kubelet) {
    /** A name in a path that may carry a scheme and a port: NAME, NAME:PORT or SCHEME:NAME:PORT. */
    record Name(String scheme, String name, String port) {
        static Optional<Name> parse(String id) {
            var parts = List.of(id.split(":", -1));
            var name = switch (parts.size()) {
                case 1 -> new Name("", parts.get(0), "");
                case 2 -> new Name("", parts.get(0), parts.get(1));
                case 3 -> new Name(parts.get(0), parts.get(1), parts.get(2));
                default -> new Name("", "", "");
            };
            boolean known = List.of("", "http", "https").contains(name.scheme);
            return known && !name.name.isEmpty() ? Optional.of(name) : Optional.empty();
        }
    }

    static ProxyTarget plain(String scheme, String host, String port) {
        return new ProxyTarget(scheme.isEmpty() ? "http" : scheme, host, port, false);
    }

    /** Host and port as in a URL. */
    String authority() {
        String literal = host.contains(":") ? "[" + host + "]" : host;
        return port.isEmpty() ? literal : literal + ":" + port;
    }

    /** @throws NumberFormatException if it is neither a number nor a name that stands for one */
    int portNumber() {
        return switch (port) {
            case "" -> scheme.equals("https") ? 443 : 80;
            case "http" -> 80;
            case "https" -> 443;
            default -> Integer.parseInt(port);
        };
    }
}
