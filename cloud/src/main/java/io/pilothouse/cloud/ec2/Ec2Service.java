package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.Params;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.QueryService;
import io.pilothouse.cloud.protocol.XmlWriter;
import java.util.Map;
import java.util.TreeMap;

/** The EC2 API. */
public final class Ec2Service {
    private Ec2Service() {}

    /** The service over the region's records. */
    public static QueryService create(
            IamStore iam, AccessControl access, Ec2Store store, InstanceService instances, Resources resources) {
        QueryService service =
                new QueryService("ec2", Protocol.EC2, "http://ec2.amazonaws.com/doc/2016-11-15/", access);
        new NetworkActions(iam, store, resources).register(service);
        new SecurityGroupActions(iam, store, resources).register(service);
        new LaunchTemplateActions(iam, store).register(service);
        new InstanceActions(iam, store, instances).register(service);
        new CatalogueActions(iam).register(service);
        new TagActions(store).register(service);
        return service;
    }

    /** The tags that a request wants on a new resource of that type. */
    static Map<String, String> tags(Params params, String type) {
        Map<String, String> tags = new TreeMap<>();
        for (Params spec : params.structs("TagSpecification")) {
            if (spec.required("ResourceType").equals(type)) {
                tags.putAll(spec.tags("Tag"));
            }
        }
        return tags;
    }

    static void tags(XmlWriter out, Map<String, String> tags) {
        out.list(
                "tagSet",
                "item",
                tags.entrySet(),
                t -> out.text("key", t.getKey()).text("value", t.getValue()));
    }

    /** EC2's answer to a change without a result of its own. */
    static void done(XmlWriter out) {
        out.text("return", true);
    }

    static AwsException invalid(String message) {
        return new AwsException(400, "InvalidParameterValue", message);
    }
}
