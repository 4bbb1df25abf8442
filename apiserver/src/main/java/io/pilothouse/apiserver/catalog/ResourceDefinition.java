package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A resource, declared once. Routes, discovery, OpenAPI, tables, storage keys and cache follow from it. Immutable; made
 * with {@link #of}.
 */
public final class ResourceDefinition {
    /** How objects lie in etcd. */
    public enum Encoding {
        PROTOBUF,
        JSON
    }

    static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final ResourceBuilder facts;

    ResourceDefinition(ResourceBuilder facts) {
        this.facts = facts;
    }

    /** Begins a definition: a namespaced resource with every verb, stored as protobuf under {@code /registry/PLURAL}. */
    public static ResourceBuilder of(String group, String plural, String singular, String kind) {
        return new ResourceBuilder(new GroupResource(group, plural), singular, kind);
    }

    public GroupResource groupResource() {
        return facts.groupResource;
    }

    public String plural() {
        return facts.groupResource.resource();
    }

    public String singular() {
        return facts.singular;
    }

    public String kind() {
        return facts.kind;
    }

    public boolean namespaced() {
        return facts.namespaced;
    }

    public List<String> shortNames() {
        return facts.shortNames;
    }

    public List<String> categories() {
        return facts.categories;
    }

    /** The verbs of the resource itself, sorted. */
    public List<String> verbs() {
        return facts.verbs;
    }

    /** Whether objects are kept at all; a review or a binding is only answered. */
    public boolean stored() {
        return facts.stored;
    }

    /** The served versions, the one that is stored first. */
    public List<ServedVersion> versions() {
        return facts.versions;
    }

    public ServedVersion storageVersion() {
        return facts.versions.getFirst();
    }

    public Optional<ServedVersion> version(GroupVersion version) {
        return facts.versions.stream()
                .filter(v -> v.kind().group().equals(version.group())
                        && v.kind().version().equals(version.version()))
                .findFirst();
    }

    /** The key below which all objects lie, with a slash at its end. */
    public String storagePrefix() {
        return facts.storagePrefix;
    }

    public Encoding encoding() {
        return facts.encoding;
    }

    public Strategy strategy() {
        return facts.strategy;
    }

    public Map<String, Subresource> subresources() {
        return facts.subresources;
    }

    public Optional<Subresource> subresource(String name) {
        return Optional.ofNullable(facts.subresources.get(name));
    }

    public List<Column> columns() {
        return facts.columns;
    }

    /** What a row of the table says of an object besides its cells (meta.k8s.io/v1 TableRowCondition). */
    public Function<ObjectNode, ArrayNode> rowConditions() {
        return facts.rowConditions;
    }

    /** Why a selector of a field that does not select is refused. */
    public String refusedSelector(String field) {
        return facts.refusedSelector.apply(field);
    }

    /** The fields that a field selector may name, besides the metadata's, with how each is read. */
    public Map<String, Function<ObjectNode, String>> selectableFields() {
        return facts.selectableFields;
    }

    /** The names that a version has for the selectable fields; empty where it has the resource's own. */
    public Map<String, String> fieldLabels(ServedVersion version) {
        return facts.fieldLabels.getOrDefault(version.kind(), Map.of());
    }

    /** Whether objects count their generations. */
    public boolean keepsGeneration() {
        return facts.generationFields.isPresent();
    }

    /** Whether a change makes a new generation of an object. */
    public boolean isNewGeneration(ObjectNode object, ObjectNode old) {
        return facts.generationFields.isPresent()
                && Stream.concat(object.propertyStream(), old.propertyStream())
                        .map(Map.Entry::getKey)
                        .filter(facts.generationFields.get())
                        .anyMatch(f -> !Objects.equals(object.get(f), old.get(f)));
    }

    /** How the cache holds the objects. */
    public CachedForm cachedForm() {
        return facts.cachedForm;
    }

    /** The version that lies in etcd, where it is not the storage version. */
    public Optional<EtcdForm> etcdForm() {
        return facts.etcdForm;
    }

    /** The kind under which clients know where the resource is stored. */
    public GroupVersionKind storedKind() {
        return facts.hashedKind.orElseGet(() -> storageVersion().kind());
    }

    /** What a custom resource's definition says of its fields; empty for built-in kinds. */
    public Optional<CustomSchema> customSchema() {
        return facts.customSchema;
    }

    public Lifetime lifetime() {
        return facts.lifetime;
    }

    /** What those are told who use it; empty where there is nothing to tell. */
    public String deprecation() {
        return facts.deprecation;
    }

    public String listKind() {
        return facts.listKind;
    }

    /** Whether the status can only be written through its subresource. */
    public boolean separateStatus() {
        return facts.subresources.containsKey("status");
    }

    /** The fields that a write of the object (empty) or through a subresource does not change, whatever the client sends: nobody manages them by it. */
    public List<String> resetFields(String subresource) {
        return facts.resetFields.getOrDefault(
                subresource,
                subresource.isEmpty() && separateStatus()
                        ? List.of("status")
                        : subresource.equals("status") ? List.of("spec") : List.of());
    }

    /** Whether a new object may come with a status, though only the subresource writes it later. */
    public boolean statusOnCreate() {
        return facts.statusOnCreate;
    }

    public boolean createOnUpdate() {
        return facts.createOnUpdate;
    }

    public boolean unconditionalUpdate() {
        return facts.unconditionalUpdate;
    }

    /** Whether DELETE answers with the object, not with a Status. */
    public boolean returnsDeletedObject() {
        return facts.returnsDeletedObject;
    }

    /** What becomes of dependents where the client does not say. */
    public String defaultPropagation() {
        return facts.defaultPropagation;
    }

    /** Whether deletion can wait for dependents, or leave them; events have none. */
    public boolean collectsDependents() {
        return facts.collectsDependents;
    }

    public DeletionRule deletion() {
        return facts.deletion;
    }

    /** Whether a CustomResourceDefinition declares the resource. */
    public boolean custom() {
        return facts.custom;
    }

    /** Seconds after which an object is gone by itself; 0 for never. */
    public long ttlSeconds() {
        return facts.ttlSeconds;
    }

    /** Which names are valid. */
    public NameRule nameRule() {
        return facts.nameRule;
    }

    public String key(String namespace, String name) {
        return namespaced() ? storagePrefix() + namespace + "/" + name : storagePrefix() + name;
    }

    public String namespaceKey(String namespace) {
        return namespaced() && !namespace.isEmpty() ? storagePrefix() + namespace + "/" : storagePrefix();
    }

    @Override
    public String toString() {
        return facts.groupResource.toString();
    }
}
