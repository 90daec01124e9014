// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Specs from callers: validated with all errors at once, or refused.</summary>
internal static class SpecAcceptance
{
    /// <summary>Largest spec in bytes.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>The spec with its hashes.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT with all fields.</exception>
    public static AcceptedSpec Accept(V1.ServiceSpec? wire)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        var spec = Check(wire, "", errors);
        if (spec is null || errors.Count > 0) throw ApiErrors.Invalid(errors.ToImmutable());
        return Of(spec);
    }

    /// <summary>A stack's specs: the errors of all of them at once.</summary>
    public static ImmutableArray<AcceptedSpec> AcceptAll(IReadOnlyList<V1.ServiceSpec> wires, string stack)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        var specs = ImmutableArray.CreateBuilder<AcceptedSpec>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var wire in wires)
        {
            var prefix = $"services.{wire.Name?.Name}.";
            if (Check(wire, prefix, errors) is not { } spec) continue;
            if (spec.Name.Stack != stack)
                errors.Add(new FieldError(prefix + "stack", spec.Name.Stack, $"the deployed stack's name '{stack}'"));
            if (!names.Add(spec.Name.Name))
                errors.Add(new FieldError(prefix + "name", spec.Name.Name, "a name that no other service of the stack has"));
            specs.Add(Of(spec));
        }

        errors.AddRange(StackValidator.Validate([.. specs.Select(accepted => accepted.Spec)]));
        if (!DnsLabel.IsValid(stack)) errors.Add(new FieldError("stack", stack, DnsLabel.Allowed));
        if (wires.Count == 0) errors.Add(new FieldError("services", "", "at least one service"));
        return errors.Count > 0 ? throw ApiErrors.Invalid(errors.ToImmutable()) : specs.ToImmutable();
    }

    private static ServiceSpec? Check(V1.ServiceSpec? wire, string prefix, ImmutableArray<FieldError>.Builder errors)
    {
        if (wire is null)
        {
            errors.Add(new FieldError("spec", "", "a service spec"));
            return null;
        }

        if (wire.CalculateSize() is var size and > BytesMax)
        {
            errors.Add(new FieldError(prefix + "spec", $"{size} bytes", $"at most {BytesMax} bytes"));
            return null;
        }

        var spec = wire.ToModel();
        errors.AddRange(SpecValidator.Validate(spec).Select(error => error with { Field = prefix + error.Field }));
        return spec;
    }

    /// <summary>A spec that is known to be valid, with its hashes.</summary>
    public static AcceptedSpec Of(ServiceSpec spec) => new(spec, SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec));
}
