// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The contract, kept by a real Consul.</summary>
[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class RealConsulTests(SingleConsulFixture fixture) : ConsulContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) =>
        story(new ConsulBackend(fixture.Client, SingleConsulFixture.NodeName));
}

/// <summary>The contract's second part, kept by a real Consul.</summary>
[Collection(SingleConsulFixture.Collection)]
[Trait("Category", "Real")]
public sealed class RealConsulWaitingTests(SingleConsulFixture fixture) : ConsulWaitingContractTests
{
    internal override Task WithAsync(Func<ConsulBackend, Task> story) =>
        story(new ConsulBackend(fixture.Client, SingleConsulFixture.NodeName));
}
