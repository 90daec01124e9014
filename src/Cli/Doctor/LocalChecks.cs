// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Doctor;

/// <summary>What only this machine can say of itself: whether its processes run. Needs no manager, but root.</summary>
/// <param name="paths">Where this machine's part is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalChecks(ClusterPaths paths, TimeProvider time)
{
    /// <summary>The findings; none when this machine is in no cluster or its files may not be read.</summary>
    public async Task<IReadOnlyList<FindingView>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await NodeNameAsync(cancellationToken) is not { } node) return [];
            var keeper = HostRoles.Keeper(paths, time);
            var roles = await keeper.StatusAsync(cancellationToken);
            return [Supervisor(node, keeper.Own is not { IsRunning: false }, roles.Any()), .. roles.Select(role => Role(node, role))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not root: what the cluster says of this machine has to do.
            return [];
        }
    }

    private async Task<string?> NodeNameAsync(CancellationToken cancellationToken) =>
        File.Exists(paths.NodeFile) ? (await NodeFile.At(paths).ReadAsync(cancellationToken)).Value?.NodeName : null;

    // Under systemd there is no supervisor of ours, and nothing to say.
    private static FindingView Supervisor(string node, bool isRunning, bool hasRoles) => isRunning || !hasRoles
        ? FindingView.Ok("processes", node, hasRoles ? "supervised" : "not supervised by cluster host")
        : FindingView.Alarm("processes", node, "the supervisor does not run", "it runs", "cluster host start");

    private static FindingView Role(string node, HostRoleStatus role) =>
        role.IsRunning ? FindingView.Ok($"process-{role.Name}", node, $"runs, process {role.Pid}")
        : FindingView.Alarm($"process-{role.Name}", node, role.IsStopped ? "was stopped by an operator" : "does not run", "runs",
            $"cluster host start {role.Name}");
}
