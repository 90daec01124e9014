// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Tests;

/// <summary>Seeds that showed a fault of the product once, each with its sentence (docs/simulation.md).</summary>
public static class RegressionSeeds
{
    public static TheoryData<ulong, string> All { get; } = new()
    {
        { 46, "a rolling update that moves on all the time does not fail for its progress deadline" },
        { 72, "a rolling update that moves on all the time does not fail for its progress deadline" },
        { 2374, "a service made again under its old name does not end the discovery loop" },
        { 2886, "a service made again under its old name does not end the discovery loop" },
        { 1255, "a revision does not fail for the constraint of the revision before it" },
    };
}
