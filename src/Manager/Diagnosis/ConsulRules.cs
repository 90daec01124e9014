// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul.Provisioning;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>What a node's Consul should be like, and why: docs/consul.md. Pure.</summary>
internal static class ConsulRules
{
    // Check, setting in Consul's own words, the value wanted, and what depends on it. A setting that a version does not show is left out.
    private static readonly (string Check, string Setting, string Wanted, string Why)[] Settings =
    [
        ("consul-gossip", "GossipLANProbeInterval", "500ms", "how fast a dead node is noticed"),
        ("consul-gossip", "GossipLANProbeTimeout", "250ms", "how fast a dead node is noticed"),
        ("consul-gossip", "GossipLANSuspicionMult", "3", "how fast a dead node is given up"),
        ("consul-acl", "ACLsEnabled", "true", "nobody else may write the cluster's state"),
        ("consul-acl", "ACLDefaultPolicy", "deny", "nobody else may write the cluster's state"),
        ("consul-encryption", "EncryptVerifyIncoming", "true", "gossip is encrypted"),
        ("consul-encryption", "EncryptVerifyOutgoing", "true", "gossip is encrypted"),
        ("consul-encryption", "VerifyServerHostname", "true", "no client's certificate can pose as a server"),
        ("consul-leave", "LeaveOnTerm", "false", "a server that restarts keeps its vote"),
    ];

    /// <summary>Judges one node's Consul.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="consul">What it says; null: it was not asked.</param>
    /// <param name="isOurs">We wrote its configuration; else only its health is judged.</param>
    public static IEnumerable<V1.Finding> Judge(string node, V1.ConsulInspection? consul, bool isOurs)
    {
        if (consul is null) yield break;
        if (!consul.Answers)
        {
            yield return Found.Alarm("consul", node, $"does not answer: {consul.Problem}", "answers",
                $"on {node}: cluster host start consul; its output is in log/consul.out");
            yield break;
        }

        yield return consul.Leader.Length > 0 ? Found.Ok("consul", node, $"{consul.Version}, {(consul.Server ? "server" : "client")}")
            : Found.Alarm("consul", node, "knows of no leader among its servers", "a leader",
                "cluster node ls: a majority of the Consul servers must run and be reachable on TCP 8300 and 8301");
        if (ConsulVersion.TryParse(consul.Version, out var version) && version < ConsulVersion.Needed)
            yield return Found.Alarm("consul-version", node, consul.Version, $"{ConsulVersion.Needed} or newer",
                $"on {node}: upgrade Consul");
        if (!isOurs) yield break;
        foreach (var finding in JudgeSettings(node, consul)) yield return finding;
    }

    private static IEnumerable<V1.Finding> JudgeSettings(string node, V1.ConsulInspection consul)
    {
        foreach (var group in Settings.GroupBy(one => one.Check, StringComparer.Ordinal))
        {
            var wrong = group.Where(one => consul.Settings.TryGetValue(one.Setting, out var value)
                && !value.Equals(one.Wanted, StringComparison.OrdinalIgnoreCase)).ToList();
            foreach (var one in wrong)
                yield return Found.Alarm(group.Key, node, $"{one.Setting} is {consul.Settings[one.Setting]}", $"{one.Wanted}: {one.Why}",
                    $"on {node}: mend consul/config.json below the data directory, then: cluster host restart consul");
            if (wrong.Count == 0 && group.Any(one => consul.Settings.ContainsKey(one.Setting)))
                yield return Found.Ok(group.Key, node, "as it was set up");
        }
    }
}
