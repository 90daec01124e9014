// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>Refusals in their usual forms.</summary>
internal static class Refusals
{
    public static MutationResult.Refused Invalid(string text) => new(RefusalKind.Invalid, text, []);

    public static MutationResult.Refused Conflict(string text) => new(RefusalKind.Conflict, text, []);

    public static MutationResult.Refused NotPermitted(string text) => new(RefusalKind.NotPermitted, text, []);

    /// <summary>Names what was not found and what may have been meant.</summary>
    public static MutationResult.Refused NotFound(string what, string name, IEnumerable<string> known)
    {
        var candidates = NearestNames.Of(name, known);
        var hint = candidates.IsEmpty ? "" : $"; did you mean {string.Join(", ", candidates)}?";
        return new MutationResult.Refused(RefusalKind.NotFound, $"no {what} '{name}'{hint}", candidates);
    }

    public static MutationResult.Refused NoService(ClusterState state, ServiceName name) =>
        NotFound("service", name.Display, state.Services.Values.Select(service => service.Name.Display));

    public static MutationResult.Accepted Accepted(params ImmutableArray<RequestOutcome> outcomes) => new(outcomes);
}
