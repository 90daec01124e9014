// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What a read answered.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Index">The index it is valid for, to continue a blocking query from; 0 when Consul gave none.</param>
/// <param name="KnownLeader">False when the answering server knew no leader: the value may be old.</param>
public sealed record ConsulAnswer<T>(T Value, ulong Index, bool KnownLeader);
