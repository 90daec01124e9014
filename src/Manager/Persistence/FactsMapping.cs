// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>A node's facts to and from their message.</summary>
internal static class FactsMapping
{
    public static V1.NodeFacts ToWire(NodeFacts facts) => new()
    {
        Hostname = facts.Hostname, Os = facts.Os, Arch = facts.Arch, CpuNano = facts.CpuNano, MemoryBytes = facts.MemoryBytes,
        EngineVersion = facts.EngineVersion, AgentVersion = facts.AgentVersion, AdvertiseAddress = facts.AdvertiseAddress,
        Kernel = facts.Kernel,
        LiveRestore = facts.LiveRestore, CgroupVersion = facts.CgroupVersion,
    };

    public static NodeFacts ToModel(V1.NodeFacts wire) => new()
    {
        Hostname = wire.Hostname, Os = wire.Os, Arch = wire.Arch, CpuNano = wire.CpuNano, MemoryBytes = wire.MemoryBytes,
        EngineVersion = wire.EngineVersion, AgentVersion = wire.AgentVersion, AdvertiseAddress = wire.AdvertiseAddress,
        Kernel = wire.Kernel,
        LiveRestore = wire.LiveRestore, CgroupVersion = wire.CgroupVersion,
    };
}
