// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Output;

/// <summary>How results are printed: <c>-o table|wide|json|yaml|name</c>.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table = 0,

    /// <summary>For people with wide screens.</summary>
    Wide,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>Names only, one a line.</summary>
    Name,
}
