// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Inspection;

/// <summary>Looks at the node's Consul with the node's own token.</summary>
/// <param name="consul">The client.</param>
internal sealed class ConsulInspector(ConsulClient consul)
{
    // Those that docs/consul.md gives reasons for; which values are right, the manager judges.
    private static readonly string[] Settings =
    [
        "GossipLANProbeInterval", "GossipLANProbeTimeout", "GossipLANSuspicionMult", "ACLsEnabled", "ACLDefaultPolicy",
        "EncryptVerifyIncoming", "EncryptVerifyOutgoing", "VerifyServerHostname", "LeaveOnTerm",
    ];

    /// <summary>What it says; a Consul that does not answer is an answer.</summary>
    public async Task<ConsulInspection> InspectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var self = await consul.Agent.GetSelfAsync(cancellationToken);
            var found = new ConsulInspection { Answers = true, Version = self.Version, Server = self.Server };
            foreach (var (name, value) in await consul.Agent.GetSettingsAsync(Settings, cancellationToken)) found.Settings[name] = value;
            found.Leader = await LeaderAsync(cancellationToken);
            return found;
        }
        catch (ConsulException error)
        {
            return new ConsulInspection { Problem = error.Text };
        }
        catch (OperationCanceledException)
        {
            return new ConsulInspection { Problem = "it did not answer in time" };
        }
    }

    // A client that reaches no server answers with an error.
    private async Task<string> LeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await consul.Operator.GetLeaderAsync(cancellationToken);
        }
        catch (ConsulException)
        {
            return "";
        }
    }
}
