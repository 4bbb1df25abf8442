package io.pilothouse.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import java.util.List;

/** Between our records and etcd's messages. */
final class Wire {
    private Wire() {}

    static ByteString key(String key) {
        return ByteString.copyFromUtf8(key);
    }

    static KeyValue keyValue(io.etcd.jetcd.api.KeyValue from) {
        return new KeyValue(
                from.getKey().toStringUtf8(),
                from.getValue().toByteArray(),
                from.getCreateRevision(),
                from.getModRevision(),
                from.getVersion(),
                from.getLease());
    }

    static List<KeyValue> keyValues(List<io.etcd.jetcd.api.KeyValue> from) {
        return from.stream().map(Wire::keyValue).toList();
    }

    static RangeRequest range(String start, String endExclusive, long revision, int limit) {
        return RangeRequest.newBuilder()
                .setKey(key(start))
                .setRangeEnd(key(endExclusive))
                .setRevision(revision)
                .setLimit(limit)
                .build();
    }

    static RequestOp op(Op op) {
        RequestOp.Builder builder = RequestOp.newBuilder();
        return switch (op) {
            case Op.Get get ->
                builder.setRequestRange(RangeRequest.newBuilder().setKey(key(get.key())))
                        .build();
            case Op.Range range ->
                builder.setRequestRange(range(range.start(), range.endExclusive(), 0, range.limit()))
                        .build();
            case Op.Put put ->
                builder.setRequestPut(PutRequest.newBuilder()
                                .setKey(key(put.key()))
                                .setValue(UnsafeByteOperations.unsafeWrap(put.value()))
                                .setLease(put.lease()))
                        .build();
            case Op.Delete delete ->
                builder.setRequestDeleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(key(delete.key()))
                                .setPrevKv(true))
                        .build();
        };
    }

    static List<KeyValue> result(ResponseOp response) {
        return switch (response.getResponseCase()) {
            case RESPONSE_RANGE -> keyValues(response.getResponseRange().getKvsList());
            case RESPONSE_DELETE_RANGE ->
                keyValues(response.getResponseDeleteRange().getPrevKvsList());
            default -> List.of();
        };
    }

    static io.etcd.jetcd.api.Compare compare(Compare compare) {
        var builder = io.etcd.jetcd.api.Compare.newBuilder()
                .setKey(key(compare.key()))
                .setResult(io.etcd.jetcd.api.Compare.CompareResult.EQUAL);
        return switch (compare) {
            case Compare.ModRevision mod ->
                builder.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.MOD)
                        .setModRevision(mod.revision())
                        .build();
            case Compare.CreateRevision create ->
                builder.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.CREATE)
                        .setCreateRevision(create.revision())
                        .build();
            case Compare.Version version ->
                builder.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.VERSION)
                        .setVersion(version.version())
                        .build();
        };
    }
}
