// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

public sealed class ConsulPoliciesTests
{
    [Fact]
    public void A_nodes_policy_names_the_node_and_nothing_wider()
    {
        var policy = ConsulPolicies.Node("host-1");
        Assert.Equal("cm-node-host-1", policy.Name);
        Assert.Equal(
            """
            node "host-1" { policy = "write" }
            agent "host-1" { policy = "write" }
            node_prefix "" { policy = "read" }
            service_prefix "" { policy = "write" }
            key "cm/v1/lead" { policy = "read" }

            """,
            policy.Rules);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\" { policy = \"write\" } acl = \"write\" #")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("grüße")]
    public void A_name_that_could_be_a_rule_is_refused(string node) =>
        Assert.Throws<ArgumentException>(() => ConsulPolicies.Node(node));

    [Fact]
    public void The_anonymous_policy_only_reads_names() =>
        Assert.Equal(
            """
            service_prefix "" { policy = "read" }
            node_prefix "" { policy = "read" }

            """,
            ConsulPolicies.Anonymous.Rules);
}
