// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.State;

/// <summary>Why something does not run: the code, and the sentence with numbers and names that an operator reads.</summary>
/// <param name="Code">Machine-readable cause.</param>
/// <param name="Text">One sentence without a full stop; no secrets.</param>
public sealed record Reason(ReasonCode Code, string Text);
