// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Progress;

/// <summary>The release that a command began: its verdict is that of all its services together.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Number">The release.</param>
internal sealed record ReleaseTarget(string Stack, int Number);
