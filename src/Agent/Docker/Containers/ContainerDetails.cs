// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>A container as the engine sees it at one moment.</summary>
public sealed record ContainerDetails
{
    /// <summary>The engine's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, without the slash that the engine puts in front.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its image.</summary>
    public required string ImageId { get; init; }

    /// <summary>The image as it was asked for.</summary>
    public required string Image { get; init; }

    /// <summary>Its labels, the image's included, by ordinal name.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Where it stands.</summary>
    public required ContainerState State { get; init; }

    /// <summary>The exit code of its last run; 0 while it has not ended.</summary>
    public required int ExitCode { get; init; }

    /// <summary>True when the kernel killed it (or a process of it) for want of memory.</summary>
    public required bool OutOfMemory { get; init; }

    /// <summary>Why its last start failed; empty when it did not.</summary>
    public required string Error { get; init; }

    /// <summary>The process id of its first process on the node; 0 while it does not run.</summary>
    public required int Pid { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last started; null before the first start.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it last ended; null before the first end. Of a very short run Engine 20.10 may tell an end before the start.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>What its health check found.</summary>
    public required ContainerHealth Health { get; init; }

    /// <summary>Failed checks in a row.</summary>
    public required int HealthFailures { get; init; }

    /// <summary>The last checks, oldest first.</summary>
    public required IReadOnlyList<HealthProbe> HealthLog { get; init; }

    /// <summary>True when it has a terminal, so that its output is one stream.</summary>
    public required bool Tty { get; init; }

    /// <summary>Its address in each network it joined, by the network's name; empty text while it does not run.</summary>
    public required IReadOnlyDictionary<string, string> Addresses { get; init; }

    /// <summary>What is really published at the host now: one entry per host address, empty while it does not run.</summary>
    public required IReadOnlyList<PortBinding> Ports { get; init; }
}
