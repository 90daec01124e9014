// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Yaml;

/// <summary>What a file may cost at most. All of them are far beyond what people write.</summary>
internal static class YamlLimits
{
    /// <summary>Most bytes of a file.</summary>
    public const int FileBytes = 1 << 20;

    /// <summary>Most values after aliases are counted as often as they are used: small files can name billions.</summary>
    public const int Values = 50_000;

    /// <summary>Deepest nesting.</summary>
    public const int Depth = 64;
}
