// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What an engine says about itself and its machine. Little of it changes while the engine runs.</summary>
public sealed record EngineInfo
{
    /// <summary>The engine's own id, kept in its data directory.</summary>
    public required string Id { get; init; }

    /// <summary>The machine's host name.</summary>
    public required string Name { get; init; }

    /// <summary>The engine's version, such as <c>20.10.24</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The API version this client speaks with it, such as <c>1.41</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Processors that containers may use.</summary>
    public required int Cpus { get; init; }

    /// <summary>The machine's memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary><c>linux</c> for every engine we support.</summary>
    public required string OsType { get; init; }

    /// <summary>The distribution's name, such as <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The machine's architecture as Docker writes it, such as <c>x86_64</c> or <c>aarch64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The kernel's release.</summary>
    public required string KernelVersion { get; init; }

    /// <summary><c>1</c> or <c>2</c>; empty when the engine does not say.</summary>
    public required string CgroupVersion { get; init; }

    /// <summary>The storage driver, such as <c>overlay2</c>.</summary>
    public required string StorageDriver { get; init; }

    /// <summary>True when containers outlive a restart of the engine.</summary>
    public required bool LiveRestore { get; init; }

    /// <summary>Security features in force, such as <c>name=apparmor</c>; in the engine's order.</summary>
    public required IReadOnlyList<string> SecurityOptions { get; init; }

    /// <summary>Where the engine keeps its data.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Running containers, ours and others.</summary>
    public required int ContainersRunning { get; init; }
}
