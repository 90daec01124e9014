// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>How the cluster proves itself to one registry. The password is sealed by the cluster key; nothing here opens it.</summary>
public sealed record RegistryLoginRecord
{
    /// <summary>The registry as images name it, host and port.</summary>
    public required string Registry { get; init; }

    /// <summary>The user's name; empty where a helper says it.</summary>
    public required string Username { get; init; }

    /// <summary>The sealed password; empty where a helper gives it.</summary>
    public ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>The program on the managers that gives a short-lived credential; empty: the password is stored.</summary>
    public string Helper { get; init; } = "";

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
