// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>One lab that several test classes share, one after the other.</summary>
public abstract class LabFixture(int number, int hosts, params string[] options) : IAsyncLifetime
{
    private static readonly string[] Roles = ["consul", "manager", "agent"];

    /// <summary>The lab; up while tests run.</summary>
    public Lab Lab { get; } = new(number);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        try
        {
            await Lab.UpAsync(hosts, options);
            await BeginAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>What remains to be done once the hosts are up.</summary>
    protected virtual Task BeginAsync() => Task.CompletedTask;

    /// <summary>What is to be ended before the hosts are gone.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await EndAsync();
        await Lab.KeepLogsAsync(GetType().Name);
        await Lab.DownAsync();
    }

    /// <summary>All is well again: every host on and connected, every program running, every node ready.</summary>
    public async Task RestoreAsync()
    {
        await Task.WhenAll((await Lab.StatusAsync()).Select(RestoreAsync));
        await Task.WhenAll(
            [
                Eventually.HoldsAsync(
                    "all is well between two tests", 60, () => Lab.ClusterAsync("status"), status => status.ExitCode == 0),
                .. Lab.Hosts.Select(ConsulIsBackAsync),
            ]);
    }

    // After a cut Consul's gossip takes some time to find its servers again; names of that host are not told before.
    private async Task ConsulIsBackAsync(string host) => await Eventually.HoldsAsync(
        $"Consul of {host} knows a server, and no host is taken for failed", 60,
        () => Lab.RunAsync(host, "curl", "-s", "http://127.0.0.1:8500/v1/status/leader", "http://127.0.0.1:8500/v1/health/state/critical"),
        answer => answer.Output.Contains(":8300", StringComparison.Ordinal)
            && !answer.Output.Contains("serfHealth", StringComparison.Ordinal));

    private async Task RestoreAsync(HostStatus host)
    {
        if (host.IsCut) await Lab.TellAsync("heal", host.Name);
        if (!host.IsOn || !host.Roles.Contains("engine") || !host.Roles.Contains("supervisor")) await Lab.TellAsync("start", host.Name);
        if (!host.IsOn) return;
        foreach (var role in Roles.Except(host.Roles))
        {
            var isWanted = role != "manager" || File.Exists(Path.Combine(Lab.DataOf(host.Name), "manager", "cluster.key"));
            if (isWanted) await Lab.TellAsync("start", host.Name, role);
        }
    }
}
