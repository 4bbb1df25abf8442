package io.pilothouse.apiserver.openapi;

import java.util.Comparator;

/**
 * A parameter of an operation. A path's parameters are required, a query's are not.
 *
 * @param type string, boolean, integer or number
 */
record ApiParameter(String name, Place place, String type, String description) {
    /** The order in which documents list parameters. */
    static final Comparator<ApiParameter> ORDER = Comparator.comparing(ApiParameter::name)
            .thenComparing(p -> p.place().text());

    enum Place {
        PATH,
        QUERY;

        String text() {
            return this == PATH ? "path" : "query";
        }
    }

    static ApiParameter path(String name, String description) {
        return new ApiParameter(name, Place.PATH, "string", description);
    }

    static ApiParameter query(String name, String type, String description) {
        return new ApiParameter(name, Place.QUERY, type, description);
    }

    boolean required() {
        return place == Place.PATH;
    }

    /** Whether two operations speak of the same thing. */
    boolean sameAs(ApiParameter other) {
        return name.equals(other.name) && place == other.place;
    }
}
