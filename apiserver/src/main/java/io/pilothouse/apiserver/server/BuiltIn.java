package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.machinery.schema.BuiltInTypes;

/** What every server serves, whatever its flags say. */
record BuiltIn(BuiltInTypes types, Schemas schemas, Catalog catalog) {
    /** Begins to put it together, on a thread of its own. */
    static Ahead<BuiltIn> ahead() {
        return Ahead.start("built-in-resources", BuiltIn::load);
    }

    private static BuiltIn load() {
        var types = BuiltInTypes.load();
        var schemas = BuiltInResources.schemas(types);
        return new BuiltIn(types, schemas, BuiltInResources.catalog(schemas));
    }
}
