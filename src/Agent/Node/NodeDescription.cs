// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Agent.Node;

/// <summary>What this machine is, for the managers.</summary>
internal sealed record NodeDescription
{
    private const long NanoPerCpu = 1_000_000_000;

    /// <summary>Host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>For example <c>linux</c>.</summary>
    public required string Os { get; init; }

    /// <summary>In Docker's words: <c>amd64</c>, <c>arm64</c>.</summary>
    public required string Arch { get; init; }

    /// <summary>All processors, in billionths of one.</summary>
    public required long CpuNano { get; init; }

    /// <summary>All memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The engine's version; empty while it has not answered.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>This program's version.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Where published ports are reached.</summary>
    public required string AdvertiseAddress { get; init; }

    /// <summary>The kernel's release; empty while the engine has not answered.</summary>
    public required string Kernel { get; init; }

    /// <summary>Containers outlive a restart of the engine.</summary>
    public required bool LiveRestore { get; init; }

    /// <summary>1 or 2; 0: not known.</summary>
    public required int CgroupVersion { get; init; }

    /// <summary>From the engine's words, else from the runtime's.</summary>
    public static NodeDescription Of(NodeIdentity node, EngineStatus engine)
    {
        var info = engine.Info;
        return new NodeDescription
        {
            Hostname = info?.Name ?? Environment.MachineName,
            Os = info?.OsType ?? "linux",
            Arch = ArchOf(info?.Architecture),
            CpuNano = (info?.Cpus ?? Environment.ProcessorCount) * NanoPerCpu,
            MemoryBytes = info?.MemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            EngineVersion = info?.ServerVersion ?? "",
            AgentVersion = ProgramVersion.Own,
            AdvertiseAddress = node.AdvertiseAddress,
            Kernel = info?.KernelVersion ?? "",
            LiveRestore = info?.LiveRestore ?? false,
            CgroupVersion = int.TryParse(info?.CgroupVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : 0,
        };
    }

    private static string ArchOf(string? engineWord) => engineWord switch
    {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "armv7l" => "arm",
        { Length: > 0 } other => other,
        _ => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64",
    };
}
