package io.pilothouse.scheduler.fit;

import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.pilothouse.controllers.objects.Selectors;
import io.pilothouse.scheduler.cluster.NodeInfo;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Node selectors against nodes. */
final class NodeTerms {
  private NodeTerms() {}

  /** Whether the pod's selector and required affinity take the node. */
  static boolean allow(PodInfo pod, NodeInfo node) {
    var spec = pod.pod().getSpec();
    if (!Selectors.matchesAll(spec.getNodeSelector(), node.labels())) {
      return false;
    }
    var affinity = spec.getAffinity() == null ? null : spec.getAffinity().getNodeAffinity();
    return affinity == null
        || affinity.getRequiredDuringSchedulingIgnoredDuringExecution() == null
        || matches(affinity.getRequiredDuringSchedulingIgnoredDuringExecution(), node);
  }

  static boolean matches(NodeSelector selector, NodeInfo node) {
    return selector.getNodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
  }

  static boolean matches(NodeSelectorTerm term, NodeInfo node) {
    if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
      return false;
    }
    return term.getMatchExpressions().stream().allMatch(requirement -> matches(requirement, node.labels().get(requirement.getKey())))
        && term.getMatchFields().stream().allMatch(requirement ->
            matches(requirement, requirement.getKey().equals("metadata.name") ? node.name() : null));
  }

  private static boolean matches(NodeSelectorRequirement requirement, @Nullable String value) {
    List<String> values = requirement.getValues();
    return switch (requirement.getOperator()) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt", "Lt" -> value != null && compares(requirement.getOperator(), value, values.getFirst());
      default -> false;
    };
  }

  private static boolean compares(String operator, String value, String limit) {
    try {
      int order = Long.compare(Long.parseLong(value), Long.parseLong(limit));
      return operator.equals("Gt") ? order > 0 : order < 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
