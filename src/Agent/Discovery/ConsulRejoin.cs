// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Node;
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Discovery;

/// <summary>
/// After a cut, gossip finds its way back by itself within some 15 s; until then this node's names are hidden from the others. Whenever a
/// session is established its manager's machine is known to be reachable: as long as either side's Consul takes the other for failed,
/// this node's is told to join it. One join is not enough: by it each side learns only that the other holds it for dead, and after half a
/// minute of death nobody gossips to it any more (memberlist's GossipToTheDeadTime); the next join carries both denials.
/// </summary>
/// <param name="consul">This node's Consul agent.</param>
/// <param name="node">This node's name in Consul.</param>
/// <param name="manager">The manager of the session, <c>host:port</c>; empty: there is none.</param>
/// <param name="clock">Paces the tries.</param>
/// <param name="logger">Told of each join.</param>
internal sealed partial class ConsulRejoin(
    ConsulClient consul, string node, LatestValue<string> manager, AgentClock clock, ILogger<ConsulRejoin> logger)
{
    private const string GossipCheck = "serfHealth";
    private const int TriesMax = 40;

    // Gossip may notice a short cut only when it is over.
    private const int WellNeeded = 3;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var managers = manager.Subscribe();
        while (true)
        {
            var address = await managers.NextAsync(cancellationToken);
            var foundWell = 0;
            for (var tries = 0; tries < TriesMax && foundWell < WellNeeded && manager.Current == address && address.Length > 0; tries++)
            {
                var isWell = await IsWellAsync(address, cancellationToken);
                foundWell = isWell ? foundWell + 1 : 0;
                await Task.Delay(isWell ? Again : Retry, clock.Provider, cancellationToken);
            }
        }
    }

    /// <summary>Where to join, <c>host:port</c>; null: gossip is well, or the manager's machine is not in the pool. Pure.</summary>
    /// <param name="managerAddress">The manager's, <c>host:port</c>.</param>
    /// <param name="members">The pool as this node's Consul sees it.</param>
    /// <param name="isTakenForFailed">The servers take this node for failed.</param>
    public static string? Target(string managerAddress, IEnumerable<AgentMember> members, bool isTakenForFailed)
    {
        var host = managerAddress[..Math.Max(managerAddress.LastIndexOf(':'), 0)].Trim('[', ']');
        var member = members.FirstOrDefault(member => member.Address == host);
        if (member is null || !(member.Status == MemberStatus.Failed || (isTakenForFailed && member.Status == MemberStatus.Alive)))
            return null;
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{member.Port}" : $"{host}:{member.Port}";
    }

    /// <summary>True when nothing is left to be done; else a join was tried, and whether it helped is seen at the next try.</summary>
    private async Task<bool> IsWellAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            var members = await consul.Agent.GetMembersAsync(cancellationToken);
            if (Target(address, members, await IsTakenForFailedAsync(cancellationToken)) is not { } target) return true;
            await consul.Agent.JoinAsync(target, cancellationToken);
            LogJoined(logger, target);
        }
        catch (ConsulException error)
        {
            LogNotJoined(logger, error.Message);
        }

        return false;
    }

    // Who cannot ask the servers has not found them: that the manager's machine answers gossip says nothing then.
    private async Task<bool> IsTakenForFailedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var checks = await consul.Health.GetNodeAsync(node, ReadOptions.Stale, cancellationToken);
            return checks.Value.Any(check => check.Id == GossipCheck && check.Status == CheckStatus.Critical);
        }
        catch (ConsulException)
        {
            return true;
        }
    }

    [LoggerMessage(EventIds.AgentDiscovery + 20, LogLevel.Information, "This node's Consul was told to join {Address} again",
        EventName = "ConsulRejoined")]
    private static partial void LogJoined(ILogger logger, string address);

    [LoggerMessage(EventIds.AgentDiscovery + 21, LogLevel.Information, "This node's Consul could not join again: {Problem}",
        EventName = "ConsulNotRejoined")]
    private static partial void LogNotJoined(ILogger logger, string problem);
}
