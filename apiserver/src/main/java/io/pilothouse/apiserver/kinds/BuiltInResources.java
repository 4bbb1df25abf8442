package io.pilothouse.apiserver.kinds;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.reviews.Reviews;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.util.ArrayList;
import java.util.List;

/** The list of what is built in. A new resource is a file of its own and a line here. */
public final class BuiltInResources {
  private BuiltInResources() {}

  /** Finds types among those of the model. */
  public static Schemas schemas(BuiltInTypes types) {
    return kind -> types.type(kind).orElseThrow(() -> new IllegalArgumentException("the model has no type for " + kind));
  }

  public static Catalog catalog(Schemas schemas) {
    var all = new ArrayList<ResourceDefinition>();
    all.addAll(core(schemas));
    all.addAll(Reviews.definitions(schemas));
    return new Catalog(all);
  }

  private static List<ResourceDefinition> core(Schemas schemas) {
    return List.of(
        Namespaces.definition(schemas),
        ConfigMaps.definition(schemas));
  }
}
