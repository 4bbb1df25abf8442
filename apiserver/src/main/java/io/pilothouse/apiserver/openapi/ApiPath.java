package io.pilothouse.apiserver.openapi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A path with its operations.
 *
 * @param common the parameters that every operation has; the operations are without them
 */
record ApiPath(String path, List<ApiParameter> common, List<ApiOperation> operations) {
    /** Puts operations together by path, each path's common parameters told once. */
    static List<ApiPath> group(Collection<ApiOperation> operations) {
        Map<String, List<ApiOperation>> byPath = new TreeMap<>();
        operations.forEach(
                o -> byPath.computeIfAbsent(o.path(), p -> new ArrayList<>()).add(o));
        return byPath.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
    }

    private static ApiPath of(String path, List<ApiOperation> operations) {
        var common = operations.getLast().parameters().stream()
                .filter(p -> operations.stream().allMatch(o -> has(o, p)))
                .sorted(ApiParameter.ORDER)
                .toList();
        return new ApiPath(path, common, List.copyOf(operations));
    }

    private static boolean has(ApiOperation operation, ApiParameter parameter) {
        return operation.parameters().stream().anyMatch(parameter::sameAs);
    }

    /** What only this operation has, in order. */
    List<ApiParameter> own(ApiOperation operation) {
        return operation.parameters().stream()
                .filter(p -> common.stream().noneMatch(p::sameAs))
                .sorted(ApiParameter.ORDER)
                .toList();
    }
}
