package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's volumes: their names, and that each has one source. */
final class VolumeValidation {
    private static final String ONE_TYPE = "may not specify more than 1 volume type";
    private static final int LONGEST_ISCSI_NAME = 64;

    /** Checks one kind of source. */
    private interface Check {
        void accept(Field source, PodRules rules);
    }

    /**
     * A kind of source, in upstream's order of checks.
     *
     * @param refusedAs the field that is named where another source is there, with upstream's slips
     * @param checkedAs the field that mistakes stand below
     */
    private record Source(String field, String refusedAs, String checkedAs, Check check) {
        static Source of(String field, Check check) {
            return new Source(field, field, field, check);
        }
    }

    private static final List<Source> SOURCES = List.of(
            Source.of("hostPath", (s, r) -> VolumeSources.hostPath(s)),
            Source.of("gitRepo", (s, r) -> VolumeSources.gitRepo(s)),
            new Source(
                    "gcePersistentDisk",
                    "gcePersistentDisk",
                    "persistentDisk",
                    (s, r) -> CloudVolumeSources.gcePersistentDisk(s)),
            Source.of("awsElasticBlockStore", (s, r) -> CloudVolumeSources.awsElasticBlockStore(s)),
            Source.of("secret", (s, r) -> VolumeSources.secret(s)),
            Source.of("nfs", (s, r) -> VolumeSources.nfs(s)),
            Source.of("iscsi", (s, r) -> VolumeSources.iscsi(s)),
            Source.of("glusterfs", (s, r) -> VolumeSources.glusterfs(s)),
            Source.of("flocker", (s, r) -> VolumeSources.flocker(s)),
            Source.of("persistentVolumeClaim", (s, r) -> s.child("claimName").mustExist()),
            Source.of("rbd", (s, r) -> VolumeSources.rbd(s)),
            Source.of("cinder", (s, r) -> CloudVolumeSources.cinder(s)),
            new Source(
                    "cephfs", "cephFS", "cephfs", (s, r) -> s.child("monitors").mustExist()),
            Source.of("quobyte", (s, r) -> VolumeSources.quobyte(s)),
            new Source("downwardAPI", "downwarAPI", "downwardAPI", (s, r) -> VolumeSources.downwardApi(s)),
            Source.of("fc", (s, r) -> VolumeSources.fc(s)),
            Source.of("flexVolume", (s, r) -> VolumeSources.flexVolume(s)),
            Source.of("configMap", (s, r) -> VolumeSources.configMap(s)),
            Source.of("azureFile", (s, r) -> CloudVolumeSources.azureFile(s)),
            Source.of("vsphereVolume", (s, r) -> s.child("volumePath").mustExist()),
            Source.of("photonPersistentDisk", (s, r) -> s.child("pdID").mustExist()),
            Source.of("portworxVolume", (s, r) -> s.child("volumeID").mustExist()),
            Source.of("azureDisk", (s, r) -> CloudVolumeSources.azureDisk(s)),
            Source.of("storageos", (s, r) -> CloudVolumeSources.storageOs(s)),
            Source.of("projected", ProjectedVolumes::check),
            Source.of("scaleIO", (s, r) -> CloudVolumeSources.scaleIo(s)),
            Source.of("csi", (s, r) -> VolumeSources.csi(s)),
            Source.of("ephemeral", (s, r) -> EphemeralClaims.check(s)),
            Source.of("image", VolumeSources::image));

    private VolumeValidation() {}

    /**
     * @param pod the pod's name; empty for a template
     * @return the volumes that are right, by name
     */
    static Map<String, JsonNode> check(Field volumes, String pod, PodRules rules) {
        var right = new LinkedHashMap<String, JsonNode>();
        var claims = ephemeralClaims(volumes, pod);
        volumes.each(volume -> {
            int before = volume.errors().size();
            source(volume, pod, rules);
            var name = volume.child("name");
            if (name.mustExist()) {
                name.matches(LabelFormat::label);
            }
            if (right.containsKey(name.text())) {
                name.duplicate();
            }
            if (volume.errors().size() == before) {
                right.put(name.text(), volume.value());
            }
            var claim = volume.child("persistentVolumeClaim", "claimName");
            if (volume.child("persistentVolumeClaim").present() && claims.contains(claim.text())) {
                claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
            }
        });
        return right;
    }

    /** The names of the claims that will be made for the pod. */
    private static Set<String> ephemeralClaims(Field volumes, String pod) {
        var names = new HashSet<String>();
        if (!pod.isEmpty()) {
            volumes.each(volume -> {
                if (volume.child("ephemeral").present()) {
                    names.add(pod + "-" + volume.child("name").text());
                }
            });
        }
        return names;
    }

    private static void source(Field volume, String pod, PodRules rules) {
        boolean found = volume.child("emptyDir").present();
        var limit = volume.child("emptyDir", "sizeLimit");
        if (limit.present() && Quantity.parse(limit.text()).signum() < 0) {
            limit.forbidden("SizeLimit field must be a valid resource quantity");
        }
        for (var kind : SOURCES) {
            var source = volume.child(kind.field());
            if (!source.present()) {
                continue;
            }
            if (found) {
                volume.add(FieldError.forbidden(volume.path().child(kind.refusedAs()), ONE_TYPE));
            } else {
                found = true;
                kind.check().accept(source.placedAt(volume.path().child(kind.checkedAs())), rules);
                if (kind.field().equals("ephemeral")) {
                    claimName(volume, pod);
                }
            }
            if (kind.field().equals("iscsi")) {
                initiator(volume);
            }
        }
        if (!found) {
            volume.required("must specify a volume type");
        }
    }

    private static void initiator(Field volume) {
        String name = volume.child("name").text();
        var iscsi = volume.child("iscsi");
        if (iscsi.child("initiatorName").present()
                && (name + ":" + iscsi.child("targetPortal").text()).length() > LONGEST_ISCSI_NAME) {
            volume.child("name")
                    .invalid(
                            name,
                            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
                                    + " iscsi.initiatorName is specified.");
        }
    }

    private static void claimName(Field volume, String pod) {
        var name = volume.child("name");
        if (pod.isEmpty() || name.isEmpty()) {
            return;
        }
        String claim = pod + "-" + name.text();
        LabelFormat.subdomain(claim)
                .forEach(problem -> name.invalid("PVC name " + GoText.quote(claim) + ": " + problem));
    }
}
