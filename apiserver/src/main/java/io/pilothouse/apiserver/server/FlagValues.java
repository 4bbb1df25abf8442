package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.flags.FlagSet;
import java.util.Map;
import java.util.TreeMap;

/** The flags of a server with their values, printed as upstream prints them. None of them is a secret: those lie in the files they name. */
final class FlagValues {
    private FlagValues() {}

    /** By the flags' names, sorted. */
    static Map<String, String> of(ApiServerOptions options) {
        var flags = new FlagSet("");
        options.declare(flags);
        var values = new TreeMap<String, String>();
        for (var flag : flags.declared()) {
            values.put(flag.name(), flag.text());
        }
        return values;
    }
}
