// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.FalseDeaths;

/// <summary>
/// Hosts that are slow and not dead: every CPU busy, disks busy with small synchronous writes, one packet in twenty lost, and agents and
/// managers that stand still for two seconds now and then. Disposing ends all of it.
/// </summary>
public sealed class Adversity : IAsyncDisposable
{
    private const int LossPercent = 5;
    private const string Table = "clusterloss";
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(2);

    private readonly LabHosts _lab;
    private readonly List<RunningCommand> _running = [];
    private readonly HashSet<int> _frozen = [];

    private Adversity(LabHosts lab) => _lab = lab;

    /// <summary>Pauses made so far.</summary>
    public int Pauses { get; private set; }

    /// <summary>Begins with everything but the pauses.</summary>
    public static async Task<Adversity> BeginAsync(LabHosts lab)
    {
        var adversity = new Adversity(lab);
        try
        {
            foreach (var host in lab.Hosts)
            {
                await adversity.LosePacketsAsync(host);
                adversity._running.Add(lab.Start(host, "sh", "-c", "while :; do :; done"));
                var file = Path.Combine(lab.DataOf(host), "adversity");
                adversity._running.Add(lab.Start(host, "sh", "-c",
                    $"while :; do dd if=/dev/zero of={file} bs=4k count=256 oflag=dsync 2>/dev/null; done"));
            }

            return adversity;
        }
        catch
        {
            await adversity.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets one agent or manager after the other stand still for two seconds, until the time is over.</summary>
    public async Task PauseAtRandomAsync(int seed, TimeSpan length)
    {
        var random = new Random(seed);
        var end = TimeProvider.System.GetUtcNow() + length;
        while (TimeProvider.System.GetUtcNow() + PauseLength < end)
        {
            var host = _lab.Hosts.ElementAt(random.Next(_lab.HostCount));
            var role = _lab.Managers.Contains(host) && random.Next(2) == 0 ? "manager" : "agent";
            if (await _lab.PidAsync(host, role) is not { } pid) continue; // it is just starting again
            await PauseAsync(pid);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 3000)), TimeProvider.System);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pid in _frozen) HostFaults.Continue(pid);
        foreach (var command in _running) await command.DisposeAsync();
        foreach (var host in _lab.Hosts) await _lab.RunAsync(host, "nft", "delete", "table", "inet", Table);
    }

    private async Task PauseAsync(int pid)
    {
        _frozen.Add(pid);
        HostFaults.Freeze(pid);
        await Task.Delay(PauseLength, TimeProvider.System);
        HostFaults.Continue(pid);
        _frozen.Remove(pid);
        Pauses++;
    }

    private async Task LosePacketsAsync(string host)
    {
        (await _lab.RunAsync(host, "nft", "add", "table", "inet", Table)).Expect(0);
        (await _lab.RunAsync(host, "nft", "add", "chain", "inet", Table, "in", "{ type filter hook input priority -300 ; }")).Expect(0);
        var percent = LossPercent.ToString(CultureInfo.InvariantCulture);
        string[] lose = ["iifname", "eth0", "numgen", "random", "mod", "100", "<", percent, "drop"];
        (await _lab.RunAsync(host, ["nft", "add", "rule", "inet", Table, "in", .. lose])).Expect(0);
    }
}
