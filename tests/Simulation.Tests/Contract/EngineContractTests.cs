// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Tests.Contract;

/// <summary>The simulated engine keeps the contract.</summary>
public sealed class SimulatedEngineContractTests : EngineContract
{
    internal override IEngineUnderTest Engine { get; } = new SimulatedEngineUnderTest();
}

/// <summary>A real engine keeps the contract.</summary>
[Trait("Category", "Real")]
public sealed class RealEngineContractTests(RealEngineUnderTest real) : EngineContract, IClassFixture<RealEngineUnderTest>
{
    internal override IEngineUnderTest Engine => real;
}
