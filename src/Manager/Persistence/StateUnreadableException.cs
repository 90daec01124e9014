// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Persistence;

/// <summary>A stored value cannot be read: the manager does not lead rather than guess.</summary>
/// <param name="key">The key in Consul.</param>
/// <param name="problem">What is wrong with its value.</param>
public sealed class StateUnreadableException(string key, string problem) : Exception($"The state's key '{key}' cannot be read: {problem}.");
