// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>What each part of the cluster may do in Consul, as HCL. Pure.</summary>
public static class ConsulPolicies
{
    /// <summary>The managers' policy.</summary>
    public const string ManagerName = "cm-manager";

    /// <summary>The policy of requests without a token, DNS included.</summary>
    public const string AnonymousName = "cm-anonymous";

    private const string NodePrefix = "cm-node-";

    /// <summary>
    /// Managers: the cluster's keys, sessions, the catalog (dead nodes' entries), a TTL check on their own agent, the servers' quorum,
    /// and ACL, because they make the nodes' tokens. With ACL a manager's token can make any other: guard it like the management token.
    /// </summary>
    public static AclPolicy Manager { get; } = new()
    {
        Name = ManagerName,
        Description = "Cluster Manager: managers",
        Rules = """
            key_prefix "cm/" { policy = "write" }
            session_prefix "" { policy = "write" }
            service_prefix "" { policy = "write" }
            node_prefix "" { policy = "write" }
            agent_prefix "" { policy = "write" }
            operator = "write"
            acl = "write"

            """,
    };

    /// <summary>Anybody on a node: names and addresses of services and nodes, and nothing else.</summary>
    public static AclPolicy Anonymous { get; } = new()
    {
        Name = AnonymousName,
        Description = "Cluster Manager: names for everybody",
        Rules = """
            service_prefix "" { policy = "read" }
            node_prefix "" { policy = "read" }

            """,
    };

    /// <summary>
    /// One node's agents, Consul's and ours: its own node entry, services of any name (Consul cannot limit them to one's own node),
    /// and where the leading manager is.
    /// </summary>
    /// <param name="node">The node's name in Consul.</param>
    /// <exception cref="ArgumentException">The name is not made of letters, digits, '-' and '_', or longer than 100.</exception>
    public static AclPolicy Node(string node)
    {
        // It becomes part of a rule: a quote in it would be a rule of its own.
        if (string.IsNullOrEmpty(node) || node.Length > 100 || !node.All(IsNameCharacter))
            throw new ArgumentException("A node's name is made of letters, digits, '-' and '_', at most 100", nameof(node));
        return new AclPolicy
        {
            Name = NodePrefix + node,
            Description = $"Cluster Manager: node {node}",
            Rules = $$"""
                node "{{node}}" { policy = "write" }
                agent "{{node}}" { policy = "write" }
                node_prefix "" { policy = "read" }
                service_prefix "" { policy = "write" }
                key "cm/v1/lead" { policy = "read" }

                """,
        };
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
