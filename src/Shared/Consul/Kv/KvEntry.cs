// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace ClusterManager.Consul;

/// <summary>One key with its value and the numbers that order its life.</summary>
public sealed record KvEntry
{
    /// <summary>The key, not encoded.</summary>
    public string Key { get; init; } = "";

    /// <summary>The value; empty when it is empty, and in the results of writes, which do not repeat it.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "The bytes are read once and handed on; a copy per access would cost.")]
    public byte[] Value { get; init => field = value ?? []; } = [];

    /// <summary>A number of the writer's own choice.</summary>
    public ulong Flags { get; init; }

    /// <summary>The index at which the key was created.</summary>
    public ulong CreateIndex { get; init; }

    /// <summary>The index of the last change: what a cas compares.</summary>
    public ulong ModifyIndex { get; init; }

    /// <summary>How often the key was locked in its life: the fencing token, larger with each holder.</summary>
    public ulong LockIndex { get; init; }

    /// <summary>The session that holds the lock; null when nobody does.</summary>
    public string? Session { get; init => field = string.IsNullOrEmpty(value) ? null : value; }
}
