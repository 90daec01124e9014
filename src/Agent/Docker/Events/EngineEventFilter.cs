// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Which events are wanted. Values of one list are alternatives (labels: all must hold); an empty list asks for nothing.</summary>
public sealed record EngineEventFilter
{
    /// <summary>No filter.</summary>
    public static EngineEventFilter All { get; } = new();

    /// <summary>Types of objects, such as <c>container</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Actions, such as <c>die</c>.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Labels as <c>name</c> or <c>name=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
