// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>The requests of a streaming call.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more requests follow (half-close). Call it once, after the last write is done.</summary>
    Task CompleteAsync();
}
