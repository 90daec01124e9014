// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Variables;

/// <summary>A text with variables is malformed, or a required variable is missing. The message is for the user.</summary>
internal sealed class InterpolationException(string message) : Exception(message);
