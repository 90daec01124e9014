// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Node;
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Discovery;

/// <summary>
/// After a cut, gossip finds its way back by itself within some 15 s; until then this node's names are hidden from the others. Whenever a
/// session is established its manager's machine is known to be reachable: if this node's Consul still takes that machine for failed it is
/// told to join it, which tells both sides at once.
/// </summary>
internal sealed partial class ConsulRejoin(
    ConsulClient consul, LatestValue<string> manager, AgentClock clock, ILogger<ConsulRejoin> logger)
{
    private const int TriesMax = 20;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var managers = manager.Subscribe();
        while (true)
        {
            var address = await managers.NextAsync(cancellationToken);
            for (var tries = 0; tries < TriesMax && manager.Current == address; tries++)
            {
                if (address.Length == 0 || await TryAsync(address, cancellationToken)) break;
                await Task.Delay(Retry, clock.Provider, cancellationToken);
            }
        }
    }

    /// <summary>Where to join, <c>host:port</c>; null: gossip is well, or the manager's machine was never in the pool. Pure.</summary>
    /// <param name="managerAddress">The manager's, <c>host:port</c>.</param>
    /// <param name="members">The pool as this node's Consul sees it.</param>
    public static string? Target(string managerAddress, IEnumerable<AgentMember> members)
    {
        var host = managerAddress[..Math.Max(managerAddress.LastIndexOf(':'), 0)].Trim('[', ']');
        var member = members.FirstOrDefault(member => member.Address == host);
        if (member is not { Status: MemberStatus.Failed }) return null;
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{member.Port}" : $"{host}:{member.Port}";
    }

    /// <summary>True when nothing is left to be done.</summary>
    private async Task<bool> TryAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            if (Target(address, await consul.Agent.GetMembersAsync(cancellationToken)) is not { } target) return true;
            await consul.Agent.JoinAsync(target, cancellationToken);
            LogJoined(logger, target);
            return true;
        }
        catch (ConsulException error)
        {
            LogNotJoined(logger, error.Message);
            return false;
        }
    }

    [LoggerMessage(EventIds.AgentDiscovery + 20, LogLevel.Information, "This node's Consul was told to join {Address} again",
        EventName = "ConsulRejoined")]
    private static partial void LogJoined(ILogger logger, string address);

    [LoggerMessage(EventIds.AgentDiscovery + 21, LogLevel.Information, "This node's Consul could not join again: {Problem}",
        EventName = "ConsulNotRejoined")]
    private static partial void LogNotJoined(ILogger logger, string problem);
}
