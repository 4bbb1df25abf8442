package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.plugins.AlwaysAdmit;
import io.pilothouse.apiserver.admission.plugins.AlwaysDeny;
import io.pilothouse.apiserver.admission.plugins.AlwaysPullImages;
import io.pilothouse.apiserver.admission.plugins.CertificateApproval;
import io.pilothouse.apiserver.admission.plugins.CertificateSigning;
import io.pilothouse.apiserver.admission.plugins.CertificateSubjectRestriction;
import io.pilothouse.apiserver.admission.plugins.ClaimResize;
import io.pilothouse.apiserver.admission.plugins.DefaultIngressClass;
import io.pilothouse.apiserver.admission.plugins.DenyServiceExternalIps;
import io.pilothouse.apiserver.admission.plugins.EventRateLimit;
import io.pilothouse.apiserver.admission.plugins.ExtendedResourceToleration;
import io.pilothouse.apiserver.admission.plugins.HardAntiAffinity;
import io.pilothouse.apiserver.admission.plugins.InUseProtection;
import io.pilothouse.apiserver.admission.plugins.NamespaceAutoProvision;
import io.pilothouse.apiserver.admission.plugins.NamespaceExists;
import io.pilothouse.apiserver.admission.plugins.NamespaceLifecycle;
import io.pilothouse.apiserver.admission.plugins.NodeFeatures;
import io.pilothouse.apiserver.admission.plugins.NodeRestriction;
import io.pilothouse.apiserver.admission.plugins.NodeTaint;
import io.pilothouse.apiserver.admission.plugins.OwnerPermissions;
import io.pilothouse.apiserver.admission.plugins.PodNodeSelector;
import io.pilothouse.apiserver.admission.plugins.PodResize;
import io.pilothouse.apiserver.admission.plugins.PodTolerationRestriction;
import io.pilothouse.apiserver.admission.plugins.PodTolerations;
import io.pilothouse.apiserver.admission.plugins.PodTopologyLabels;
import io.pilothouse.apiserver.admission.plugins.PriorityAdmission;
import io.pilothouse.apiserver.admission.plugins.RuntimeClassAdmission;
import io.pilothouse.apiserver.admission.plugins.ServiceAccountAdmission;
import io.pilothouse.apiserver.admission.plugins.StorageDefaults;
import io.pilothouse.apiserver.admission.plugins.TrustBundleAttest;
import io.pilothouse.apiserver.admission.podsecurity.PodSecurityAdmission;
import io.pilothouse.apiserver.admission.policy.MutatingPolicies;
import io.pilothouse.apiserver.admission.policy.ValidatingPolicies;
import io.pilothouse.apiserver.admission.quota.LimitRanger;
import io.pilothouse.apiserver.admission.quota.ResourceQuotaAdmission;
import io.pilothouse.apiserver.admission.webhooks.MutatingWebhooks;
import io.pilothouse.apiserver.admission.webhooks.ValidatingWebhooks;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The plugins that there are, in the order in which they run: upstream's AllOrderedPlugins. */
final class AdmissionPlugins {
    /** Upstream's list; what it has only behind feature gates that are off has no effect there and is not made here. */
    static final List<Entry> ALL = List.of(
            off("AlwaysAdmit", p -> new AlwaysAdmit()),
            off("NamespaceAutoProvision", NamespaceAutoProvision::new),
            on("NamespaceLifecycle", p -> new NamespaceLifecycle(p.cluster())),
            off("NamespaceExists", p -> new NamespaceExists(p.cluster())),
            off("LimitPodHardAntiAffinityTopology", p -> new HardAntiAffinity()),
            on("LimitRanger", p -> new LimitRanger(p.cluster())),
            on("ServiceAccount", p -> new ServiceAccountAdmission(p.cluster(), p.random())),
            off("NodeRestriction", p -> new NodeRestriction(p.cluster(), p.authorizer())),
            on("TaintNodesByCondition", p -> new NodeTaint()),
            off("AlwaysPullImages", p -> new AlwaysPullImages()),
            unsupported("ImagePolicyWebhook"),
            on("PodSecurity", p -> new PodSecurityAdmission(p.cluster(), told(p, "PodSecurity"))),
            off("PodNodeSelector", p -> new PodNodeSelector(p.cluster(), told(p, "PodNodeSelector"))),
            on("Priority", p -> new PriorityAdmission(p.cluster())),
            on("DefaultTolerationSeconds", p -> new PodTolerations(p.notReadySeconds(), p.unreachableSeconds())),
            off(
                    "PodTolerationRestriction",
                    p -> new PodTolerationRestriction(p.cluster(), told(p, "PodTolerationRestriction"))),
            off("EventRateLimit", p -> new EventRateLimit(told(p, "EventRateLimit"), p.clock())),
            off("ExtendedResourceToleration", p -> new ExtendedResourceToleration()),
            on("DefaultStorageClass", p -> new StorageDefaults(p.cluster())),
            on("StorageObjectInUseProtection", p -> new InUseProtection()),
            gated("PodGroupProtection"),
            off("OwnerReferencesPermissionEnforcement", p -> new OwnerPermissions(p.authorizer(), p.resources())),
            on("PersistentVolumeClaimResize", p -> new ClaimResize(p.cluster())),
            on("RuntimeClass", p -> new RuntimeClassAdmission(p.cluster())),
            on("CertificateApproval", p -> new CertificateApproval(p.authorizer())),
            on("CertificateSigning", p -> new CertificateSigning(p.authorizer())),
            on("ClusterTrustBundleAttest", p -> new TrustBundleAttest(p.authorizer())),
            on("CertificateSubjectRestriction", p -> new CertificateSubjectRestriction()),
            on("DefaultIngressClass", p -> new DefaultIngressClass(p.cluster())),
            off("DenyServiceExternalIPs", p -> new DenyServiceExternalIps()),
            on("PodTopologyLabels", p -> new PodTopologyLabels(p.cluster())),
            gated("PodGroupWorkloadExists"),
            on("NodeDeclaredFeatureValidator", p -> new NodeFeatures(p.cluster())),
            gated("JobValidation"),
            on("PodResizeValidator", p -> new PodResize(p.cluster())),
            on("MutatingAdmissionPolicy", MutatingPolicies::new),
            on("MutatingAdmissionWebhook", MutatingWebhooks::new),
            on("ValidatingAdmissionPolicy", ValidatingPolicies::new),
            on("ValidatingAdmissionWebhook", ValidatingWebhooks::new),
            on(
                    "ResourceQuota",
                    p -> new ResourceQuotaAdmission(p.cluster(), p.resources(), told(p, "ResourceQuota"), p.clock())),
            off("AlwaysDeny", p -> new AlwaysDeny()));

    /**
     * A plugin.
     *
     * @param byDefault whether it runs unless it is disabled
     * @param maker empty for one that is not supported
     */
    record Entry(String name, boolean byDefault, Optional<Function<AdmissionParts, Optional<AdmissionPlugin>>> maker) {}

    private AdmissionPlugins() {}

    private static JsonNode told(AdmissionParts parts, String plugin) {
        return parts.configuration().of(plugin);
    }

    private static Entry on(String name, Function<AdmissionParts, AdmissionPlugin> maker) {
        return new Entry(name, true, Optional.of(parts -> Optional.of(maker.apply(parts))));
    }

    private static Entry off(String name, Function<AdmissionParts, AdmissionPlugin> maker) {
        return new Entry(name, false, Optional.of(parts -> Optional.of(maker.apply(parts))));
    }

    /** Runs by default, but does nothing without an alpha feature. */
    private static Entry gated(String name) {
        return new Entry(name, true, Optional.of(parts -> Optional.empty()));
    }

    private static Entry unsupported(String name) {
        return new Entry(name, false, Optional.empty());
    }
}
