package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
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

    private final Builder facts;

    private ResourceDefinition(Builder facts) {
        this.facts = facts;
    }

    /** Begins a definition: a namespaced resource with every verb, stored as protobuf under {@code /registry/PLURAL}. */
    public static Builder of(String group, String plural, String singular, String kind) {
        return new Builder(new GroupResource(group, plural), singular, kind);
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
        return facts.refusedSelector.isEmpty()
                ? "field label not supported: " + field
                : facts.refusedSelector.formatted(GoText.quote(field));
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

    /** Collects a definition's facts; each method says one thing of the resource. */
    public static final class Builder {
        private final GroupResource groupResource;
        private final String singular;
        private final String kind;
        private boolean namespaced = true;
        private boolean stored = true;
        private List<String> shortNames = List.of();
        private List<String> categories = List.of();
        private List<String> verbs = ALL_VERBS;
        private final List<ServedVersion> versions = new ArrayList<>();
        private String storagePrefix;
        private Encoding encoding = Encoding.PROTOBUF;
        private Strategy strategy = Strategy.NONE;
        private final Map<String, Subresource> subresources = new LinkedHashMap<>();
        private List<Column> columns = List.of();
        private Function<ObjectNode, ArrayNode> rowConditions = object -> JsonNodeFactory.instance.arrayNode();
        private final Map<String, Function<ObjectNode, String>> selectableFields = new LinkedHashMap<>();
        private final Map<GroupVersionKind, Map<String, String>> fieldLabels = new LinkedHashMap<>();
        private String refusedSelector = "";
        private Optional<Predicate<String>> generationFields = Optional.empty();
        private CachedForm cachedForm = CachedForm.SAME;
        private Optional<EtcdForm> etcdForm = Optional.empty();
        private Optional<GroupVersionKind> hashedKind = Optional.empty();
        private Optional<CustomSchema> customSchema = Optional.empty();
        private Lifetime lifetime = Lifetime.ENDLESS;
        private String listKind;
        private String deprecation = "";
        private final Map<String, List<String>> resetFields = new LinkedHashMap<>();
        private boolean createOnUpdate;
        private boolean statusOnCreate;
        private boolean unconditionalUpdate = true;
        private boolean returnsDeletedObject;
        private String defaultPropagation = "Background";
        private boolean collectsDependents = true;
        private boolean custom;
        private DeletionRule deletion = StandardDeletion.INSTANCE;
        private long ttlSeconds;
        private NameRule nameRule = NameRule.SUBDOMAIN;

        private Builder(GroupResource groupResource, String singular, String kind) {
            this.groupResource = groupResource;
            this.singular = singular;
            this.kind = kind;
            this.listKind = kind + "List";
            this.storagePrefix = "/registry/" + groupResource.resource() + "/";
        }

        public Builder clusterScoped() {
            namespaced = false;
            return this;
        }

        /** Serves the kind in a version of the resource's own group; the first one is the storage version. */
        public Builder version(String version, Schemas schemas) {
            var gvk = new GroupVersionKind(groupResource.group(), version, kind);
            return version(ServedVersion.same(gvk, schemas.type(gvk)));
        }

        public Builder version(ServedVersion version) {
            versions.add(version);
            return this;
        }

        public Builder shortNames(String... names) {
            shortNames = List.of(names);
            return this;
        }

        public Builder categories(String... names) {
            categories = List.of(names);
            return this;
        }

        public Builder verbs(String... names) {
            verbs = List.of(names);
            return this;
        }

        /** The resource is answered, not kept. */
        public Builder notStored() {
            stored = false;
            return this;
        }

        /** Where upstream keeps the objects, below {@code /registry}. */
        public Builder storedUnder(String path) {
            storagePrefix = "/registry/" + path + "/";
            return this;
        }

        public Builder storedAsJson() {
            encoding = Encoding.JSON;
            return this;
        }

        /** Declared by a CustomResourceDefinition: stored as JSON below the group's name. */
        public Builder custom() {
            custom = true;
            return storedAsJson().storedUnder(groupResource.group() + "/" + groupResource.resource());
        }

        public Builder strategy(Strategy value) {
            strategy = value;
            return this;
        }

        public Builder subresource(Subresource value) {
            subresources.put(value.name(), value);
            return this;
        }

        /** A status that only its subresource writes, with upstream's usual rule: the rest of the object stays. */
        public Builder status() {
            return status(StatusView.KEEPS_LABELS);
        }

        /** A status that only its subresource writes. */
        public Builder status(ViewStrategy rules) {
            return subresource(new Subresource.View("status", List.of("get", "patch", "update"), rules));
        }

        public Builder columns(Column... value) {
            columns = List.of(value);
            return this;
        }

        public Builder rowConditions(Function<ObjectNode, ArrayNode> value) {
            rowConditions = value;
            return this;
        }

        public Builder selectable(String field, Function<ObjectNode, String> reader) {
            selectableFields.put(field, reader);
            return this;
        }

        /** Other names for selectable fields, in one version: by its name, the resource's own. */
        public Builder fieldLabels(GroupVersionKind version, Map<String, String> names) {
            fieldLabels.put(version, Map.copyOf(names));
            return this;
        }

        /** How a selector of a field that does not select is refused; what stands for the field comes quoted. */
        public Builder refusedSelector(String format) {
            refusedSelector = format;
            return this;
        }

        public Builder generation(String... fields) {
            var counted = Set.of(fields);
            generationFields = Optional.of(counted::contains);
            return this;
        }

        /** Any top-level field's change is a new generation but these'. */
        public Builder generationOfAllBut(Set<String> fields) {
            generationFields = Optional.of(field -> !fields.contains(field));
            return this;
        }

        public Builder cachedForm(CachedForm form) {
            cachedForm = form;
            return this;
        }

        /** Stored as JSON in a version of its own. */
        public Builder storedAs(EtcdForm form) {
            etcdForm = Optional.of(form);
            return storedAsJson();
        }

        /** The kind that stands in etcd, where it is not that of the first version. */
        public Builder storedKind(GroupVersionKind value) {
            hashedKind = Optional.of(value);
            return this;
        }

        public Builder customSchema(CustomSchema value) {
            customSchema = Optional.of(value);
            return this;
        }

        public Builder lifetime(Lifetime value) {
            lifetime = value;
            return this;
        }

        /** What those are told who use it. */
        public Builder deprecated(String warning) {
            deprecation = warning;
            return this;
        }

        public Builder listKind(String value) {
            listKind = value;
            return this;
        }

        public Builder columns(List<Column> value) {
            columns = List.copyOf(value);
            return this;
        }

        /** What a write of the object (empty) or through a subresource does not change, where it is not what is usual: the status, the spec. */
        public Builder resetFields(String subresource, String... fields) {
            resetFields.put(subresource, List.of(fields));
            return this;
        }

        /** A new object keeps the status with which it comes. */
        public Builder statusOnCreate() {
            statusOnCreate = true;
            return this;
        }

        public Builder createOnUpdate() {
            createOnUpdate = true;
            return this;
        }

        /** A PUT must say which revision it replaces. */
        public Builder conditionalUpdate() {
            unconditionalUpdate = false;
            return this;
        }

        public Builder returnsDeletedObject() {
            returnsDeletedObject = true;
            return this;
        }

        public Builder orphansByDefault() {
            defaultPropagation = "Orphan";
            return this;
        }

        public Builder withoutDependents() {
            collectsDependents = false;
            return this;
        }

        public Builder deletion(DeletionRule rule) {
            deletion = rule;
            return this;
        }

        public Builder ttlSeconds(long seconds) {
            ttlSeconds = seconds;
            return this;
        }

        public Builder names(NameRule rule) {
            nameRule = rule;
            return this;
        }

        public ResourceDefinition build() {
            if (versions.isEmpty()) {
                throw new IllegalStateException(groupResource + " is served in no version");
            }
            return new ResourceDefinition(this);
        }
    }
}
