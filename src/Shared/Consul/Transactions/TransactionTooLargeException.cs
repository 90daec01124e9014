// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>
/// A transaction beyond <see cref="TransactionLimits"/> was built: an error of the program, since turns are cut to fit. Nothing was sent.
/// </summary>
/// <param name="operationCount">Its operations.</param>
/// <param name="bodyBytes">Its body, in bytes; 0 when there were too many operations to write one.</param>
public sealed class TransactionTooLargeException(int operationCount, int bodyBytes) : InvalidOperationException(
    $"A transaction of {operationCount} operations and {bodyBytes} bytes exceeds " +
    $"{TransactionLimits.OperationCountMax} operations or {TransactionLimits.BodyBytesMax} bytes")
{
    /// <summary>Its operations.</summary>
    public int OperationCount { get; } = operationCount;

    /// <summary>Its body, in bytes; 0 when there were too many operations to write one.</summary>
    public int BodyBytes { get; } = bodyBytes;
}
