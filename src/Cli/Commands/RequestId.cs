// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace ClusterManager.Cli.Commands;

/// <summary>Names one change: the same in every try of it, so that a lost answer does not make it happen twice.</summary>
internal static class RequestId
{
    /// <summary>A new one: 128 random bits.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
