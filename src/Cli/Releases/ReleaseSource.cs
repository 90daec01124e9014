// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Registry;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Releases;

/// <summary>Reads from a cluster what a stack of it runs. What is on its way, or has failed, is nothing to pass on.</summary>
internal static class ReleaseSource
{
    /// <summary>The release of a stack in the cluster of another context.</summary>
    /// <exception cref="CliException">There is no such context or stack, or it does not stand still.</exception>
    public static async Task<Release> FromContextAsync(
        CliSession session, string context, string stack, CancellationToken cancellationToken)
    {
        var environment = session.Environment;
        // Only the context's own managers: an address in the environment belongs to the other one.
        var file = ContextFile.Load(ContextFile.PathFor(environment));
        var found = file.Contexts.FirstOrDefault(one => one.Name == context) ?? throw new CliException(
            ExitCode.NotFound, $"there is no context '{context}' in {file.Path}", "cluster context ls");
        var managers = found with { Managers = [.. found.Managers.Select(ContextResolver.WithPort)] };
        using var cluster = new ClusterConnection(environment, managers, text => session.Note($"notice: {text}"));
        return await ReadAsync(cluster, stack, cancellationToken);
    }

    /// <summary>The release of a stack in a cluster.</summary>
    /// <exception cref="CliException">There is no such stack, or it does not stand still: all that hinders is said.</exception>
    public static async Task<Release> ReadAsync(ClusterConnection cluster, string stack, CancellationToken cancellationToken)
    {
        var request = new V1.ListServicesRequest { Stack = stack };
        var list = await cluster.ReadAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ListAsync(request, options), cancellationToken);
        if (list.Services.Count == 0)
            throw new CliException(ExitCode.NotFound, $"cluster {cluster.ContextName} has no stack '{stack}'", "cluster stack ls");
        var problems = new List<string>();
        var images = new SortedDictionary<string, ReleasedImage>(StringComparer.Ordinal);
        foreach (var status in list.Services)
        {
            var detail = await cluster.ReadAsync(
                (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker)
                    .GetAsync(new V1.GetServiceRequest { Name = status.Name }, options), cancellationToken);
            if (ProblemOf(detail) is { } problem) problems.Add($"{Words.NameOf(status.Name)} {problem}");
            else images[status.Name.Name] = new ReleasedImage(detail.Spec.Container.Image, DigestOf(detail)!);
        }

        if (problems.Count > 0)
            throw new CliException(ExitCode.Conflict, $"stack {stack} of cluster {cluster.ContextName} cannot be passed on")
            {
                Details = problems,
            };
        return new Release { Stack = stack, From = cluster.ContextName, Services = images };
    }

    private static string? ProblemOf(V1.ServiceDetail detail) => detail.Status.Rollout?.State switch
    {
        V1.RolloutState.Running => "is being changed",
        V1.RolloutState.Failed or V1.RolloutState.RollbackFailed => "has failed its last rollout",
        _ => DigestOf(detail) is null ? "runs an image that no registry holds" : null,
    };

    private static string? DigestOf(V1.ServiceDetail detail) =>
        ImageName.TryParse(detail.ResolvedImage, out var image) ? image.Digest?.ToString() : null;
}
