// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>Why an allocation does not run: the code, and the sentence with numbers and names that an operator reads.</summary>
/// <param name="Code">Machine-readable cause.</param>
/// <param name="Text">One sentence without a full stop; no secrets.</param>
internal sealed record Reason(ReasonCode Code, string Text);
