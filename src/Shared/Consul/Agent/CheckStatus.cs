// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>What a check says.</summary>
[JsonConverter(typeof(CheckStatusConverter))]
public enum CheckStatus
{
    /// <summary>Not well: hidden from DNS and from passing-only queries.</summary>
    Critical,

    /// <summary>Well, with a doubt: still answered by DNS.</summary>
    Warning,

    /// <summary>Well.</summary>
    Passing,

    /// <summary>The node or service is in maintenance; Consul reports it, nobody sets it here.</summary>
    Maintenance,
}
