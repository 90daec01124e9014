// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What a node is, as its agent found it.</summary>
public sealed record NodeFacts
{
    /// <summary>Host name of the machine.</summary>
    public required string Hostname { get; init; }

    /// <summary>For example <c>linux</c>.</summary>
    public required string Os { get; init; }

    /// <summary>For example <c>amd64</c>.</summary>
    public required string Arch { get; init; }

    /// <summary>All CPUs in billionths of a core.</summary>
    public required long CpuNano { get; init; }

    /// <summary>All memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Docker Engine's version.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>The agent's version.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>Address where published ports are reached.</summary>
    public string AdvertiseAddress { get; init; } = "";

    /// <summary>Kernel release.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The engine keeps containers when it restarts.</summary>
    public bool LiveRestore { get; init; }

    /// <summary>1 or 2; 0: not known.</summary>
    public int CgroupVersion { get; init; }
}
