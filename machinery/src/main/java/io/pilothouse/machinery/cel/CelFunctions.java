package io.pilothouse.machinery.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelFunctionBinding;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;

/** The functions that Kubernetes adds to the language: of lists, patterns, quantities, URLs, networks, versions and formats. */
final class CelFunctions {
    private static final CelType T = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(T);
    static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");

    private final CelLibrary library = new CelLibrary();

    private CelFunctions() {
        lists();
        patterns();
        quantities();
        member(
                "format",
                "string_format_list",
                SimpleType.STRING,
                args -> CelFormat.format((String) args[0], (List<?>) args[1]),
                List.of(SimpleType.STRING, ListType.create(SimpleType.DYN)),
                String.class,
                List.class);
        CelUrls.add(library);
        CelNetworks.add(library);
        CelSemver.add(library);
        CelNamedFormats.add(library);
    }

    static List<CelFunctionDecl> declarations() {
        return new CelFunctions().library.declarations();
    }

    static List<CelFunctionBinding> bindings() {
        return new CelFunctions().library.bindings();
    }

    private void member(
            String name, String id, CelType result, CelLibrary.Body body, List<CelType> types, Class<?>... classes) {
        library.member(name, id, result, body, types, classes);
    }

    private void global(String name, String id, CelType result, CelLibrary.Body body, CelType type, Class<?> argument) {
        library.global(name, id, result, body, List.of(type), argument);
    }

    private void lists() {
        member(
                "isSorted",
                "list_is_sorted",
                SimpleType.BOOL,
                args -> isSorted((List<?>) args[0]),
                List.of(LIST),
                List.class);
        member("min", "list_min", T, args -> extreme((List<?>) args[0], -1), List.of(LIST), List.class);
        member("max", "list_max", T, args -> extreme((List<?>) args[0], 1), List.of(LIST), List.class);
        member(
                "indexOf",
                "list_index_of",
                SimpleType.INT,
                args -> (long) ((List<?>) args[0]).indexOf(args[1]),
                List.of(LIST, T),
                List.class,
                Object.class);
        member(
                "lastIndexOf",
                "list_last_index_of",
                SimpleType.INT,
                args -> (long) ((List<?>) args[0]).lastIndexOf(args[1]),
                List.of(LIST, T),
                List.class,
                Object.class);
        member(
                "sum",
                "list_int_sum",
                SimpleType.INT,
                args -> ((List<?>) args[0])
                        .stream().mapToLong(v -> ((Number) v).longValue()).reduce(0, Math::addExact),
                List.of(ListType.create(SimpleType.INT)),
                List.class);
        member(
                "sum",
                "list_double_sum",
                SimpleType.DOUBLE,
                args -> ((List<?>) args[0])
                        .stream().mapToDouble(v -> ((Number) v).doubleValue()).sum(),
                List.of(ListType.create(SimpleType.DOUBLE)),
                List.class);
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        if (!(a instanceof Comparable<?> left) || a.getClass() != b.getClass()) {
            throw new IllegalArgumentException("no such overload");
        }
        return ((Comparable<Object>) left).compareTo(b);
    }

    private static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> list, int sign) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(sign < 0 ? "min called on empty list" : "max called on empty list");
        }
        Object found = list.getFirst();
        for (Object value : list) {
            found = compare(value, found) * sign > 0 ? value : found;
        }
        return found;
    }

    private void patterns() {
        List<CelType> two = List.of(SimpleType.STRING, SimpleType.STRING);
        member(
                "find",
                "string_find_string",
                SimpleType.STRING,
                args -> {
                    Matcher matcher = Pattern.compile((String) args[1]).matcher((String) args[0]);
                    return matcher.find() ? matcher.group() : "";
                },
                two,
                String.class,
                String.class);
        CelType strings = ListType.create(SimpleType.STRING);
        member(
                "findAll",
                "string_find_all_string",
                strings,
                args -> all((String) args[0], (String) args[1], -1),
                two,
                String.class,
                String.class);
        member(
                "findAll",
                "string_find_all_string_int",
                strings,
                args -> all((String) args[0], (String) args[1], (Long) args[2]),
                List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                String.class,
                String.class,
                Long.class);
    }

    private static List<String> all(String text, String pattern, long limit) {
        List<String> out = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while ((limit < 0 || out.size() < limit) && matcher.find()) {
            out.add(matcher.group());
        }
        return out;
    }

    private void quantities() {
        global(
                "quantity",
                "string_to_quantity",
                QUANTITY,
                args -> Quantity.parse((String) args[0]),
                SimpleType.STRING,
                String.class);
        global(
                "isQuantity",
                "is_quantity_string",
                SimpleType.BOOL,
                args -> isQuantity((String) args[0]),
                SimpleType.STRING,
                String.class);
        List<CelType> one = List.of(QUANTITY);
        member(
                "sign",
                "quantity_sign",
                SimpleType.INT,
                args -> (long) quantity(args[0]).signum(),
                one,
                Quantity.class);
        member(
                "isInteger",
                "quantity_is_integer",
                SimpleType.BOOL,
                args -> quantity(args[0]).amount().stripTrailingZeros().scale() <= 0,
                one,
                Quantity.class);
        member(
                "asInteger",
                "quantity_as_integer",
                SimpleType.INT,
                args -> quantity(args[0]).amount().longValueExact(),
                one,
                Quantity.class);
        member(
                "asApproximateFloat",
                "quantity_as_float",
                SimpleType.DOUBLE,
                args -> quantity(args[0]).toDouble(),
                one,
                Quantity.class);
        List<CelType> two = List.of(QUANTITY, QUANTITY);
        member(
                "add",
                "quantity_add",
                QUANTITY,
                args -> quantity(args[0]).add(quantity(args[1])),
                two,
                Quantity.class,
                Quantity.class);
        member(
                "sub",
                "quantity_sub",
                QUANTITY,
                args -> quantity(args[0]).subtract(quantity(args[1])),
                two,
                Quantity.class,
                Quantity.class);
        member(
                "isGreaterThan",
                "quantity_greater",
                SimpleType.BOOL,
                args -> quantity(args[0]).compareTo(quantity(args[1])) > 0,
                two,
                Quantity.class,
                Quantity.class);
        member(
                "isLessThan",
                "quantity_less",
                SimpleType.BOOL,
                args -> quantity(args[0]).compareTo(quantity(args[1])) < 0,
                two,
                Quantity.class,
                Quantity.class);
        member(
                "compareTo",
                "quantity_compare",
                SimpleType.INT,
                args -> (long) quantity(args[0]).compareTo(quantity(args[1])),
                two,
                Quantity.class,
                Quantity.class);
        List<CelType> withInt = List.of(QUANTITY, SimpleType.INT);
        member(
                "add",
                "quantity_add_int",
                QUANTITY,
                args -> quantity(args[0]).add(Quantity.of((Long) args[1])),
                withInt,
                Quantity.class,
                Long.class);
        member(
                "sub",
                "quantity_sub_int",
                QUANTITY,
                args -> quantity(args[0]).subtract(Quantity.of((Long) args[1])),
                withInt,
                Quantity.class,
                Long.class);
    }

    private static Quantity quantity(Object value) {
        return (Quantity) value;
    }

    private static boolean isQuantity(String text) {
        try {
            Quantity.parse(text);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
