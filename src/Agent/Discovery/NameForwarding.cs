// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using ClusterManager.Agent.Node;
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Discovery;

/// <summary>
/// Leads port 53 of the containers' gateway to the node's Consul, so that names resolve without a resolver of their own: one nftables
/// table,
/// replaced whole, applied again at start and when the gateway changes. A failure is logged and tried again; it stops nothing.
/// </summary>
/// <param name="dnsPort">The port of the node's Consul at <see cref="DnsAddress"/>.</param>
/// <param name="gateway">The gateway of the containers' network, once known.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">For failures.</param>
internal sealed partial class NameForwarding(int dnsPort, Func<string?> gateway, AgentClock clock, ILogger<NameForwarding> logger)
{
    /// <summary>The link-local address that only this node knows; Consul's DNS listens on it.</summary>
    public const string DnsAddress = "169.254.20.10";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UntilGateway = TimeSpan.FromMilliseconds(500);
    private string? _problem;

    /// <summary>Why names do not resolve in containers; null: they do, or the network is not there yet.</summary>
    public string? Problem => _problem;

    /// <summary>Runs until cancelled; the rules stay.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var address = gateway();
            if (IPAddress.TryParse(address, out var parsed)) await ApplyAsync(Rules(parsed, dnsPort), cancellationToken);
            await Task.Delay(address is null ? UntilGateway : Interval, clock.Provider, cancellationToken);
        }
    }

    /// <summary>
    /// The table as a script for <c>nft -f -</c>. Pure. Declaring it first makes the deletion succeed also the first time.
    /// </summary>
    public static string Rules(IPAddress gateway, int port) => $$"""
        table ip cluster_manager
        delete table ip cluster_manager
        table ip cluster_manager {
          chain prerouting {
            type nat hook prerouting priority dstnat - 10; policy accept;
            ip daddr {{gateway}} udp dport 53 dnat to {{DnsAddress}}:{{port}}
            ip daddr {{gateway}} tcp dport 53 dnat to {{DnsAddress}}:{{port}}
          }
          chain output {
            type nat hook output priority -110; policy accept;
            ip daddr {{gateway}} udp dport 53 dnat to {{DnsAddress}}:{{port}}
            ip daddr {{gateway}} tcp dport 53 dnat to {{DnsAddress}}:{{port}}
          }
        }

        """;

    private async Task ApplyAsync(string rules, CancellationToken cancellationToken)
    {
        var problem = await RunNftAsync(rules, cancellationToken);
        if (problem == _problem) return;
        _problem = problem;
        if (problem is null) LogApplied(logger);
        else LogFailed(logger, problem);
    }

    private async Task<string?> RunNftAsync(string rules, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, clock.Provider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var start = new ProcessStartInfo("nft") { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("-f");
        start.ArgumentList.Add("-");
        try
        {
            using var process = Process.Start(start);
            if (process is null) return "nft did not start";
            await process.StandardInput.WriteAsync(rules.AsMemory(), both.Token);
            process.StandardInput.Close();
            var errors = await process.StandardError.ReadToEndAsync(both.Token);
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0 ? null : $"nft: {errors.ReplaceLineEndings(" ").Trim()}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"nft did not end within {Patience.TotalSeconds} s";
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            return $"nft can not be run: {error.Message}";
        }
    }

    [LoggerMessage(EventIds.AgentNetworking, LogLevel.Information, "Containers resolve names by the node's Consul",
        EventName = "NamesForwarded")]
    private static partial void LogApplied(ILogger logger);

    [LoggerMessage(EventIds.AgentNetworking + 1, LogLevel.Error, "Containers do not resolve names: {Problem}",
        EventName = "NamesNotForwarded")]
    private static partial void LogFailed(ILogger logger, string problem);
}
