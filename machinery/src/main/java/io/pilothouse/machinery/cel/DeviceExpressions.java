package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import java.util.Optional;

/** Checks the expressions by which claims choose devices: conditions on a {@code device}. */
public final class DeviceExpressions {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private DeviceExpressions() {}

    /** What is wrong with an expression, in upstream's words. */
    public static Optional<String> problem(String expression) {
        CelValidationResult result = compiler().compile(expression);
        try {
            CelType type = result.getAst().getResultType();
            return type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN) || type.equals(SimpleType.ANY)
                    ? Optional.empty()
                    : Optional.of("must evaluate to bool or the unknown type, not " + CelTypes.format(type));
        } catch (CelValidationException e) {
            return Optional.of("compilation failed: " + CelProblems.text(result));
        }
    }

    private static CelCompiler compiler() {
        AdmissionTypes types = new AdmissionTypes(false, ImmutableSet.of());
        CelType attributes = MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, SimpleType.DYN));
        CelType capacity = MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, CelFunctions.QUANTITY));
        ImmutableMap<String, CelType> fields = ImmutableMap.of(
                "driver",
                SimpleType.STRING,
                "attributes",
                attributes,
                "capacity",
                capacity,
                "allowMultipleAllocations",
                SimpleType.BOOL);
        StructType device = StructType.create(
                "kubernetes.DRADevice",
                ImmutableSet.copyOf(fields.keySet()),
                name -> Optional.ofNullable(fields.get(name)));
        types.add(device);
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(types.provider())
                .addVar("device", device)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions(),
                        CelExtensions.bindings())
                .addFunctionDeclarations(CelFunctions.declarations())
                .build();
    }
}
