// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Yaml;

/// <summary>The text is no YAML that can be read: nothing more can be said about it than this one thing.</summary>
internal sealed class YamlProblemException(Position at, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public Position At { get; } = at;
}
