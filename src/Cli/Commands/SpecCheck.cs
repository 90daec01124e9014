// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Model;

namespace ClusterManager.Cli.Commands;

/// <summary>The checks that the manager makes, made here first: all errors at once, before anything is sent.</summary>
internal static class SpecCheck
{
    /// <summary>The spec itself when it is valid.</summary>
    /// <exception cref="CliException">It is not; each wrong field is one line.</exception>
    public static ServiceSpec Checked(ServiceSpec spec)
    {
        var errors = SpecValidator.Validate(spec);
        if (errors.IsEmpty) return spec;
        throw new CliException(ExitCode.BadInput, $"the service {spec.Name.Display} is not valid")
        {
            Details = [.. errors.Select(e => $"{e.Field}: '{e.Value}' is not allowed: {e.Allowed}")],
        };
    }
}
