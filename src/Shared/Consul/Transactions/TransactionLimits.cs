// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What one transaction may hold. Consul's own defaults; a larger one is refused before it is sent.</summary>
public static class TransactionLimits
{
    /// <summary>Operations.</summary>
    public const int OperationCountMax = 64;

    /// <summary>Bytes of the whole JSON body, in which values are base64: four bytes for three.</summary>
    public const int BodyBytesMax = 512 * 1024;
}
