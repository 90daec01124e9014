// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>One lab that several test classes share, one after the other.</summary>
public abstract class LabFixture(int number, int hosts, params string[] options) : IAsyncLifetime
{
    private static readonly string[] Roles = ["engine", "consul", "manager", "agent"];

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

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Lab.KeepLogsAsync(GetType().Name);
        await Lab.DownAsync();
    }

    /// <summary>All is well again: every host on and connected, every program running, every node ready.</summary>
    public async Task RestoreAsync()
    {
        if ((await Lab.ClusterAsync("status")).ExitCode == 0) return;
        foreach (var host in Lab.Hosts)
        {
            await Lab.TellAsync("start", host);
            await Lab.TellAsync("heal", host);
            foreach (var role in Roles) await StartAsync(host, role);
        }
        await Eventually.HoldsAsync("all is well between two tests", 60, () => Lab.ClusterAsync("status"), status => status.ExitCode == 0);
    }

    private async Task StartAsync(string host, string role)
    {
        if (role == "manager" && !File.Exists(Path.Combine(Lab.DataOf(host), "manager", "cluster.key"))) return;
        if (await Lab.PidAsync(host, role) is null) await Lab.TellAsync("start", host, role);
    }
}
