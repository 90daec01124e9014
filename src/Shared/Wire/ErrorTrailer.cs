// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Wire;

/// <summary>Where a refused call carries its machine-readable part, beside the gRPC status.</summary>
public static class ErrorTrailer
{
    /// <summary>The trailer whose value is one <see cref="V1.ErrorDetail"/>.</summary>
    public const string Name = "cluster-error-bin";
}
