package io.pilothouse.apiserver.kinds;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.kinds.admissionregistration.MutatingAdmissionPolicies;
import io.pilothouse.apiserver.kinds.admissionregistration.MutatingAdmissionPolicyBindings;
import io.pilothouse.apiserver.kinds.admissionregistration.MutatingWebhookConfigurations;
import io.pilothouse.apiserver.kinds.admissionregistration.ValidatingAdmissionPolicies;
import io.pilothouse.apiserver.kinds.admissionregistration.ValidatingAdmissionPolicyBindings;
import io.pilothouse.apiserver.kinds.admissionregistration.ValidatingWebhookConfigurations;
import io.pilothouse.apiserver.kinds.apiextensions.CustomResourceDefinitions;
import io.pilothouse.apiserver.kinds.apiregistration.APIServices;
import io.pilothouse.apiserver.kinds.apps.ControllerRevisions;
import io.pilothouse.apiserver.kinds.apps.DaemonSets;
import io.pilothouse.apiserver.kinds.apps.Deployments;
import io.pilothouse.apiserver.kinds.apps.ReplicaSets;
import io.pilothouse.apiserver.kinds.apps.StatefulSets;
import io.pilothouse.apiserver.kinds.autoscaling.HorizontalPodAutoscalers;
import io.pilothouse.apiserver.kinds.batch.CronJobs;
import io.pilothouse.apiserver.kinds.batch.Jobs;
import io.pilothouse.apiserver.kinds.certificates.CertificateSigningRequests;
import io.pilothouse.apiserver.kinds.coordination.Leases;
import io.pilothouse.apiserver.kinds.core.ComponentStatuses;
import io.pilothouse.apiserver.kinds.core.ConfigMaps;
import io.pilothouse.apiserver.kinds.core.Endpoints;
import io.pilothouse.apiserver.kinds.core.Events;
import io.pilothouse.apiserver.kinds.core.LimitRanges;
import io.pilothouse.apiserver.kinds.core.Namespaces;
import io.pilothouse.apiserver.kinds.core.Nodes;
import io.pilothouse.apiserver.kinds.core.PersistentVolumeClaims;
import io.pilothouse.apiserver.kinds.core.PersistentVolumes;
import io.pilothouse.apiserver.kinds.core.PodTemplates;
import io.pilothouse.apiserver.kinds.core.Pods;
import io.pilothouse.apiserver.kinds.core.ReplicationControllers;
import io.pilothouse.apiserver.kinds.core.ResourceQuotas;
import io.pilothouse.apiserver.kinds.core.Secrets;
import io.pilothouse.apiserver.kinds.core.ServiceAccounts;
import io.pilothouse.apiserver.kinds.core.Services;
import io.pilothouse.apiserver.kinds.discovery.EndpointSlices;
import io.pilothouse.apiserver.kinds.flowcontrol.FlowSchemas;
import io.pilothouse.apiserver.kinds.flowcontrol.PriorityLevelConfigurations;
import io.pilothouse.apiserver.kinds.networking.IPAddresses;
import io.pilothouse.apiserver.kinds.networking.IngressClasses;
import io.pilothouse.apiserver.kinds.networking.Ingresses;
import io.pilothouse.apiserver.kinds.networking.NetworkPolicies;
import io.pilothouse.apiserver.kinds.networking.ServiceCIDRs;
import io.pilothouse.apiserver.kinds.node.RuntimeClasses;
import io.pilothouse.apiserver.kinds.policy.PodDisruptionBudgets;
import io.pilothouse.apiserver.kinds.rbac.ClusterRoleBindings;
import io.pilothouse.apiserver.kinds.rbac.ClusterRoles;
import io.pilothouse.apiserver.kinds.rbac.RoleBindings;
import io.pilothouse.apiserver.kinds.rbac.Roles;
import io.pilothouse.apiserver.kinds.resource.DeviceClasses;
import io.pilothouse.apiserver.kinds.resource.ResourceClaimTemplates;
import io.pilothouse.apiserver.kinds.resource.ResourceClaims;
import io.pilothouse.apiserver.kinds.resource.ResourceSlices;
import io.pilothouse.apiserver.kinds.scheduling.PriorityClasses;
import io.pilothouse.apiserver.kinds.storage.CSIDrivers;
import io.pilothouse.apiserver.kinds.storage.CSINodes;
import io.pilothouse.apiserver.kinds.storage.CSIStorageCapacities;
import io.pilothouse.apiserver.kinds.storage.StorageClasses;
import io.pilothouse.apiserver.kinds.storage.VolumeAttachments;
import io.pilothouse.apiserver.kinds.storage.VolumeAttributesClasses;
import io.pilothouse.apiserver.reviews.Reviews;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The list of what is built in. A new resource is a file of its own and a line here. */
public final class BuiltInResources {
    private BuiltInResources() {}

    /** Finds types among those of the model. */
    public static Schemas schemas(BuiltInTypes types) {
        return kind ->
                types.type(kind).orElseThrow(() -> new IllegalArgumentException("the model has no type for " + kind));
    }

    /** Adds descriptions, of columns; those are read when the first table is made. */
    private static Schemas described(Schemas schemas) {
        var descriptions = new ColumnTexts();
        return new Schemas() {
            @Override
            public TypeSchema type(GroupVersionKind kind) {
                return schemas.type(kind);
            }

            @Override
            public Supplier<String> text(String type, String field) {
                return descriptions.of("io.k8s.api." + type, field);
            }
        };
    }

    public static Catalog catalog(Schemas undescribed) {
        var schemas = described(undescribed);
        var all = new ArrayList<ResourceDefinition>();
        all.addAll(core(schemas));
        all.addAll(workloads(schemas));
        all.addAll(cluster(schemas));
        all.addAll(control(schemas));
        all.addAll(Reviews.definitions(schemas));
        all.add(ResourceDefinition.of("", "bindings", "binding", "Binding")
                .version("v1", schemas)
                .verbs("create")
                .notStored()
                .build());
        return new Catalog(all);
    }

    private static List<ResourceDefinition> core(Schemas schemas) {
        return List.of(
                Namespaces.definition(schemas),
                ComponentStatuses.definition(schemas),
                ConfigMaps.definition(schemas),
                Endpoints.definition(schemas),
                Events.definition(schemas),
                LimitRanges.definition(schemas),
                Nodes.definition(schemas),
                PersistentVolumeClaims.definition(schemas),
                PersistentVolumes.definition(schemas),
                Pods.definition(schemas),
                PodTemplates.definition(schemas),
                ReplicationControllers.definition(schemas),
                ResourceQuotas.definition(schemas),
                Secrets.definition(schemas),
                ServiceAccounts.definition(schemas),
                Services.definition(schemas));
    }

    private static List<ResourceDefinition> workloads(Schemas schemas) {
        return List.of(
                ControllerRevisions.definition(schemas),
                DaemonSets.definition(schemas),
                Deployments.definition(schemas),
                ReplicaSets.definition(schemas),
                StatefulSets.definition(schemas),
                CronJobs.definition(schemas),
                Jobs.definition(schemas),
                HorizontalPodAutoscalers.definition(schemas),
                PodDisruptionBudgets.definition(schemas),
                EndpointSlices.definition(schemas));
    }

    private static List<ResourceDefinition> cluster(Schemas schemas) {
        return List.of(
                CertificateSigningRequests.definition(schemas),
                CustomResourceDefinitions.definition(schemas),
                IngressClasses.definition(schemas),
                Ingresses.definition(schemas),
                IPAddresses.definition(schemas),
                NetworkPolicies.definition(schemas),
                ServiceCIDRs.definition(schemas),
                ClusterRoleBindings.definition(schemas),
                ClusterRoles.definition(schemas),
                RoleBindings.definition(schemas),
                Roles.definition(schemas),
                CSIDrivers.definition(schemas),
                CSINodes.definition(schemas),
                CSIStorageCapacities.definition(schemas),
                StorageClasses.definition(schemas),
                VolumeAttachments.definition(schemas),
                VolumeAttributesClasses.definition(schemas),
                PriorityClasses.definition(schemas),
                Leases.definition(schemas),
                RuntimeClasses.definition(schemas));
    }

    private static List<ResourceDefinition> control(Schemas schemas) {
        return List.of(
                MutatingAdmissionPolicies.definition(schemas),
                MutatingAdmissionPolicyBindings.definition(schemas),
                MutatingWebhookConfigurations.definition(schemas),
                ValidatingAdmissionPolicies.definition(schemas),
                ValidatingAdmissionPolicyBindings.definition(schemas),
                ValidatingWebhookConfigurations.definition(schemas),
                APIServices.definition(schemas),
                FlowSchemas.definition(schemas),
                PriorityLevelConfigurations.definition(schemas),
                DeviceClasses.definition(schemas),
                ResourceClaims.definition(schemas),
                ResourceClaimTemplates.definition(schemas),
                ResourceSlices.definition(schemas));
    }
}
