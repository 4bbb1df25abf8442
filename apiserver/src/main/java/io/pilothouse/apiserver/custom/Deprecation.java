package io.pilothouse.apiserver.custom;

import io.pilothouse.apiserver.discovery.GroupOrder;

/** What those are told who use a version that is on its way out. */
final class Deprecation {
    private Deprecation() {}

    static String of(DefinitionSpec spec, DefinitionSpec.Version version) {
        var given = version.node().path("deprecationWarning");
        if (given.isTextual()) {
            return given.asText();
        }
        String text = spec.group() + "/" + version.name() + " " + spec.kind() + " is deprecated";
        return spec.versions().stream()
                .filter(v -> v.served()
                        && !v.node().path("deprecated").asBoolean()
                        && GroupOrder.VERSIONS.compare(v.name(), version.name()) < 0)
                .map(DefinitionSpec.Version::name)
                .min(GroupOrder.VERSIONS)
                .map(better -> text + "; use " + spec.group() + "/" + better + " " + spec.kind())
                .orElse(text);
    }
}
