// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>One line of the node's list of containers.</summary>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Name">Its name, without the slash.</param>
/// <param name="ImageId">The id of its image.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StatusText">The engine's words for people, such as <c>Exited (1) 3 minutes ago</c>.</param>
/// <param name="Labels">Its labels, by ordinal name.</param>
/// <param name="Created">When it was made; whole seconds.</param>
public sealed record ContainerSummary(
    string Id,
    string Name,
    string ImageId,
    ContainerState State,
    string StatusText,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset Created);
