// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>What a watch reports: news, or that Consul does not answer.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract record WatchEvent<T>
{
    private WatchEvent()
    {
    }

    /// <summary>A first or newer answer. The value can equal the one before: Consul's index also moves for other reasons.</summary>
    /// <param name="Answer">The answer.</param>
    public sealed record News(ConsulAnswer<T> Answer) : WatchEvent<T>;

    /// <summary>
    /// A query failed; what was last seen may be old. The watch pauses and reads afresh: the first answer is news, changed or not.
    /// </summary>
    /// <param name="Error">Why.</param>
    /// <param name="FailureCount">Failures in a row, from 1.</param>
    /// <param name="RetryIn">The pause before the next query.</param>
    public sealed record Failed(ConsulException Error, int FailureCount, TimeSpan RetryIn) : WatchEvent<T>;
}
