package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import java.util.Optional;

/** Read access to other objects, from the cache: as of a moment ago. Objects are in the storage version and the caller's own. */
public interface ClusterView {
    Optional<ObjectNode> find(GroupResource resource, String namespace, String name);

    /** The same as of now: for those who would refuse because something is not there. */
    Optional<ObjectNode> findNow(GroupResource resource, String namespace, String name);

    List<ObjectNode> list(GroupResource resource, String namespace);

    /** The same as {@link #find} for those who only look: the tree is shared with others, and must not be changed. */
    default Optional<ObjectNode> look(GroupResource resource, String namespace, String name) {
        return find(resource, namespace, name);
    }

    /** The same as {@link #list} for those who only look: the trees are shared with others, and must not be changed. */
    default List<ObjectNode> lookAll(GroupResource resource, String namespace) {
        return list(resource, namespace);
    }

    /** The same as of now: for those who would refuse because something is not among them. */
    List<ObjectNode> listNow(GroupResource resource, String namespace);

    /** Those of {@link #list} whose selectable field has a value. */
    List<ObjectNode> listBy(GroupResource resource, String namespace, String field, String value);

    /** Those of {@link #listNow} whose selectable field has a value. */
    List<ObjectNode> listByNow(GroupResource resource, String namespace, String field, String value);
}
