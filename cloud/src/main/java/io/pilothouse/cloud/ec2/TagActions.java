package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.ec2.Ec2Model.LaunchTemplate;
import io.pilothouse.cloud.ec2.Ec2Model.Recorded;
import io.pilothouse.cloud.ec2.Ec2Model.SecurityGroup;
import io.pilothouse.cloud.ec2.Ec2Model.Subnet;
import io.pilothouse.cloud.ec2.Ec2Model.Vpc;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.QueryCall;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** CreateTags and DeleteTags on anything that has tags. */
final class TagActions {
    private final Ec2Store store;

    TagActions(Ec2Store store) {
        this.store = store;
    }

    void register(QueryService service) {
        service.action("CreateTags", this::create, "ResourceId", "Tag")
                .action("DeleteTags", this::delete, "ResourceId", "Tag");
    }

    private void create(QueryCall call, XmlWriter out) {
        Map<String, String> added = call.params().tags("Tag");
        call.params()
                .list("ResourceId")
                .forEach(id -> change(id, tags -> {
                    Map<String, String> all = new TreeMap<>(tags);
                    all.putAll(added);
                    return all;
                }));
        Ec2Service.done(out);
    }

    private void delete(QueryCall call, XmlWriter out) {
        var removed = call.params().structs("Tag").stream()
                .map((Params t) -> t.required("Key"))
                .toList();
        call.params()
                .list("ResourceId")
                .forEach(id -> change(id, tags -> {
                    Map<String, String> left = new TreeMap<>(tags);
                    removed.forEach(left::remove);
                    return left;
                }));
        Ec2Service.done(out);
    }

    private void change(String id, UnaryOperator<Map<String, String>> tags) {
        boolean found = switch (id.substring(0, Math.max(0, id.indexOf('-')))) {
            case "i" ->
                store.instances()
                        .update(id, (Instance i) -> i.withTags(tags.apply(i.tags())))
                        .isPresent();
            case "vpc" ->
                store.vpcs()
                        .update(id, v -> new Vpc(v.id(), v.cidr(), v.isDefault(), tags.apply(v.tags())))
                        .isPresent();
            case "subnet" ->
                store.subnets()
                        .update(
                                id,
                                s -> new Subnet(
                                        s.id(), s.vpcId(), s.cidr(), s.zone(), s.isDefault(), tags.apply(s.tags())))
                        .isPresent();
            case "sg" ->
                store.groups()
                        .update(
                                id,
                                g -> new SecurityGroup(
                                        g.id(), g.name(), g.description(), g.vpcId(), g.rules(), tags.apply(g.tags())))
                        .isPresent();
            case "lt" ->
                store.templates()
                        .update(
                                id,
                                t -> new LaunchTemplate(
                                        t.id(),
                                        t.name(),
                                        t.createdMillis(),
                                        t.defaultVersion(),
                                        t.versions(),
                                        tags.apply(t.tags())))
                        .isPresent();
            default ->
                store.recorded()
                        .update(id, r -> new Recorded(r.id(), r.type(), r.properties(), tags.apply(r.tags())))
                        .isPresent();
        };
        if (!found) {
            throw Ec2Store.notFound("ID", id);
        }
    }
}
