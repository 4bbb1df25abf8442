package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An operation of EKS that is not supported: known by name, and refused so. */
record Refused(String name, String route) implements Operation {
    private static final String ALL = """
            AssociateEncryptionConfig POST /clusters/{name}/encryption-config/associate
            AssociateIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/associate
            CancelUpdate POST /clusters/{name}/updates/{updateId}/cancel-update
            CreateAddon POST /clusters/{name}/addons
            CreateCapability POST /clusters/{name}/capabilities
            CreateEksAnywhereSubscription POST /eks-anywhere-subscriptions
            CreateFargateProfile POST /clusters/{name}/fargate-profiles
            CreatePodIdentityAssociation POST /clusters/{name}/pod-identity-associations
            DeleteAddon DELETE /clusters/{name}/addons/{addonName}
            DeleteCapability DELETE /clusters/{name}/capabilities/{capabilityName}
            DeleteEksAnywhereSubscription DELETE /eks-anywhere-subscriptions/{id}
            DeleteFargateProfile DELETE /clusters/{name}/fargate-profiles/{fargateProfileName}
            DeletePodIdentityAssociation DELETE /clusters/{name}/pod-identity-associations/{associationId}
            DeregisterCluster DELETE /cluster-registrations/{name}
            DescribeAddon GET /clusters/{name}/addons/{addonName}
            DescribeAddonConfiguration GET /addons/configuration-schemas
            DescribeAddonVersions GET /addons/supported-versions
            DescribeCapability GET /clusters/{name}/capabilities/{capabilityName}
            DescribeEksAnywhereSubscription GET /eks-anywhere-subscriptions/{id}
            DescribeFargateProfile GET /clusters/{name}/fargate-profiles/{fargateProfileName}
            DescribeIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/describe
            DescribeInsight GET /clusters/{name}/insights/{id}
            DescribeInsightsRefresh GET /clusters/{name}/insights-refresh
            DescribePodIdentityAssociation GET /clusters/{name}/pod-identity-associations/{associationId}
            DisassociateIdentityProviderConfig POST /clusters/{name}/identity-provider-configs/disassociate
            ListAddons GET /clusters/{name}/addons
            ListCapabilities GET /clusters/{name}/capabilities
            ListEksAnywhereSubscriptions GET /eks-anywhere-subscriptions
            ListFargateProfiles GET /clusters/{name}/fargate-profiles
            ListIdentityProviderConfigs GET /clusters/{name}/identity-provider-configs
            ListInsights POST /clusters/{name}/insights
            ListPodIdentityAssociations GET /clusters/{name}/pod-identity-associations
            RegisterCluster POST /cluster-registrations
            StartInsightsRefresh POST /clusters/{name}/insights-refresh
            UpdateAddon POST /clusters/{name}/addons/{addonName}/update
            UpdateCapability POST /clusters/{name}/capabilities/{capabilityName}
            UpdateEksAnywhereSubscription POST /eks-anywhere-subscriptions/{id}
            UpdateNodegroupVersion POST /clusters/{name}/node-groups/{nodegroupName}/update-version
            UpdatePodIdentityAssociation POST /clusters/{name}/pod-identity-associations/{associationId}
            """;

    static List<Operation> all() {
        List<Operation> all = new ArrayList<>();
        ALL.lines()
                .forEach(line -> all.add(
                        new Refused(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1))));
        return all;
    }

    @Override
    public JsonNode handle(EksCall call) {
        throw EksException.invalidRequest("The operation " + name + " is not supported by Pilothouse.");
    }
}
