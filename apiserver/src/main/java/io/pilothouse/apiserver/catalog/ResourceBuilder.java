package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Collects a definition's facts; each method says one thing of the resource. */
public final class ResourceBuilder {
    final GroupResource groupResource;
    final String singular;
    final String kind;
    boolean namespaced = true;
    boolean stored = true;
    List<String> shortNames = List.of();
    List<String> categories = List.of();
    List<String> verbs = ResourceDefinition.ALL_VERBS;
    final List<ServedVersion> versions = new ArrayList<>();
    String storagePrefix;
    ResourceDefinition.Encoding encoding = ResourceDefinition.Encoding.PROTOBUF;
    Strategy strategy = Strategy.NONE;
    final Map<String, Subresource> subresources = new LinkedHashMap<>();
    List<Column> columns = List.of();
    Function<ObjectNode, ArrayNode> rowConditions = object -> JsonNodeFactory.instance.arrayNode();
    final Map<String, Function<ObjectNode, String>> selectableFields = new LinkedHashMap<>();
    final Map<GroupVersionKind, Map<String, String>> fieldLabels = new LinkedHashMap<>();
    UnaryOperator<String> refusedSelector = field -> "field label not supported: " + field;
    Optional<Predicate<String>> generationFields = Optional.empty();
    CachedForm cachedForm = CachedForm.SAME;
    Optional<EtcdForm> etcdForm = Optional.empty();
    Optional<GroupVersionKind> hashedKind = Optional.empty();
    Optional<CustomSchema> customSchema = Optional.empty();
    Lifetime lifetime = Lifetime.ENDLESS;
    String listKind;
    String deprecation = "";
    final Map<String, List<String>> resetFields = new LinkedHashMap<>();
    boolean createOnUpdate;
    boolean statusOnCreate;
    boolean unconditionalUpdate = true;
    boolean returnsDeletedObject;
    String defaultPropagation = "Background";
    boolean collectsDependents = true;
    boolean custom;
    DeletionRule deletion = StandardDeletion.INSTANCE;
    long ttlSeconds;
    NameRule nameRule = NameRule.SUBDOMAIN;

    ResourceBuilder(GroupResource groupResource, String singular, String kind) {
        this.groupResource = groupResource;
        this.singular = singular;
        this.kind = kind;
        this.listKind = kind + "List";
        this.storagePrefix = "/registry/" + groupResource.resource() + "/";
    }

    public ResourceBuilder clusterScoped() {
        namespaced = false;
        return this;
    }

    /** Serves the kind in a version of the resource's own group; the first one is the storage version. */
    public ResourceBuilder version(String version, Schemas schemas) {
        var gvk = new GroupVersionKind(groupResource.group(), version, kind);
        return version(ServedVersion.same(gvk, schemas.type(gvk)));
    }

    public ResourceBuilder version(ServedVersion version) {
        versions.add(version);
        return this;
    }

    public ResourceBuilder shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public ResourceBuilder categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public ResourceBuilder verbs(String... names) {
        verbs = List.of(names);
        return this;
    }

    /** The resource is answered, not kept. */
    public ResourceBuilder notStored() {
        stored = false;
        return this;
    }

    /** Where upstream keeps the objects, below {@code /registry}. */
    public ResourceBuilder storedUnder(String path) {
        storagePrefix = "/registry/" + path + "/";
        return this;
    }

    public ResourceBuilder storedAsJson() {
        encoding = ResourceDefinition.Encoding.JSON;
        return this;
    }

    /** Declared by a CustomResourceDefinition: stored as JSON below the group's name. */
    public ResourceBuilder custom() {
        custom = true;
        return storedAsJson().storedUnder(groupResource.group() + "/" + groupResource.resource());
    }

    public ResourceBuilder strategy(Strategy value) {
        strategy = value;
        return this;
    }

    public ResourceBuilder subresource(Subresource value) {
        subresources.put(value.name(), value);
        return this;
    }

    /** A status that only its subresource writes, with upstream's usual rule: the rest of the object stays. */
    public ResourceBuilder status() {
        return status(StatusView.KEEPS_LABELS);
    }

    /** A status that only its subresource writes. */
    public ResourceBuilder status(ViewStrategy rules) {
        return subresource(new Subresource.View("status", List.of("get", "patch", "update"), rules));
    }

    public ResourceBuilder columns(Column... value) {
        columns = List.of(value);
        return this;
    }

    public ResourceBuilder rowConditions(Function<ObjectNode, ArrayNode> value) {
        rowConditions = value;
        return this;
    }

    public ResourceBuilder selectable(String field, Function<ObjectNode, String> reader) {
        selectableFields.put(field, reader);
        return this;
    }

    /** Other names for selectable fields, in one version: by its name, the resource's own. */
    public ResourceBuilder fieldLabels(GroupVersionKind version, Map<String, String> names) {
        fieldLabels.put(version, Map.copyOf(names));
        return this;
    }

    /** How a selector of a field that does not select is refused, by its name. */
    public ResourceBuilder refusedSelector(UnaryOperator<String> words) {
        refusedSelector = words;
        return this;
    }

    public ResourceBuilder generation(String... fields) {
        var counted = Set.of(fields);
        generationFields = Optional.of(counted::contains);
        return this;
    }

    /** Any top-level field's change is a new generation but these'. */
    public ResourceBuilder generationOfAllBut(Set<String> fields) {
        generationFields = Optional.of(field -> !fields.contains(field));
        return this;
    }

    public ResourceBuilder cachedForm(CachedForm form) {
        cachedForm = form;
        return this;
    }

    /** Stored as JSON in a version of its own. */
    public ResourceBuilder storedAs(EtcdForm form) {
        etcdForm = Optional.of(form);
        return storedAsJson();
    }

    /** The kind that stands in etcd, where it is not that of the first version. */
    public ResourceBuilder storedKind(GroupVersionKind value) {
        hashedKind = Optional.of(value);
        return this;
    }

    public ResourceBuilder customSchema(CustomSchema value) {
        customSchema = Optional.of(value);
        return this;
    }

    public ResourceBuilder lifetime(Lifetime value) {
        lifetime = value;
        return this;
    }

    /** What those are told who use it. */
    public ResourceBuilder deprecated(String warning) {
        deprecation = warning;
        return this;
    }

    public ResourceBuilder listKind(String value) {
        listKind = value;
        return this;
    }

    public ResourceBuilder columns(List<Column> value) {
        columns = List.copyOf(value);
        return this;
    }

    /** What a write of the object (empty) or through a subresource does not change, where it is not what is usual: the status, the spec. */
    public ResourceBuilder resetFields(String subresource, String... fields) {
        resetFields.put(subresource, List.of(fields));
        return this;
    }

    /** A new object keeps the status with which it comes. */
    public ResourceBuilder statusOnCreate() {
        statusOnCreate = true;
        return this;
    }

    public ResourceBuilder createOnUpdate() {
        createOnUpdate = true;
        return this;
    }

    /** A PUT must say which revision it replaces. */
    public ResourceBuilder conditionalUpdate() {
        unconditionalUpdate = false;
        return this;
    }

    public ResourceBuilder returnsDeletedObject() {
        returnsDeletedObject = true;
        return this;
    }

    public ResourceBuilder orphansByDefault() {
        defaultPropagation = "Orphan";
        return this;
    }

    public ResourceBuilder withoutDependents() {
        collectsDependents = false;
        return this;
    }

    public ResourceBuilder deletion(DeletionRule rule) {
        deletion = rule;
        return this;
    }

    public ResourceBuilder ttlSeconds(long seconds) {
        ttlSeconds = seconds;
        return this;
    }

    public ResourceBuilder names(NameRule rule) {
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
