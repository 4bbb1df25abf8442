package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;

/** Whether two values mean the same: a field that is not there is as good as an empty list, map or struct. */
public final class SameValue {
    private SameValue() {}

    public static boolean of(JsonNode a, JsonNode b) {
        if (isNothing(a) || isNothing(b)) {
            return isNothing(a) && isNothing(b);
        }
        if (a.isObject() && b.isObject()) {
            var keys = new HashSet<String>();
            a.fieldNames().forEachRemaining(keys::add);
            b.fieldNames().forEachRemaining(keys::add);
            return keys.stream().allMatch(key -> of(a.path(key), b.path(key)));
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!of(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return (a.isNumber() && b.isNumber()) ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static boolean isNothing(JsonNode node) {
        if (node.isObject()) {
            return node.valueStream().allMatch(SameValue::isNothing);
        }
        return node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty());
    }
}
