// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Tests;

/// <summary>Seeds that showed a fault of the product once, each with its sentence (docs/simulation.md).</summary>
public static class RegressionSeeds
{
    public static TheoryData<ulong, string> All { get; } = new()
    {
        { 215, "an assignment from the disk that is older than what runs ends nothing that is wanted" },
        { 334, "after the disk's loss a container with a health check serves only when the check has passed" },
        { 803, "after the disk's loss a container with a health check serves only when the check has passed" },
        { 856, "after the disk's loss a container with a health check serves only when the check has passed" },
        { 55, "a canary does not wait for a replica that stays at the old revision and serves nobody there" },
        { 1326, "a revision that no replica ever ran is nothing to go back to, and a canary fills what is missing first" },
        { 2528, "a canary leaves what it holds back at the revision that it is, where the one before has never served" },
        { 2714, "a canary begins with the replicas that do not serve, so that what serves need not wait for them" },
        { 226, "a new rollout asks again the nodes on which the last one found its port taken by what it was just stopping" },
    };
}
