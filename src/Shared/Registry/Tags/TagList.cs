// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>The tags of a repository.</summary>
/// <param name="Registry">Which registry or mirror answered.</param>
/// <param name="Tags">The tags in the registry's order, each once; what is no tag by its form is left out.</param>
/// <param name="IsComplete">False when there are more than were asked for.</param>
public sealed record TagList(string Registry, IReadOnlyList<string> Tags, bool IsComplete);
