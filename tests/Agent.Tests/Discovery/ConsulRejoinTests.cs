// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Discovery;
using ClusterManager.Consul;

namespace ClusterManager.Agent.Tests.Discovery;

/// <summary>Where this node's Consul is told to join after a cut.</summary>
public sealed class ConsulRejoinTests
{
    private static readonly AgentMember[] Pool =
    [
        new() { Name = "h1", Address = "10.0.0.11", Port = 8301, Status = MemberStatus.Failed },
        new() { Name = "h2", Address = "10.0.0.12", Port = 9301, Status = MemberStatus.Alive },
        new() { Name = "h3", Address = "fd00::3", Port = 8301, Status = MemberStatus.Failed },
        new() { Name = "h4", Address = "10.0.0.14", Port = 8301, Status = MemberStatus.Left },
    ];

    [Theory]
    [InlineData("10.0.0.11:7443", "10.0.0.11:8301")]
    [InlineData("[fd00::3]:7443", "[fd00::3]:8301")]
    public void A_managers_machine_that_gossip_takes_for_failed_is_joined(string manager, string target) =>
        Assert.Equal(target, ConsulRejoin.Target(manager, Pool, isTakenForFailed: false));

    [Fact]
    public void So_is_one_whose_servers_take_this_node_for_failed() =>
        Assert.Equal("10.0.0.12:9301", ConsulRejoin.Target("10.0.0.12:7443", Pool, isTakenForFailed: true));

    [Theory]
    [InlineData("10.0.0.12:7443")] // answers
    [InlineData("10.0.0.14:7443")] // has gone on purpose
    [InlineData("10.0.0.99:7443")] // was never there
    [InlineData("nonsense")]
    public void Nothing_else_is(string manager) => Assert.Null(ConsulRejoin.Target(manager, Pool, isTakenForFailed: false));
}
