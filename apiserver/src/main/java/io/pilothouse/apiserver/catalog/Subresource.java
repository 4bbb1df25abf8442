package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import java.util.Optional;

/** A part of an object, or something it can do, with a path of its own. */
public sealed interface Subresource {
    String name();

    /** The verbs in discovery, sorted. */
    List<String> verbs();

    /** The kind of what is sent and answered, where it is not the resource's own. */
    Optional<GroupVersionKind> kind();

    /** A view of the whole object of which only some fields can be written: status, finalize, approval, resize. */
    record View(String name, List<String> verbs, ViewStrategy strategy) implements Subresource {
        @Override
        public Optional<GroupVersionKind> kind() {
            return Optional.empty();
        }
    }

    /** autoscaling/v1 Scale, by the paths of its parts. */
    record Scale(ScaleMapping mapping) implements Subresource {
        public static final GroupVersionKind KIND = new GroupVersionKind("autoscaling", "v1", "Scale");

        @Override
        public String name() {
            return "scale";
        }

        @Override
        public List<String> verbs() {
            return List.of("get", "patch", "update");
        }

        @Override
        public Optional<GroupVersionKind> kind() {
            return Optional.of(KIND);
        }
    }

    /** Something that is asked for with a POST of a kind of its own: binding, eviction, token. The handler is known by the name. */
    record Action(String name, GroupVersionKind input) implements Subresource {
        @Override
        public List<String> verbs() {
            return List.of("create");
        }

        @Override
        public Optional<GroupVersionKind> kind() {
            return Optional.of(input);
        }
    }

    /** A connection to what runs the object: log, exec, attach, portforward, proxy. */
    record Connection(String name, GroupVersionKind options, List<String> verbs) implements Subresource {
        @Override
        public Optional<GroupVersionKind> kind() {
            return name.equals("log") ? Optional.empty() : Optional.of(options);
        }
    }

    /** What a write through a view may change. */
    interface ViewStrategy extends Strategy {
        /** Takes from the old object all that this view may not write. */
        void restrict(ObjectNode object, ObjectNode old);
    }
}
