// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Shorter ways to read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Waits for the next message without a token.</summary>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> reader)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.MoveNext(CancellationToken.None);
    }

    /// <summary>All remaining messages.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        while (await reader.MoveNext(cancellationToken))
            yield return reader.Current;
    }
}
