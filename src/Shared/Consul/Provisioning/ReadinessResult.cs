// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul.Provisioning;

/// <summary>Whether a Consul is ready.</summary>
/// <param name="IsReady">True when it is.</param>
/// <param name="Reason">What was still missing at the end, for people; empty when nothing.</param>
public sealed record ReadinessResult(bool IsReady, string Reason);
